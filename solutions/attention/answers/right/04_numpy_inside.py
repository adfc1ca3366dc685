# %%
import keras
from keras import ops
import numpy as np

# %%
# I know numpy best, so I convert everything first
def to_np(a):
    return a if isinstance(a, np.ndarray) else ops.convert_to_numpy(a)

# %%
def attention_scores(q, k, scale=None):
    q = to_np(q)
    k = to_np(k)
    if scale is None:
        scale = 1 / np.sqrt(q.shape[-1])
    return (q @ np.swapaxes(k, -1, -2)) * scale

# %%
def softmax_rows(scores, axis=-1):
    s = to_np(scores).astype("float64")
    s -= s.max(axis=axis, keepdims=True)
    np.exp(s, out=s)
    s /= s.sum(axis=axis, keepdims=True)
    return s.astype("float32")

# %%
def masked_scores(scores, mask):
    s = np.array(to_np(scores))          # copy, do not change the caller's array
    m = np.broadcast_to(to_np(mask), s.shape)
    s[m == 0] = -np.inf
    return s

# %%
def scaled_dot_product_attention(q, k, v, mask=None):
    s = attention_scores(q, k)
    if mask is not None:
        s = masked_scores(s, mask)
    w = softmax_rows(s)
    return w @ to_np(v), w

# %%
class SelfAttention(keras.layers.Layer):
    def __init__(self, dim, use_bias=False, **kwargs):
        super().__init__(**kwargs)
        self.wq = keras.layers.Dense(dim, use_bias=use_bias)
        self.wk = keras.layers.Dense(dim, use_bias=use_bias)
        self.wv = keras.layers.Dense(dim, use_bias=use_bias)

    def call(self, x, mask=None, return_weights=False):
        q = to_np(self.wq(x))
        k = to_np(self.wk(x))
        v = to_np(self.wv(x))
        out, w = scaled_dot_product_attention(q, k, v, mask)
        if return_weights:
            return out, w
        return out
