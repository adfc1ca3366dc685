# %%
import keras
from keras import ops
import numpy as np

# %%
def attention_scores(q, k, scale=None):
    if scale is None:
        scale = q.shape[-1] ** -0.5
    return ops.einsum("...qd,...kd->...qk", q, k) * scale

# %%
def softmax_rows(scores, axis=-1):
    shifted = scores - ops.max(scores, axis=axis, keepdims=True)
    return (e := ops.exp(shifted)) / ops.sum(e, axis=axis, keepdims=True)

# %%
def masked_scores(scores, mask):
    return ops.where(ops.cast(mask, "bool"), scores, -1e9)

# %%
def scaled_dot_product_attention(q, k, v, mask=None):
    s = attention_scores(q, k)
    if mask is not None:
        s = masked_scores(s, mask)
    w = softmax_rows(s)
    return ops.einsum("...qk,...kv->...qv", w, v), w

# %%
class SelfAttention(keras.layers.Layer):
    def __init__(self, dim, use_bias=False, **kwargs):
        super().__init__(**kwargs)
        self.wq = keras.layers.Dense(dim, use_bias=use_bias)
        self.wk = keras.layers.Dense(dim, use_bias=use_bias)
        self.wv = keras.layers.Dense(dim, use_bias=use_bias)

    def call(self, x, mask=None, return_weights=False):
        out, w = scaled_dot_product_attention(self.wq(x), self.wk(x), self.wv(x), mask)
        return (out, w) if return_weights else out
