# %%
import keras
from keras import ops
import numpy as np

# %%
attention_scores = lambda q, k, scale=None: scaler(scale, q)(dot_last(q, k))

# %%
# helpers for the cell above (run this cell too!)
from functools import partial, reduce

dot_last = lambda a, b: ops.matmul(a, transpose_last(b))

def transpose_last(t):
    n = len(t.shape)
    return ops.transpose(t, axes=[*range(n - 2), n - 1, n - 2])

def scaler(scale, q):
    factor = q.shape[-1] ** -0.5 if scale is None else scale
    return lambda t: t * factor

# %%
def softmax_rows(scores, axis=-1):
    over = lambda f: partial(f, axis=axis, keepdims=True)
    steps = [
        lambda t: t - over(ops.max)(t),
        ops.exp,
        lambda t: t / over(ops.sum)(t),
    ]
    return reduce(lambda t, f: f(t), steps, scores)

# %%
def masked_scores(scores, mask):
    return make_masker(-float("inf"))(scores, mask)

# %%
def make_masker(fill):
    def masker(scores, mask):
        forbidden = ops.equal(mask, ops.zeros_like(mask))
        return ops.where(forbidden, ops.full_like(scores, fill), scores)
    return masker

# %%
def scaled_dot_product_attention(q, k, v, mask=None):
    maybe_mask = (lambda s: s) if mask is None else partial(masked_scores, mask=mask)
    weights = softmax_rows(maybe_mask(attention_scores(q, k)))
    return tuple([ops.matmul(weights, v), weights])

# %%
class SelfAttention(keras.layers.Layer):
    def __init__(self, dim, use_bias=False, **kwargs):
        super().__init__(**kwargs)
        self.wq, self.wk, self.wv = (Projection(dim, use_bias) for _ in range(3))

    def call(self, x, mask=None, return_weights=False):
        both = scaled_dot_product_attention(*(w(x) for w in (self.wq, self.wk, self.wv)), mask=mask)
        return both if return_weights else both[0]

# %%
class Projection(keras.layers.Layer):
    def __init__(self, dim, use_bias):
        super().__init__()
        self.dim = dim
        self.use_bias = use_bias

    def build(self, input_shape):
        self.kernel = self.add_weight(shape=(input_shape[-1], self.dim), initializer="glorot_uniform", name="kernel")
        self.bias = self.add_weight(shape=(self.dim,), initializer="zeros", name="bias") if self.use_bias else None

    def call(self, x):
        y = ops.matmul(x, self.kernel)
        return y if self.bias is None else y + self.bias
