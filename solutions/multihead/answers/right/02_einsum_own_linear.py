# %%
# einsum everywhere, and a linear layer of my own in place of Dense
class MyLinear(keras.layers.Layer):
    def __init__(self, width, use_bias=True, **kwargs):
        super().__init__(**kwargs)
        self.width = width
        self.use_bias = use_bias

    def build(self, input_shape):
        self.kernel = self.add_weight(
            shape=(input_shape[-1], self.width), initializer="glorot_uniform", name="kernel"
        )
        if self.use_bias:
            self.bias = self.add_weight(shape=(self.width,), initializer="zeros", name="bias")

    def call(self, x):
        y = ops.einsum("...d,de->...e", x, self.kernel)
        return y + self.bias if self.use_bias else y


# %%
def split_heads(x, num_heads):
    b, t, d = ops.shape(x)
    return ops.einsum("bthe->bhte", ops.reshape(x, (b, t, num_heads, -1)))


# %%
def merge_heads(x):
    b, h, t, e = ops.shape(x)
    return ops.reshape(ops.einsum("bhte->bthe", x), (b, t, -1))


# %%
class MultiHeadAttention(keras.layers.Layer):
    def __init__(self, dim, num_heads, dropout=0.0, use_bias=True, **kwargs):
        super().__init__(**kwargs)
        self.h, self.E = num_heads, dim // num_heads
        self.wq, self.wk, self.wv, self.wo = (MyLinear(dim, use_bias) for _ in range(4))
        self.drop = keras.layers.Dropout(dropout)

    def call(self, query, key_value=None, mask=None, return_weights=False, training=None):
        source = query if key_value is None else key_value

        def cut(x):  # (B, T, D) -> (B, T, h, E), never transposed
            return ops.reshape(x, (x.shape[0], x.shape[1], self.h, self.E))

        q, k, v = cut(self.wq(query)), cut(self.wk(source)), cut(self.wv(source))
        scores = ops.einsum("bqhe,bkhe->bhqk", q, k) * self.E**-0.5
        if mask is not None:
            scores = ops.where(ops.broadcast_to(ops.cast(mask, bool), scores.shape), scores, ops.full_like(scores, -1e30))
        weights = ops.softmax(scores)
        blend = ops.einsum("bhqk,bkhe->bqhe", self.drop(weights, training=training), v)
        out = self.wo(ops.reshape(blend, query.shape))
        return (out, weights) if return_weights else out


# %%
def permutation_gap(layer, x, perm):
    P = ops.one_hot(perm, x.shape[1], dtype=x.dtype)  # (P x)_i = x_perm[i]
    left = layer(ops.einsum("ij,bjd->bid", P, x))
    right = ops.einsum("ij,bjd->bid", P, layer(x))
    return ops.max(ops.abs(left - right))
