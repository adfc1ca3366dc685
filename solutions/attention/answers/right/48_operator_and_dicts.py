# %%
import operator as op
from operator import attrgetter, itemgetter, methodcaller, mul, sub, truediv

import keras
import numpy as np
from keras import ops

# %%
last = itemgetter(-1)
shape = attrgetter("shape")

SCALES = {
    True: lambda q, scale: op.pow(float(last(shape(q))), -0.5),
    False: lambda q, scale: scale,
}


def attention_scores(q, k, scale=None):
    factor = SCALES[op.is_(scale, None)](q, scale)
    return mul(op.matmul(q, ops.swapaxes(k, -1, -2)), factor)


# %%
STEPS = {"shift": sub, "power": lambda a, _: ops.exp(a), "share": truediv}
HELP = {
    "shift": lambda a, axis: ops.max(a, axis=axis, keepdims=True),
    "power": lambda a, axis: None,
    "share": lambda a, axis: ops.sum(a, axis=axis, keepdims=True),
}


def softmax_rows(scores, axis=-1):
    value = scores
    for step, function in STEPS.items():
        value = function(value, HELP[step](value, axis))
    return value


# %%
def masked_scores(scores, mask):
    closed = op.eq(ops.cast(mask, "int32"), 0)
    return ops.where(closed, op.neg(1e9), scores)


# %%
def scaled_dot_product_attention(q, k, v, mask=None):
    close = {True: lambda s: s, False: lambda s: masked_scores(s, mask)}[op.is_(mask, None)]
    weights = softmax_rows(close(attention_scores(q, k)))
    return op.matmul(weights, v), weights


# %%
class SelfAttention(keras.layers.Layer):
    def __init__(self, dim, use_bias=False, **kwargs):
        super().__init__(**kwargs)
        self.wq = keras.layers.Dense(dim, use_bias=use_bias)
        self.wk = keras.layers.Dense(dim, use_bias=use_bias)
        self.wv = keras.layers.Dense(dim, use_bias=use_bias)

    def call(self, x, mask=None, return_weights=False):
        q, k, v = map(methodcaller("__call__", x), attrgetter("wq", "wk", "wv")(self))
        return {0: itemgetter(0), 1: itemgetter(slice(None))}[int(return_weights)](
            scaled_dot_product_attention(q, k, v, mask)
        )
