# %%
import math

import keras
import numpy as np
from keras import ops

# %%
def dot(a, b):
    """Dot product of two vectors."""
    return ops.sum(a * b)


def flat_tables(t):
    """(..., r, c) as a plain list of (r, c) tables."""
    rows, columns = t.shape[-2], t.shape[-1]
    t = ops.reshape(t, (-1, rows, columns))
    return [t[i] for i in range(t.shape[0])]


# %%
def attention_scores(q, k, scale=None):
    if scale is None:
        scale = 1 / math.sqrt(q.shape[-1])
    scale = float(scale)
    tables = []
    for queries, keys in zip(flat_tables(q), flat_tables(k)):
        table = []
        for i in range(queries.shape[0]):
            row = []
            for j in range(keys.shape[0]):
                row.append(dot(queries[i], keys[j]) * scale)
            table.append(ops.stack(row))
        tables.append(ops.stack(table))
    return ops.reshape(ops.stack(tables), tuple(q.shape[:-1]) + (k.shape[-2],))


# %%
def softmax_rows(scores, axis=-1):
    last = ops.moveaxis(scores, axis, -1)
    shape = last.shape
    rows = ops.reshape(last, (-1, shape[-1]))
    result = []
    for r in range(rows.shape[0]):
        numbers = [rows[r, j] for j in range(shape[-1])]
        biggest = numbers[0]
        for number in numbers[1:]:
            if number > biggest:
                biggest = number
        powers = []
        total = 0.0
        for number in numbers:
            power = ops.exp(number - biggest)
            powers.append(power)
            total = total + power
        result.append(ops.stack([power / total for power in powers]))
    result = ops.reshape(ops.stack(result), shape)
    return ops.moveaxis(result, -1, axis)


# %%
def masked_scores(scores, mask):
    mask = ops.broadcast_to(ops.cast(mask, "int32"), scores.shape)
    flat, open_ = ops.reshape(scores, (-1,)), ops.reshape(mask, (-1,))
    result = []
    for i in range(flat.shape[0]):
        if open_[i] == 1:
            result.append(flat[i])
        else:
            result.append(ops.convert_to_tensor(-1e9, dtype="float32"))
    return ops.reshape(ops.stack(result), scores.shape)


# %%
def scaled_dot_product_attention(q, k, v, mask=None):
    s = attention_scores(q, k)
    if mask is not None:
        s = masked_scores(s, mask)
    w = softmax_rows(s)
    outputs = []
    for weights, values in zip(flat_tables(w), flat_tables(v)):
        rows = []
        for i in range(weights.shape[0]):
            z = ops.zeros_like(values[0])
            for j in range(values.shape[0]):
                z = z + weights[i, j] * values[j]
            rows.append(z)
        outputs.append(ops.stack(rows))
    out = ops.reshape(ops.stack(outputs), tuple(q.shape[:-1]) + (v.shape[-1],))
    return out, w


# %%
class SelfAttention(keras.layers.Layer):
    def __init__(self, dim, use_bias=False, **kwargs):
        super().__init__(**kwargs)
        self.wq = keras.layers.Dense(dim, use_bias=use_bias)
        self.wk = keras.layers.Dense(dim, use_bias=use_bias)
        self.wv = keras.layers.Dense(dim, use_bias=use_bias)

    def call(self, x, mask=None, return_weights=False):
        out, w = scaled_dot_product_attention(self.wq(x), self.wk(x), self.wv(x), mask)
        if return_weights:
            return out, w
        else:
            return out
