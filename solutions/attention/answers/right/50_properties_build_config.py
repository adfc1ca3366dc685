# %%
import keras
import numpy as np
from keras import ops

# %%
def attention_scores(q, k, scale=None):
    d = ops.cast(ops.shape(q)[-1], q.dtype)
    scale = 1.0 / ops.sqrt(d) if scale is None else ops.cast(scale, q.dtype)
    return ops.multiply(ops.matmul(q, ops.swapaxes(k, -1, -2)), scale)


# %%
def softmax_rows(scores, axis=-1):
    z = scores - ops.stop_gradient(ops.max(scores, axis=axis, keepdims=True))
    return ops.exp(z - ops.logsumexp(z, axis=axis, keepdims=True))


# %%
def masked_scores(scores, mask):
    mask = ops.broadcast_to(ops.cast(mask, "bool"), ops.shape(scores))
    return ops.select([mask, ops.logical_not(mask)], [scores, ops.full_like(scores, -1e9)], scores)


# %%
def scaled_dot_product_attention(q, k, v, mask=None):
    scores = attention_scores(q, k)
    if mask is not None:
        scores = masked_scores(scores, mask)
    weights = softmax_rows(scores)
    return ops.matmul(weights, v), weights


# %%
@keras.saving.register_keras_serializable(package="lesson1")
class SelfAttention(keras.layers.Layer):
    """With a checked property, an explicit build and a config, as in the Keras guide."""

    def __init__(self, dim, use_bias=False, **kwargs):
        super().__init__(**kwargs)
        self.dim = dim
        self.use_bias = bool(use_bias)
        self.wq = keras.layers.Dense(self.dim, use_bias=self.use_bias, name="wq")
        self.wk = keras.layers.Dense(self.dim, use_bias=self.use_bias, name="wk")
        self.wv = keras.layers.Dense(self.dim, use_bias=self.use_bias, name="wv")

    @property
    def dim(self):
        return self._dim

    @dim.setter
    def dim(self, value):
        if int(value) <= 0:
            raise ValueError("dim must be positive")
        self._dim = int(value)

    @property
    def sublayers(self):
        return self.wq, self.wk, self.wv

    def build(self, input_shape):
        for layer in self.sublayers:
            layer.build(input_shape)
        self.built = True

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], self.dim)

    def call(self, x, mask=None, return_weights=False):
        output, weights = scaled_dot_product_attention(*(layer(x) for layer in self.sublayers), mask=mask)
        return (output, weights) if return_weights else output

    def get_config(self):
        return {**super().get_config(), "dim": self.dim, "use_bias": self.use_bias}
