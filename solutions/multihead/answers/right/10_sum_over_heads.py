# %%
# No concatenation at all: Concat(head_1, ..., head_h) W^O is the sum of head_j times its own rows of W^O.
class MultiHeadAttention(keras.layers.Layer):
    def __init__(self, dim, num_heads, dropout=0.0, use_bias=True, **kwargs):
        super().__init__(**kwargs)
        self.num_heads = num_heads
        self.use_bias = use_bias
        self.width = dim // num_heads
        self.wq = keras.layers.Dense(dim, use_bias=use_bias)
        self.wk = keras.layers.Dense(dim, use_bias=use_bias)
        self.wv = keras.layers.Dense(dim, use_bias=use_bias)
        self.wo = keras.layers.Dense(dim, use_bias=use_bias)
        for part in (self.wq, self.wk, self.wv, self.wo):
            part.build((None, dim))  # dim is known, so the weights can be made at once
        self.drop = keras.layers.Dropout(dropout)

    def narrow(self, part, x, j):
        columns = slice(j * self.width, (j + 1) * self.width)
        y = ops.matmul(x, part.kernel[:, columns])
        if self.use_bias:
            y = y + part.bias[columns]
        return y

    def one_head(self, j, query, key_value, mask, training):
        q = self.narrow(self.wq, query, j)
        k = self.narrow(self.wk, key_value, j)
        v = self.narrow(self.wv, key_value, j)
        scores = ops.einsum("bqe,bke->bqk", q, k) / ops.sqrt(float(self.width))
        if mask is not None:
            mask = ops.convert_to_tensor(mask)
            if len(mask.shape) == 4:
                mask = mask[:, j] if mask.shape[1] > 1 else mask[:, 0]
            scores = ops.where(ops.not_equal(ops.cast(mask, "float32"), 0.0), scores, -1e9)
        weights = ops.softmax(scores, axis=-1)
        blend = ops.matmul(self.drop(weights, training=training), v)
        rows = slice(j * self.width, (j + 1) * self.width)
        return ops.matmul(blend, self.wo.kernel[rows]), weights

    def call(self, query, key_value=None, mask=None, return_weights=False, training=None):
        if key_value is None:
            key_value = query
        parts = [self.one_head(j, query, key_value, mask, training) for j in range(self.num_heads)]
        output = sum(part for part, _ in parts)
        if self.use_bias:
            output = output + self.wo.bias
        if return_weights:
            return output, ops.stack([w for _, w in parts], axis=1)
        return output


# %%
def split_heads(x, num_heads):
    B, T, D = x.shape
    E = D // num_heads
    index = np.arange(D).reshape(num_heads, E)  # row j: the features of head j
    y = ops.take(x, index, axis=2)  # (B, T, h, E)
    return ops.transpose(y, [0, 2, 1, 3])


# %%
def merge_heads(x):
    pieces = [x[:, j] for j in range(x.shape[1])]
    return ops.concatenate(pieces, axis=2)


# %%
def figure():
    sides = np.array([32, 64, 112, 224, 448], dtype=np.float64)
    answer = {}
    for key, tokens in (("pixel_bytes", sides**2), ("patch_bytes", (sides / 16) ** 2)):
        answer[key] = np.float32(4) * tokens**2
    A = np.stack([np.log(sides), np.ones(5)], axis=1)
    B = np.log(np.stack([answer["pixel_bytes"], answer["patch_bytes"]], axis=1))
    answer["slopes"] = np.linalg.lstsq(A, B, rcond=None)[0][0]
    answer["answer_1"] = 2 * 768
    answer["answer_2"] = [1, 2, 2, 0]
    return answer
