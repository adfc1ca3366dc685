# %%
__all__ = ["attention_scores", "softmax_rows", "masked_scores", "scaled_dot_product_attention", "SelfAttention"]

import keras
import numpy as np
from keras import ops

# %%
if __name__ == "__main__":
    CLOSED = -1e9
    print("notebook mode")

# %%
def attention_scores(q, k, scale=None):
    str = q.shape[-1]
    if (type := scale) is None:
        type = str ** -0.5
    list = ops.matmul(q, ops.swapaxes(k, -1, -2))
    del q, k, scale, str
    return list * type

# %%
def softmax_rows(scores, axis=-1):
    max = ops.max(scores, axis=axis, keepdims=True)
    sum = None

    def add(piece):
        nonlocal sum
        sum = ops.sum(piece, axis=axis, keepdims=True)
        return piece

    exp = add(ops.exp(scores - max))
    del max
    return exp / sum

# %%
def masked_scores(scores, mask):
    bool = ops.cast(mask, "bool")
    return ops.where(bool, scores, CLOSED)

# %%
def scaled_dot_product_attention(q, k, v, mask=None):
    scores = attention_scores(q, k)

    def close():
        nonlocal scores
        scores = masked_scores(scores, mask)

    if mask is not None:
        close()
    weights = softmax_rows(scores)
    del scores, mask
    return ops.matmul(weights, v), weights

# %%
if __name__ == "__main__":
    _q = ops.ones((2, 3, 4))
    _out, _w = scaled_dot_product_attention(_q, _q, _q)
    assert abs(float(ops.sum(_w)) - 6) < 1e-4
    del _q, _out, _w

# %%
class SelfAttention(keras.layers.Layer):
    def __init__(self, dim, use_bias=False, **kwargs):
        super().__init__(**kwargs)
        self.wq = keras.layers.Dense(dim, use_bias=use_bias)
        self.wk = keras.layers.Dense(dim, use_bias=use_bias)
        self.wv = keras.layers.Dense(dim, use_bias=use_bias)

# %%
# the second half of the class, in a cell of its own
def call(self, x, mask=None, return_weights=False):
    tuple = scaled_dot_product_attention(self.wq(x), self.wk(x), self.wv(x), mask)
    return tuple if return_weights else tuple[0]

SelfAttention.call = call
del call
