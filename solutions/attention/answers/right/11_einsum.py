# %%
import keras
from keras import ops
import numpy as np

# %%
# A1.1  scores
def attention_scores(q, k, scale=None):
    if scale is None:
        scale = 1.0 / np.sqrt(q.shape[-1])
    return ops.einsum("...qd,...kd->...qk", q, k) * float(scale)

# %%
# A1.2  softmax by hand
def softmax_rows(scores, axis=-1):
    m = ops.max(scores, axis=axis, keepdims=True)
    e = ops.exp(scores - m)
    return e / ops.sum(e, axis=axis, keepdims=True)

# quick check, should be all ones
print(ops.sum(softmax_rows(np.array([[1.0, 2.0, 3.0], [1e4, 1e4, 0.0]], dtype="float32")), axis=-1))

# %%
def masked_scores(scores, mask):
    return ops.where(mask, scores, -1e9)

# %%
def scaled_dot_product_attention(q, k, v, mask=None):
    s = attention_scores(q, k)
    if mask is not None:
        s = masked_scores(s, mask)
    a = softmax_rows(s)
    out = ops.einsum("...qk,...kd->...qd", a, v)
    return out, a

# %%
from keras.layers import EinsumDense

class SelfAttention(keras.layers.Layer):
    def __init__(self, dim, use_bias=False, **kwargs):
        super().__init__(**kwargs)
        self.dim = dim
        bias_axes = "e" if use_bias else None
        self.wq = EinsumDense("bnd,de->bne", output_shape=(None, dim), bias_axes=bias_axes)
        self.wk = EinsumDense("bnd,de->bne", output_shape=(None, dim), bias_axes=bias_axes)
        self.wv = EinsumDense("bnd,de->bne", output_shape=(None, dim), bias_axes=bias_axes)

    def call(self, x, mask=None, return_weights=False):
        out, a = scaled_dot_product_attention(self.wq(x), self.wk(x), self.wv(x), mask)
        if return_weights:
            return out, a
        return out
