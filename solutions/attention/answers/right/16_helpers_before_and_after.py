# %%
import keras
from keras import ops
import numpy as np

# %%
NEG = -1e9

def transpose_last_two(t):
    n = len(t.shape)
    order = list(range(n))
    order[-1], order[-2] = order[-2], order[-1]
    return ops.transpose(t, order)

# %%
def attention_scores(q, k, scale=None):
    return ops.matmul(q, transpose_last_two(k)) * pick_scale(q, scale)

# %%
# used one cell above, runs only when it is called
def pick_scale(q, scale):
    if scale is not None:
        return scale
    return 1.0 / float(width(q)) ** 0.5

def width(t):
    return t.shape[-1]

# %%
def softmax_rows(scores, axis=-1):
    return normalise(stable_exp(scores, axis), axis)

# %%
def stable_exp(s, axis):
    return ops.exp(s - ops.amax(s, axis=axis, keepdims=True))

def normalise(e, axis):
    return e / ops.sum(e, axis=axis, keepdims=True)

# %%
def masked_scores(scores, mask):
    return scores + penalty(mask)

# %%
def penalty(mask):
    # 1 -> 0, 0 -> -1e9
    return (1.0 - ops.cast(mask, "float32")) * NEG

# %%
def scaled_dot_product_attention(q, k, v, mask=None):
    weights = attention_weights(q, k, mask)
    return weighted_sum(weights, v), weights

# %%
def attention_weights(q, k, mask):
    s = attention_scores(q, k)
    return softmax_rows(s if mask is None else masked_scores(s, mask))

def weighted_sum(weights, v):
    return ops.matmul(weights, v)

# %%
class SelfAttention(keras.layers.Layer):
    def __init__(self, dim, use_bias=False, **kwargs):
        super().__init__(**kwargs)
        self.wq = MyLinear(dim, use_bias)
        self.wk = MyLinear(dim, use_bias)
        self.wv = MyLinear(dim, use_bias)

    def call(self, x, mask=None, return_weights=False):
        out, w = scaled_dot_product_attention(self.wq(x), self.wk(x), self.wv(x), mask)
        if return_weights == True:
            return out, w
        else:
            return out

# %%
class MyLinear(keras.layers.Layer):
    """x @ kernel (+ bias)"""
    def __init__(self, units, use_bias):
        super().__init__()
        self.units = units
        self.use_bias = use_bias

    def build(self, input_shape):
        self.kernel = self.add_weight(shape=(input_shape[-1], self.units), initializer="random_normal")
        if self.use_bias:
            self.bias = self.add_weight(shape=(self.units,), initializer="zeros")

    def call(self, x):
        y = x @ self.kernel
        if self.use_bias:
            y = y + self.bias
        return y
