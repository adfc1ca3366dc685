# %%
import keras
from keras import ops
import numpy as np

# %%
def log_softmax_(x, axis):
    # log p_i = x_i - log sum_j exp(x_j);
    # remove the maximum first, otherwise x - lse loses digits when x is like 10000
    x = x - ops.stop_gradient(ops.max(x, axis=axis, keepdims=True))
    return x - ops.logsumexp(x, axis=axis, keepdims=True)

# %%
def attention_scores(q, k, scale=None):
    # scale the queries, it's cheaper than to scale the (Tq, Tk) matrix
    if scale is None:
        scale = 1.0 / ops.sqrt(ops.cast(q.shape[-1], "float32"))
    q = q * scale
    return ops.matmul(q, ops.moveaxis(k, -1, -2))

# %%
def softmax_rows(scores, axis=-1):
    return ops.exp(log_softmax_(scores, axis))

# %%
def masked_scores(scores, mask):
    dtype = keras.backend.standardize_dtype(mask.dtype)
    if dtype == "bool":
        allowed = mask
    elif dtype.startswith("int") or dtype.startswith("uint"):
        allowed = ops.equal(mask, 1)
    else:
        allowed = ops.greater(mask, 0.5)
    return ops.where(allowed, scores, -np.inf)

# %%
def scaled_dot_product_attention(q, k, v, mask=None):
    scores = attention_scores(q, k)
    if mask is not None:
        scores = masked_scores(scores, mask)
    weights = softmax_rows(scores, axis=-1)
    return [ops.matmul(weights, v), weights]

# %%
class SelfAttention(keras.layers.Layer):
    def __init__(self, dim, use_bias=False, **kwargs):
        super().__init__(**kwargs)
        self.dim = dim
        self.use_bias = use_bias

    def build(self, input_shape):
        make = lambda: keras.layers.EinsumDense(
            "bnd,de->bne", output_shape=(None, self.dim), bias_axes="e" if self.use_bias else None
        )
        self.wq = make()
        self.wk = make()
        self.wv = make()
        self.wq.build(input_shape)
        self.wk.build(input_shape)
        self.wv.build(input_shape)
        self.built = True

    def call(self, x, mask=None, return_weights=False):
        result = scaled_dot_product_attention(self.wq(x), self.wk(x), self.wv(x), mask)
        if return_weights:
            return result
        return result[0]
