# %%
import keras
import numpy as np
from keras import ops


# %%
class Lesson1:
    """The whole lesson in one namespace. At the end it is exported into the notebook."""

    @staticmethod
    def attention_scores(q, k, scale=None):
        return ops.matmul(q, ops.swapaxes(k, -1, -2)) * (1.0 / q.shape[-1] ** 0.5 if scale is None else scale)

    @classmethod
    def softmax_rows(cls, scores, axis=-1):
        e = cls._powers(scores, axis=axis)
        return e / ops.sum(e, axis=axis, keepdims=True)

    @staticmethod
    def _powers(scores, *, axis):
        return ops.exp(scores - ops.max(scores, axis=axis, keepdims=True))

    def masked_scores(self, scores, mask):
        return ops.where(ops.cast(mask, "bool"), scores, self.closed)

    def scaled_dot_product_attention(self, q, k, v, mask=None):
        scores = self.attention_scores(q, k)
        if mask is not None:
            scores = self.masked_scores(scores, mask)
        weights = self.softmax_rows(scores)
        return ops.matmul(weights, v), weights

    def __init__(self, closed=-1e9):
        self.closed = closed

    class SelfAttention(keras.layers.Layer):
        def __init__(self, dim, use_bias=False, **kwargs):
            super().__init__(**kwargs)
            self.wq = keras.layers.Dense(dim, use_bias=use_bias)
            self.wk = keras.layers.Dense(dim, use_bias=use_bias)
            self.wv = keras.layers.Dense(dim, use_bias=use_bias)

        def call(self, x, mask=None, return_weights=False):
            result = lesson.scaled_dot_product_attention(self.wq(x), self.wk(x), self.wv(x), mask)
            return result if return_weights else result[0]


# %%
lesson = Lesson1()
globals().update({name: getattr(lesson, name) for name in dir(lesson) if not name.startswith("_")})
