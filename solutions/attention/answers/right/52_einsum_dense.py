# %%
from __future__ import annotations
import keras
import numpy as np
from keras import layers, ops

# %%
def attention_scores(q, k, scale=None):
    # scale the queries first: fewer numbers to multiply
    q = q * (q.shape[-1] ** -0.5 if scale is None else scale)
    return ops.einsum("...nd,...md->...nm", q, k)


# %%
LOG2_E = 1.4426950408889634


def softmax_rows(scores, axis=-1):
    shifted = scores - ops.max(scores, axis=axis, keepdims=True)
    powers = ops.power(2.0, shifted * LOG2_E)
    return powers / ops.sum(powers, axis=axis, keepdims=True)


# %%
def masked_scores(scores, mask):
    mask = ops.cast(mask, scores.dtype)
    return scores * mask - 1e9 * (1.0 - mask)


# %%
def scaled_dot_product_attention(q, k, v, mask=None):
    scores = attention_scores(q, k)
    if mask is not None:
        scores = masked_scores(scores, mask)
    weights = softmax_rows(scores)
    return ops.einsum("...nm,...mv->...nv", weights, v), weights


# %%
class SelfAttention(layers.Layer):
    def __init__(self, dim, use_bias=False, **kwargs):
        super().__init__(**kwargs)
        settings = dict(equation="bnd,df->bnf", output_shape=(None, dim), bias_axes="f" if use_bias else None)
        self.wq = layers.EinsumDense(**settings)
        self.wk = layers.EinsumDense(**settings)
        self.wv = layers.EinsumDense(**settings)

    def call(self, x, mask=None, return_weights=False):
        output, weights = scaled_dot_product_attention(self.wq(x), self.wk(x), self.wv(x), mask)
        return (output, weights) if return_weights else output
