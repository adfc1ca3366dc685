# %%
import keras
from keras import ops
import numpy as np

# %%
from keras.ops import *
import math

# %%
def attention_scores(q, k, scale=None):
    if (s := scale) is None:
        s = 1 / math.sqrt(q.shape[-1])
    return matmul(multiply(q, s), swapaxes(k, -1, -2))

# %%
def softmax_rows(scores, axis=-1):
    return (e := exp(scores - max(scores, axis=axis, keepdims=True))) / sum(e, axis=axis, keepdims=True)

# %%
def masked_scores(scores, mask):
    if "bool" in str(mask.dtype):
        return where(mask, scores, -1e9)
    elif "int" in str(mask.dtype):
        return where(equal(mask, 1), scores, -1e9)
    else:
        return where(greater(mask, 0.5), scores, -1e9)

# %%
def scaled_dot_product_attention(q, k, v, mask=None):
    def weights():
        s = attention_scores(q, k)
        return softmax_rows(masked_scores(s, mask)) if mask is not None else softmax_rows(s)
    return matmul((w := weights()), v), w

# %%
class SelfAttention(keras.layers.Layer):
    """ kernels only, I do the products myself """
    class Weights(keras.layers.Layer):
        def __init__(self, dim, use_bias, **kwargs):
            super().__init__(**kwargs)
            self.dim = dim
            self.use_bias = use_bias
        def build(self, shape):
            self.kernel = self.add_weight(shape=(shape[-1], self.dim), name="kernel")
            self.bias = self.add_weight(shape=(self.dim,), name="bias") if self.use_bias else None

    def __init__(self, dim, use_bias=False, **kwargs):
        super().__init__(**kwargs)
        self.dim = dim
        self.wq = self.Weights(dim, use_bias)
        self.wk = self.Weights(dim, use_bias)
        self.wv = self.Weights(dim, use_bias)

    def build(self, input_shape):
        [w.build(input_shape) for w in (self.wq, self.wk, self.wv)]

    def call(self, x, mask=None, return_weights=False):
        def project(w):
            y = matmul(x, w.kernel)
            return y if w.bias is None else y + w.bias
        s = matmul(project(self.wq), transpose(project(self.wk), (0, 2, 1))) / math.sqrt(self.dim)
        if mask is not None:
            s += (1 - cast(mask, s.dtype)) * -1e9
        a = softmax(s, axis=-1)
        if (out := matmul(a, project(self.wv))) is not None and return_weights:
            return out, a
        return out
