# %%
# The old trick: make the heads a part of the batch, so that everything stays three-dimensional.
def heads_to_batch(x, h):  # (B, T, D) -> (B*h, T, E)
    B, T, D = x.shape
    x = ops.reshape(x, (B, T, h, D // h))
    x = ops.transpose(x, (0, 2, 1, 3))
    return ops.reshape(x, (B * h, T, D // h))


def batch_to_heads(x, h):  # (B*h, T, E) -> (B, T, D)
    Bh, T, E = x.shape
    x = ops.reshape(x, (Bh // h, h, T, E))
    x = ops.transpose(x, (0, 2, 1, 3))
    return ops.reshape(x, (Bh // h, T, h * E))


# %%
def split_heads(x, num_heads):
    y = heads_to_batch(x, num_heads)
    return ops.reshape(y, (x.shape[0], num_heads) + tuple(y.shape[1:]))


# %%
def merge_heads(x):
    B, h, T, E = x.shape
    return batch_to_heads(ops.reshape(x, (B * h, T, E)), h)


# %%
class MultiHeadAttention(keras.layers.Layer):
    def __init__(self, dim, num_heads, dropout=0.0, use_bias=True, **kwargs):
        super().__init__(**kwargs)
        self.dim, self.num_heads, self.rate, self.use_bias = dim, num_heads, dropout, use_bias
        self.dropout = keras.layers.Dropout(dropout)
        self.softmax = keras.layers.Softmax(axis=-1)

    def build(self, input_shape):
        # the four layers are made late
        self.wq = keras.layers.Dense(self.dim, use_bias=self.use_bias)
        self.wk = keras.layers.Dense(self.dim, use_bias=self.use_bias)
        self.wv = keras.layers.Dense(self.dim, use_bias=self.use_bias)
        self.wo = keras.layers.Dense(self.dim, use_bias=self.use_bias)
        for layer in (self.wq, self.wk, self.wv, self.wo):
            layer.build((None, None, self.dim))

    def call(self, query, key_value=None, mask=None, return_weights=False, training=None):
        if key_value is None:
            key_value = query
        h = self.num_heads
        B, Tq, _ = query.shape
        Tk = key_value.shape[1]
        q = heads_to_batch(self.wq(query), h)
        k = heads_to_batch(self.wk(key_value), h)
        v = heads_to_batch(self.wv(key_value), h)
        scores = ops.matmul(q, ops.transpose(k, (0, 2, 1))) / (self.dim / h) ** 0.5
        if mask is not None:
            full = ops.broadcast_to(ops.cast(mask, "float32"), (B, h, Tq, Tk))
            scores = scores + ops.where(ops.reshape(full, (B * h, Tq, Tk)) > 0.5, 0.0, -1e9)
        weights = self.softmax(scores)
        blends = ops.matmul(self.dropout(weights, training=training), v)
        output = self.wo(batch_to_heads(blends, h))
        if return_weights:
            return output, ops.reshape(weights, (B, h, Tq, Tk))
        return output

    def get_config(self):
        config = super().get_config()
        config.update(dim=self.dim, num_heads=self.num_heads, dropout=self.rate, use_bias=self.use_bias)
        return config


# %%
def permutation_gap(layer, x, perm):
    # send the shuffled outputs home again, and compare at home
    home = np.argsort(np.array(perm))
    back = ops.take(layer(ops.take(x, perm, axis=1)), home, axis=1)
    return ops.max(ops.abs(back - layer(x)))


# %%
def train_reverser(data, seed):
    import tensorflow as tf

    (x, y), (x_unseen, y_unseen) = data
    keras.utils.set_random_seed(seed)
    pairs = tf.data.Dataset.from_tensor_slices((x, y)).shuffle(len(x), seed=seed).batch(50)

    class Loss(keras.losses.Loss):
        def call(self, y_true, y_pred):
            return keras.losses.sparse_categorical_crossentropy(y_true, y_pred, from_logits=True)

    model = build_reverser(length=x.shape[1], num_heads=1)
    model.compile(optimizer=keras.optimizers.RMSprop(4e-3), loss=Loss(), metrics=["accuracy"])
    history = model.fit(pairs, epochs=6, validation_data=(x_unseen, y_unseen), verbose=0)
    return model, history
