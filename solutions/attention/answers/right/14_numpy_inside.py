# %%
import keras
from keras import ops
import numpy as np

# %%
def to_np(t):
    # numpy is easier to debug for me
    return ops.convert_to_numpy(t).astype(np.float64)

# %%
def attention_scores(q, k, scale=None):
    q, k = to_np(q), to_np(k)
    if scale is None:
        scale = 1 / np.sqrt(q.shape[-1])
    return np.matmul(q, np.swapaxes(k, -2, -1)) * scale

# %%
def softmax_rows(scores, axis=-1):
    s = to_np(scores)
    s = s - np.max(s, axis=axis, keepdims=True)
    np.exp(s, out=s)
    s /= s.sum(axis=axis, keepdims=True)
    return s

# %%
def masked_scores(scores, mask):
    out = to_np(scores).copy()
    m = ops.convert_to_numpy(mask).astype(bool)
    m = np.broadcast_to(m, out.shape)
    out[~m] = -np.inf
    return out

# %%
def scaled_dot_product_attention(q, k, v, mask=None):
    s = attention_scores(q, k)
    if mask is not None:
        s = masked_scores(s, mask)
    w = softmax_rows(s)
    z = w @ to_np(v)
    return [z.astype("float32"), w.astype("float32")]

# %%
# small layer that only holds the weights; I multiply myself
class Projection(keras.layers.Layer):
    def __init__(self, dim, use_bias):
        super().__init__()
        self.dim, self.use_bias = dim, use_bias
        self.bias = None

    def build(self, shape):
        self.kernel = self.add_weight(shape=(shape[-1], self.dim), initializer="glorot_uniform", name="kernel")
        if self.use_bias:
            self.bias = self.add_weight(shape=(self.dim,), initializer="zeros", name="bias")

    def call(self, x):
        y = to_np(x) @ to_np(self.kernel)
        if self.bias is not None:
            y = y + to_np(self.bias)
        return y

# %%
class SelfAttention(keras.layers.Layer):
    def __init__(self, dim, use_bias=False, **kwargs):
        super().__init__(**kwargs)
        self.wq = Projection(dim, use_bias)
        self.wk = Projection(dim, use_bias)
        self.wv = Projection(dim, use_bias)

    def build(self, input_shape):
        self.wq.build(input_shape)
        self.wk.build(input_shape)
        self.wv.build(input_shape)

    def call(self, x, mask=None, return_weights=False):
        z, w = scaled_dot_product_attention(self.wq(x), self.wk(x), self.wv(x), mask)
        return [z, w] if return_weights else z
