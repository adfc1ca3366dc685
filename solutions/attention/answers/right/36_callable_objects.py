# %%
import keras
import numpy as np
from keras import ops


# %%
class Scores:
    """Callable: every query against every key."""

    def __call__(self, q, k, scale=None):
        factor = self.default_scale(q) if scale is None else scale
        return self.products(q, k) * factor

    @staticmethod
    def default_scale(q):
        return 1.0 / float(q.shape[-1]) ** 0.5

    @staticmethod
    def products(q, k):
        return ops.einsum("...id,...jd->...ij", q, k)


attention_scores = Scores()


# %%
class Softmax:
    __slots__ = ("shift",)

    def __init__(self, shift=ops.max):
        self.shift = shift

    def __call__(self, scores, axis=-1):
        centred = scores - self.shift(scores, axis=axis, keepdims=True)
        e = ops.exp(centred)
        return e / ops.sum(e, axis=axis, keepdims=True)


softmax_rows = Softmax()


# %%
class Gate:
    closed = -1e9

    def __call__(self, scores, mask):
        return ops.where(ops.equal(ops.cast(mask, "float32"), 1.0), scores, self.closed)


masked_scores = Gate()


# %%
class Attention:
    def __init__(self, compare, close, normalise):
        self.steps = compare, close, normalise

    def __call__(self, q, k, v, mask=None):
        compare, close, normalise = self.steps
        scores = compare(q, k)
        if mask is not None:
            scores = close(scores, mask)
        weights = normalise(scores)
        return ops.matmul(weights, v), weights


scaled_dot_product_attention = Attention(attention_scores, masked_scores, softmax_rows)


# %%
class SelfAttention(keras.layers.Layer):
    def __init__(self, dim, use_bias=False, **kwargs):
        super().__init__(**kwargs)
        self.wq = keras.layers.Dense(dim, use_bias=use_bias)
        self.wk = keras.layers.Dense(dim, use_bias=use_bias)
        self.wv = keras.layers.Dense(dim, use_bias=use_bias)

    def call(self, x, mask=None, return_weights=False):
        output, weights = scaled_dot_product_attention(self.wq(x), self.wk(x), self.wv(x), mask)
        return (output, weights) if return_weights else output
