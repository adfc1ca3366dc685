# %%
import keras
from keras import ops
import numpy as np

# %%
import math

# If there are batch dimensions do them one after the other, the 2-d case is the real one.
def attention_scores(q, k, scale=None):
    if scale is None:
        scale = 1.0 / math.sqrt(q.shape[-1])
    if len(q.shape) > 2:
        return ops.stack([attention_scores(q[b], k[b], scale) for b in range(q.shape[0])])
    rows = []
    for i in range(q.shape[0]):
        row = []
        for j in range(k.shape[0]):
            row.append(ops.sum(q[i] * k[j]) * scale)
        rows.append(ops.stack(row))
    return ops.stack(rows)

# %%
def softmax_rows(scores, axis=-1):
    s = ops.moveaxis(scores, axis, -1)
    shape = s.shape
    flat = ops.reshape(s, (-1, shape[-1]))
    result = []
    for r in range(flat.shape[0]):
        row = flat[r]
        e = ops.exp(row - ops.max(row))
        result.append(e / ops.sum(e))
    return ops.moveaxis(ops.reshape(ops.stack(result), shape), -1, axis)

# %%
def masked_scores(scores, mask):
    mask = ops.broadcast_to(mask, scores.shape)
    s = np.array(scores)
    m = np.array(mask)
    for idx in np.ndindex(*s.shape):
        if not m[idx]:
            s[idx] = -1e9
    return ops.convert_to_tensor(s)

# %%
def scaled_dot_product_attention(q, k, v, mask=None):
    s = attention_scores(q, k)
    if mask is not None:
        s = masked_scores(s, mask)
    w = softmax_rows(s)

    def mix(w, v):
        if len(w.shape) > 2:
            return ops.stack([mix(w[b], v[b]) for b in range(w.shape[0])])
        out = []
        for i in range(w.shape[0]):
            z = 0.0
            for j in range(w.shape[1]):
                z = z + w[i, j] * v[j]
            out.append(z)
        return ops.stack(out)

    return mix(w, v), w

# %%
class SelfAttention(keras.layers.Layer):
    def __init__(self, dim, use_bias=False, **kwargs):
        super().__init__(**kwargs)
        self.dim = dim
        self.wq = keras.layers.Dense(dim, use_bias=use_bias)
        self.wk = keras.layers.Dense(dim, use_bias=use_bias)
        self.wv = keras.layers.Dense(dim, use_bias=use_bias)

    def build(self, input_shape):
        for w in [self.wq, self.wk, self.wv]:
            w.build(input_shape)

    def call(self, x, mask=None, return_weights=False):
        outs = []
        ws = []
        for b in range(x.shape[0]):
            xb = x[b : b + 1]
            mb = None
            if mask is not None:
                mb = mask[b] if len(mask.shape) == 3 else mask
            q = self.wq(xb)[0]
            k = self.wk(xb)[0]
            v = self.wv(xb)[0]
            s = ops.matmul(q, ops.transpose(k)) / math.sqrt(self.dim)
            if mb is not None:
                s = ops.where(mb, s, -1e9)
            a = ops.softmax(s)
            outs.append(ops.matmul(a, v))
            ws.append(a)
        out = ops.stack(outs, axis=0)
        if return_weights:
            return out, ops.stack(ws, axis=0)
        return out
