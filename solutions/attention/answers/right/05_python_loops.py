# %%
import keras
from keras import ops
import numpy as np

# %%
import math

# %%
def attention_scores(q, k, scale=None):
    if len(q.shape) > 2:
        # one batch entry at a time
        return ops.stack([attention_scores(q[b], k[b], scale) for b in range(q.shape[0])])
    if scale is None:
        scale = 1.0 / math.sqrt(q.shape[1])
    rows = []
    for i in range(q.shape[0]):
        row = []
        for j in range(k.shape[0]):
            row.append(ops.sum(q[i] * k[j]) * scale)
        rows.append(ops.stack(row))
    return ops.stack(rows)

# %%
def softmax_one_row(row):
    biggest = ops.max(row)
    e = ops.exp(row - biggest)
    return e / ops.sum(e)

def softmax_rows(scores, axis=-1):
    moved = ops.moveaxis(scores, axis, -1)
    shape = tuple(moved.shape)
    flat = ops.reshape(moved, (-1, shape[-1]))
    done = []
    for r in range(flat.shape[0]):
        done.append(softmax_one_row(flat[r]))
    result = ops.reshape(ops.stack(done), shape)
    return ops.moveaxis(result, -1, axis)

# %%
def masked_scores(scores, mask):
    full_mask = ops.broadcast_to(ops.cast(mask, "float32"), scores.shape)
    flat_scores = ops.reshape(scores, (-1,))
    flat_mask = ops.convert_to_numpy(ops.reshape(full_mask, (-1,)))
    new = []
    for i in range(len(flat_mask)):
        if flat_mask[i] == 1:
            new.append(flat_scores[i])
        else:
            new.append(ops.convert_to_tensor(-1e8, dtype="float32"))
    return ops.reshape(ops.stack(new), scores.shape)

# %%
def scaled_dot_product_attention(q, k, v, mask=None):
    scores = attention_scores(q, k)
    if mask is not None:
        scores = masked_scores(scores, mask)
    weights = softmax_rows(scores)

    def mix(w, vals):
        if len(w.shape) > 2:
            return ops.stack([mix(w[b], vals[b]) for b in range(w.shape[0])])
        outs = []
        for i in range(w.shape[0]):
            total = ops.zeros((vals.shape[1],))
            for j in range(vals.shape[0]):
                total = total + w[i, j] * vals[j]
            outs.append(total)
        return ops.stack(outs)

    return mix(weights, v), weights

# %%
class SelfAttention(keras.layers.Layer):
    def __init__(self, dim, use_bias=False, **kwargs):
        super().__init__(**kwargs)
        for name in ["wq", "wk", "wv"]:
            setattr(self, name, keras.layers.Dense(dim, use_bias=use_bias, name=name))

    def call(self, x, mask=None, return_weights=False):
        q = self.wq(x)
        k = self.wk(x)
        v = self.wv(x)
        outputs, all_weights = [], []
        for b in range(x.shape[0]):
            m = mask
            if mask is not None and len(mask.shape) == 3:
                m = mask[b]
            o, w = scaled_dot_product_attention(q[b], k[b], v[b], m)
            outputs.append(o)
            all_weights.append(w)
        outputs = ops.stack(outputs, axis=0)
        all_weights = ops.stack(all_weights, axis=0)
        if return_weights:
            return outputs, all_weights
        return outputs
