# %%
import keras
import numpy as np
from keras import ops

# %%
# Practising for JAX: vectorized_map, while_loop and fori_loop instead of thinking about axes.
def lead_as_one(t):
    return ops.reshape(t, (-1, *ops.shape(t)[-2:]))


def attention_scores(q, k, scale=None):
    factor = ops.convert_to_tensor(q.shape[-1] ** -0.5 if scale is None else scale, dtype=q.dtype)
    one_table = lambda pair: ops.matmul(pair[0], ops.transpose(pair[1])) * factor
    tables = ops.vectorized_map(one_table, (lead_as_one(q), lead_as_one(k)))
    return ops.reshape(tables, (*ops.shape(q)[:-1], ops.shape(k)[-2]))


# %%
def softmax_rows(scores, axis=-1):
    """One pass over the axis: a running maximum and a running sum (the trick of FlashAttention)."""
    first = ops.moveaxis(scores, axis, 0)
    n = ops.shape(first)[0]

    def step(j, state):
        top, total = state
        new_top = ops.maximum(top, first[j])
        total = total * ops.exp(top - new_top) + ops.exp(first[j] - new_top)
        return new_top, total

    start = (ops.maximum(first[0], -1e30), ops.cast(ops.exp(first[0] - ops.maximum(first[0], -1e30)), scores.dtype))
    top, total = ops.fori_loop(1, n, step, start)
    return ops.moveaxis(ops.exp(first - top) / total, 0, axis)


# %%
def masked_scores(scores, mask):
    mask = ops.broadcast_to(ops.cast(mask, "bool"), ops.shape(scores))
    flat = ops.reshape(scores, (-1,))
    chosen = ops.vectorized_map(
        lambda pair: ops.where(pair[0], pair[1], ops.full_like(pair[1], -1e9)), (ops.reshape(mask, (-1,)), flat)
    )
    return ops.reshape(chosen, ops.shape(scores))


# %%
def scaled_dot_product_attention(q, k, v, mask=None):
    scores = attention_scores(q, k)
    if mask is not None:
        scores = masked_scores(scores, mask)
    weights = softmax_rows(scores)
    return ops.matmul(weights, v), weights


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
