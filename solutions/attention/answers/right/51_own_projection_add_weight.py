# %%
import keras
import numpy as np
from keras import ops

# %%
def attention_scores(q, k, scale=None):
    if scale is None:
        scale = 1 / np.sqrt(q.shape[-1]).item()
    # broadcast product: (..., Tq, 1, d) * (..., 1, Tk, d), summed over d
    return scale * ops.sum(ops.expand_dims(q, -2) * ops.expand_dims(k, -3), axis=-1)


# %%
def softmax_rows(scores, axis=-1):
    exact = ops.cast(scores, "float64")
    exact = ops.exp(exact - ops.max(exact, axis=axis, keepdims=True))
    return ops.cast(exact / ops.sum(exact, axis=axis, keepdims=True), scores.dtype)


# %%
def masked_scores(scores, mask):
    return ops.where(ops.greater(ops.cast(mask, "float32"), 0.5), scores, -1e9)


# %%
def scaled_dot_product_attention(q, k, v, mask=None):
    scores = attention_scores(q, k)
    if mask is not None:
        scores = masked_scores(scores, mask)
    weights = softmax_rows(scores)
    output = ops.sum(ops.expand_dims(weights, -1) * ops.expand_dims(v, -3), axis=-2)
    return output, weights


# %%
class Projection(keras.layers.Layer):
    """x @ kernel (+ bias), my own little Dense."""

    def __init__(self, width, with_bias, **kwargs):
        super().__init__(**kwargs)
        self.width = width
        self.with_bias = with_bias

    def build(self, input_shape):
        self.kernel = self.add_weight(
            shape=(input_shape[-1], self.width), initializer="glorot_uniform", name="kernel"
        )
        if self.with_bias:
            self.bias = self.add_weight(shape=(self.width,), initializer="zeros", name="bias")

    def call(self, x):
        y = ops.matmul(x, self.kernel)
        return y + self.bias if self.with_bias else y


class SelfAttention(keras.layers.Layer):
    def __init__(self, dim, use_bias=False, **kwargs):
        super().__init__(**kwargs)
        self.wq = Projection(dim, use_bias)
        self.wk = Projection(dim, use_bias)
        self.wv = Projection(dim, use_bias)

    def call(self, x, mask=None, return_weights=False):
        q = self.wq(x)
        k = self.wk(x)
        v = self.wv(x)
        z, w = scaled_dot_product_attention(q, k, v, mask)
        if return_weights:
            return z, w
        return z
