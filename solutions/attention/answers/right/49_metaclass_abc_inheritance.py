# %%
from abc import ABC, ABCMeta, abstractmethod

import keras
import numpy as np
from keras import ops


# %%
class Registry(ABCMeta):
    """Every finished step signs up here under its `name`."""

    steps = {}

    def __new__(mcs, cls_name, bases, body, **options):
        cls = super().__new__(mcs, cls_name, bases, body, **options)
        if name := body.get("name"):
            mcs.steps[name] = cls()
        return cls


class Step(metaclass=Registry):
    name = None

    @abstractmethod
    def run(self, *args, **kwargs):
        """Do the step."""


class ScoreStep(Step):
    name = "scores"

    def run(self, q, k, scale):
        scale = 1.0 / (q.shape[-1] ** 0.5) if scale is None else scale
        return ops.tensordot(q, k, axes=[[-1], [-1]]) * scale if len(q.shape) == 2 else self.batch(q, k) * scale

    def batch(self, q, k):
        return ops.matmul(q, ops.swapaxes(k, -1, -2))


class SoftStep(Step):
    name = "soft"

    def run(self, s, axis):
        e = ops.exp(s - ops.max(s, axis=axis, keepdims=True))
        return e / ops.sum(e, axis=axis, keepdims=True)


class MaskStep(Step):
    name = "mask"

    def run(self, s, mask):
        m = ops.cast(mask, s.dtype)
        return ops.minimum(s, (2.0 * m - 1.0) * 3e38)


# %%
def attention_scores(q, k, scale=None):
    return Registry.steps["scores"].run(q, k, scale)


# %%
def softmax_rows(scores, axis=-1):
    return Registry.steps["soft"].run(scores, axis)


# %%
def masked_scores(scores, mask):
    return Registry.steps["mask"].run(scores, mask)


# %%
def scaled_dot_product_attention(q, k, v, mask=None):
    scores = attention_scores(q, k)
    if mask is not None:
        scores = masked_scores(scores, mask)
    weights = softmax_rows(scores)
    return ops.matmul(weights, v), weights


# %%
class Projections(keras.layers.Layer):
    """Owns the three matrices."""

    def __init__(self, dim, use_bias=False, **kwargs):
        super().__init__(**kwargs)
        self.wq = self.new_matrix(dim, use_bias)
        self.wk = self.new_matrix(dim, use_bias)
        self.wv = self.new_matrix(dim, use_bias)

    def new_matrix(self, dim, use_bias):
        return keras.layers.Dense(dim, use_bias=use_bias)

    def project(self, x):
        return self.wq(x), self.wk(x), self.wv(x)


class AttendMixin:
    def attend(self, x, mask):
        return scaled_dot_product_attention(*self.project(x), mask)


class BothLayer(AttendMixin, Projections):
    def call(self, x, mask=None):
        return self.attend(x, mask)


class SelfAttention(BothLayer):
    def __init__(self, dim, use_bias=False, **kwargs):
        super().__init__(dim, use_bias=use_bias, **kwargs)

    def call(self, x, mask=None, return_weights=False):
        output, weights = super().call(x, mask)
        return (output, weights) if return_weights else output
