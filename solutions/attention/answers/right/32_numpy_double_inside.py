# %%
import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import ops

# %%
# NumPy is what I know. These two carry numbers in and out of it.
def to_np(t):
    return np.asarray(ops.convert_to_numpy(t), dtype=np.float64)


def to_keras(a):
    return ops.convert_to_tensor(np.ascontiguousarray(a, dtype=np.float32))


# %%
def attention_scores(q, k, scale=None):
    q, k = to_np(q), to_np(k)
    if scale is None:
        scale = 1.0 / np.sqrt(q.shape[-1])
    return to_keras(scale * (q @ np.swapaxes(k, -1, -2)))

# %%
def softmax_rows(scores, axis=-1):
    s = to_np(scores)
    s = s - np.max(s, axis=axis, keepdims=True)
    e = np.exp(s)
    return to_keras(e / np.sum(e, axis=axis, keepdims=True))

# %%
def masked_scores(scores, mask):
    out = np.array(ops.convert_to_numpy(scores), copy=True)
    closed = np.broadcast_to(ops.convert_to_numpy(mask) == 0, out.shape)
    out[closed] = -np.inf
    return ops.convert_to_tensor(out)

# %%
def scaled_dot_product_attention(q, k, v, mask=None):
    scores = attention_scores(q, k)
    if mask is not None:
        scores = masked_scores(scores, mask)
    w = softmax_rows(scores)
    return to_keras(to_np(w) @ to_np(v)), w

# %%
# A layer has to learn, and NumPy has no gradients. So the layer itself is written with ops.
class SelfAttention(keras.layers.Layer):
    def __init__(self, dim, use_bias=False, **kwargs):
        super().__init__(**kwargs)
        self.dim = dim
        self.wq = keras.layers.Dense(dim, use_bias=use_bias, name="wq")
        self.wk = keras.layers.Dense(dim, use_bias=use_bias, name="wk")
        self.wv = keras.layers.Dense(dim, use_bias=use_bias, name="wv")

    def call(self, x, mask=None, return_weights=False):
        q, k, v = self.wq(x), self.wk(x), self.wv(x)
        s = ops.matmul(q, ops.transpose(k, (0, 2, 1))) / np.sqrt(self.dim).astype("float32")
        if mask is not None:
            s = ops.where(ops.cast(mask, "bool"), s, -np.inf)
        s = ops.exp(s - ops.max(s, axis=-1, keepdims=True))
        w = s / ops.sum(s, axis=-1, keepdims=True)
        z = ops.matmul(w, v)
        if return_weights:
            return z, w
        return z
