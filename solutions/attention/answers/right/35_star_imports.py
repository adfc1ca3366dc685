# %%
import keras
from keras import *
from keras.ops import *
from numpy import inf, newaxis
from math import sqrt as wurzel

# %%
def attention_scores(q, k, scale=None):
    if scale is None:
        scale = 1 / wurzel(shape(q)[-1])
    return matmul(q, swapaxes(k, -1, -2)) * scale

# %%
def softmax_rows(scores, axis=-1):
    # max, sum and exp are those of keras.ops here, not Python's
    e = exp(scores - max(scores, axis=axis, keepdims=True))
    return e / sum(e, axis=axis, keepdims=True)

# %%
def masked_scores(scores, mask):
    return where(cast(mask, "bool"), scores, -inf)

# %%
def scaled_dot_product_attention(q, k, v, mask=None):
    scores = attention_scores(q, k)
    if not mask is None:
        scores = masked_scores(scores, mask)
    weights = softmax_rows(scores)
    return sum(weights[..., newaxis] * v[..., newaxis, :, :], axis=-2), weights

# %%
from keras.layers import *

class SelfAttention(Layer):
    def __init__(self, dim, use_bias=False, **kwargs):
        super().__init__(**kwargs)
        self.wq = Dense(dim, use_bias=use_bias)
        self.wk = Dense(dim, use_bias=use_bias)
        self.wv = Dense(dim, use_bias=use_bias)

    def call(self, x, mask=None, return_weights=False):
        q = self.wq(x); k = self.wk(x); v = self.wv(x)
        output, weights = scaled_dot_product_attention(q, k, v, mask=mask)
        if return_weights: return output, weights
        return output
