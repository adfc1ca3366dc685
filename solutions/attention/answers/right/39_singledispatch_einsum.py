# %%
from functools import singledispatch

import keras
import numpy as np
from keras import ops

# %%
# What to do depends on the type of the thing we are given: None, or something real.


@singledispatch
def _factor(scale, width):
    return scale


@_factor.register(type(None))
def _(scale, width):
    return width**-0.5


def attention_scores(q, k, scale=None):
    return ops.einsum("...qd,...kd->...qk", q, k) * _factor(scale, q.shape[-1])


# %%
def softmax_rows(scores, axis=-1):
    where_is_it = ops.argmax(scores, axis=axis, keepdims=True)
    top = ops.take_along_axis(scores, where_is_it, axis=axis)
    e = ops.exp(scores - top)
    return e * ops.reciprocal(ops.sum(e, axis=axis, keepdims=True))


# %%
def masked_scores(scores, mask):
    m = ops.cast(mask, scores.dtype)
    # log 1 = 0 leaves a score alone, log 0 = -inf closes it
    return scores + ops.log(m)


# %%
@singledispatch
def _close(mask, scores):
    return masked_scores(scores, mask)


@_close.register(type(None))
def _(mask, scores):
    return scores


def scaled_dot_product_attention(q, k, v, mask=None):
    weights = softmax_rows(_close(mask, attention_scores(q, k)))
    return ops.einsum("...qk,...kv->...qv", weights, v), weights


# %%
class SelfAttention(keras.layers.Layer):
    def __init__(self, dim, use_bias=False, **kwargs):
        super().__init__(**kwargs)
        self.wq = keras.layers.Dense(dim, use_bias=use_bias)
        self.wk = keras.layers.Dense(dim, use_bias=use_bias)
        self.wv = keras.layers.Dense(dim, use_bias=use_bias)

    def call(self, x, mask=None, return_weights=False):
        result = scaled_dot_product_attention(self.wq(x), self.wk(x), self.wv(x), mask)
        return result if return_weights else result[0]
