# %%
import keras, numpy as np
from keras import ops

# %%
T = lambda t: ops.swapaxes(t, -1, -2)
attention_scores = lambda q, k, scale=None: ops.matmul(q, T(k)) * (1 / q.shape[-1] ** 0.5 if scale is None else scale)

# %%
normalise = lambda e, axis: e / ops.sum(e, axis=axis, keepdims=True)
shift = lambda s, axis: s - ops.max(s, axis=axis, keepdims=True)
softmax_rows = lambda scores, axis=-1: normalise(ops.exp(shift(scores, axis)), axis)

# %%
masked_scores = lambda scores, mask: ops.where(ops.cast(mask, "bool"), scores, -1e9)

# %%
scaled_dot_product_attention = lambda q, k, v, mask=None: (
    lambda w: (ops.matmul(w, v), w)
)(softmax_rows(attention_scores(q, k) if mask is None else masked_scores(attention_scores(q, k), mask)))

# %%
class SelfAttention(keras.layers.Layer):
    def __init__(self, dim, use_bias=False, **kwargs):
        super().__init__(**kwargs)
        new = lambda: keras.layers.Dense(dim, use_bias=use_bias)
        self.wq, self.wk, self.wv = new(), new(), new()

    call = lambda self, x, mask=None, return_weights=False: (
        lambda pair: pair if return_weights else pair[0]
    )(scaled_dot_product_attention(self.wq(x), self.wk(x), self.wv(x), mask))
