# %%
# EinsumDense with a (D, D) kernel, softmax and mask written out as in lesson 1
def my_softmax(scores):
    e = ops.exp(scores - ops.max(scores, axis=-1, keepdims=True))
    return e / ops.sum(e, axis=-1, keepdims=True)


def projection(dim, use_bias):
    return keras.layers.EinsumDense(
        "btd,de->bte", output_shape=(None, dim), bias_axes="e" if use_bias else None
    )


# %%
def split_heads(x, num_heads):
    B, T, D = x.shape
    # cut the features first, then bring the heads forward one place at a time
    x = ops.reshape(x, [B, T, num_heads, D // num_heads])
    return ops.moveaxis(x, 2, 1)


# %%
def merge_heads(x):
    x = ops.moveaxis(x, 1, 2)
    return ops.reshape(x, list(x.shape[:2]) + [-1])


# %%
class MultiHeadAttention(keras.layers.Layer):
    def __init__(self, dim, num_heads, dropout=0.0, use_bias=True, **kwargs):
        super().__init__(**kwargs)
        assert dim % num_heads == 0
        self.num_heads = num_heads
        self.wq = projection(dim, use_bias)
        self.wk = projection(dim, use_bias)
        self.wv = projection(dim, use_bias)
        self.wo = projection(dim, use_bias)
        self.dropout = keras.layers.Dropout(dropout)

    def call(self, query, key_value=None, mask=None, return_weights=False, training=None):
        memory = key_value if key_value is not None else query
        q = split_heads(self.wq(query), self.num_heads)
        k = split_heads(self.wk(memory), self.num_heads)
        v = split_heads(self.wv(memory), self.num_heads)
        q = q / ops.sqrt(ops.cast(q.shape[-1], q.dtype))  # scale the queries, it is the same
        scores = ops.einsum("bhqe,bhke->bhqk", q, k)
        if mask is not None:
            allowed = ops.cast(mask, "float32")
            scores = scores * allowed - 1e9 * (1 - allowed)
        weights = my_softmax(scores)
        z = ops.einsum("bhqk,bhke->bhqe", self.dropout(weights, training=training), v)
        z = self.wo(merge_heads(z))
        return [z, (z, weights)][bool(return_weights)]


# %%
def attention_cost(num_tokens, dim, num_heads):
    # ask Keras's layer for the weights, as the cell of section 3 does
    layer = keras.layers.MultiHeadAttention(num_heads=num_heads, key_dim=dim // num_heads)
    layer.build((1, 2, dim), (1, 2, dim))
    n = np.int64(num_tokens)
    return {
        "params": layer.count_params(),
        "score_entries": num_heads * n**2,
        "flops": 4 * n * dim**2 + 2 * n**2 * dim,
    }
