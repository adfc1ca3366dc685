# %%
def split_heads(x, num_heads):
    batch, tokens, dim = x.shape
    x = ops.reshape(x, (batch, tokens, num_heads, dim // num_heads))
    x = ops.transpose(x, (0, 2, 1, 3))
    return x


# %%
def merge_heads(x):
    batch, heads, tokens, width = x.shape
    x = ops.transpose(x, (0, 2, 1, 3))
    x = ops.reshape(x, (batch, tokens, heads * width))
    return x


# %%
class MultiHeadAttention(keras.layers.Layer):
    def __init__(self, dim, num_heads, dropout=0.0, use_bias=True, **kwargs):
        super().__init__(**kwargs)
        self.dim = dim
        self.num_heads = num_heads
        self.head_dim = dim // num_heads
        self.wq = keras.layers.Dense(dim, use_bias=use_bias)
        self.wk = keras.layers.Dense(dim, use_bias=use_bias)
        self.wv = keras.layers.Dense(dim, use_bias=use_bias)
        self.wo = keras.layers.Dense(dim, use_bias=use_bias)
        self.dropout = keras.layers.Dropout(dropout)

    def call(self, query, key_value=None, mask=None, return_weights=False, training=None):
        if key_value is None:
            key_value = query

        q = self.wq(query)  # (B, Tq, D)
        k = self.wk(key_value)  # (B, Tk, D)
        v = self.wv(key_value)  # (B, Tk, D)

        q = split_heads(q, self.num_heads)  # (B, h, Tq, E)
        k = split_heads(k, self.num_heads)
        v = split_heads(v, self.num_heads)

        scores = q @ ops.transpose(k, (0, 1, 3, 2))  # (B, h, Tq, Tk)
        scores = scores / self.head_dim**0.5
        if mask is not None:
            scores = ops.where(ops.cast(mask, "bool"), scores, -1e9)
        weights = ops.softmax(scores, axis=-1)

        blends = self.dropout(weights, training=training) @ v  # (B, h, Tq, E)
        output = self.wo(merge_heads(blends))

        if return_weights:
            return output, weights
        return output


# %%
def permutation_gap(layer, x, perm):
    shuffled_first = layer(ops.take(x, perm, axis=1))
    shuffled_last = ops.take(layer(x), perm, axis=1)
    return float(ops.max(ops.abs(shuffled_first - shuffled_last)))


# %%
def attention_cost(num_tokens, dim, num_heads):
    params = 4 * (dim * dim + dim)
    score_entries = num_heads * num_tokens * num_tokens
    projections = 4 * num_tokens * dim * dim
    inside = 2 * num_tokens * num_tokens * dim
    return {"params": params, "score_entries": score_entries, "flops": projections + inside}


# %%
def train_reverser(data, seed):
    (x, y), (x_unseen, y_unseen) = data
    keras.utils.set_random_seed(seed)
    model = build_reverser()
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=0.005),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    history = model.fit(x, y, batch_size=64, epochs=6, validation_data=(x_unseen, y_unseen), verbose=0)
    return model, history


# %%
def figure():
    sides = [32, 64, 112, 224, 448]
    pixel_bytes = []
    patch_bytes = []
    for side in sides:
        pixel_bytes.append(4 * attention_cost(side * side, 64, 1)["score_entries"])
        patch_bytes.append(4 * attention_cost((side // 16) * (side // 16), 64, 1)["score_entries"])
    slope_pixel = np.polyfit(np.log(sides), np.log(pixel_bytes), 1)[0]
    slope_patch = np.polyfit(np.log(sides), np.log(patch_bytes), 1)[0]
    return {
        "pixel_bytes": np.array(pixel_bytes),
        "patch_bytes": np.array(patch_bytes),
        "slopes": np.array([slope_pixel, slope_patch]),
        "answer_1": 1536,
        "answer_2": [1, 2, 2, 0],
    }
