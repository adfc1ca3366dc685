# exercise: MultiHeadAttention
# mistake: the mask is multiplied onto the weights after the softmax, so the rows no longer sum to 1
# %%
def split_heads(x, num_heads):
    B, T, D = x.shape
    return ops.transpose(ops.reshape(x, (B, T, num_heads, D // num_heads)), (0, 2, 1, 3))


def merge_heads(x):
    B, h, T, E = x.shape
    return ops.reshape(ops.transpose(x, (0, 2, 1, 3)), (B, T, h * E))


# %%
class MultiHeadAttention(keras.layers.Layer):
    def __init__(self, dim, num_heads, dropout=0.0, use_bias=True, **kwargs):
        super().__init__(**kwargs)
        self.dim = dim
        self.num_heads = num_heads
        self.wq = keras.layers.Dense(dim, use_bias=use_bias)
        self.wk = keras.layers.Dense(dim, use_bias=use_bias)
        self.wv = keras.layers.Dense(dim, use_bias=use_bias)
        self.wo = keras.layers.Dense(dim, use_bias=use_bias)
        self.drop = keras.layers.Dropout(dropout)

    def call(self, query, key_value=None, mask=None, return_weights=False, training=None):
        if key_value is None:
            key_value = query
        q = split_heads(self.wq(query), self.num_heads)
        k = split_heads(self.wk(key_value), self.num_heads)
        v = split_heads(self.wv(key_value), self.num_heads)
        scores = ops.matmul(q, ops.transpose(k, (0, 1, 3, 2))) / (self.dim // self.num_heads) ** 0.5
        weights = ops.softmax(scores, axis=-1)
        if mask is not None:
            weights = weights * ops.cast(mask, weights.dtype)
        blends = ops.matmul(self.drop(weights, training=training), v)
        output = self.wo(merge_heads(blends))
        if return_weights:
            return output, weights
        return output
