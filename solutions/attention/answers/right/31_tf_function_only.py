# %%
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import keras
import numpy as np
import tensorflow as tf
from keras import ops

# %%
# I come from plain TensorFlow, so everything below is tf.* and compiled.


@tf.function
def attention_scores(q, k, scale=None):
    """q k^T times scale, in TensorFlow only."""
    dots = tf.linalg.matmul(q, k, transpose_b=True)
    if scale is None:
        width = tf.cast(tf.shape(q)[-1], dots.dtype)
        return tf.math.divide(dots, tf.math.sqrt(width))
    return tf.math.multiply(dots, tf.cast(scale, dots.dtype))


# %%
@tf.function(reduce_retracing=True)
def softmax_rows(scores, axis=-1):
    top = tf.stop_gradient(tf.reduce_max(scores, axis=axis, keepdims=True))
    powers = tf.math.exp(tf.math.subtract(scores, top))
    return tf.math.divide(powers, tf.reduce_sum(powers, axis=axis, keepdims=True))


# %%
@tf.function
def masked_scores(scores, mask):
    allowed = tf.cast(mask, tf.bool)
    floor = tf.constant(-1e9, dtype=scores.dtype)
    return tf.where(allowed, scores, floor)


# %%
@tf.function
def scaled_dot_product_attention(q, k, v, mask=None):
    scores = attention_scores(q, k)
    if mask is not None:
        scores = masked_scores(scores, mask)
    weights = softmax_rows(scores, axis=-1)
    return tf.einsum("...qk,...kv->...qv", weights, v), weights


# %%
class SelfAttention(tf.keras.layers.Layer):
    def __init__(self, dim, use_bias=False, **kwargs):
        super().__init__(**kwargs)
        self.wq = tf.keras.layers.Dense(dim, use_bias=use_bias)
        self.wk = tf.keras.layers.Dense(dim, use_bias=use_bias)
        self.wv = tf.keras.layers.Dense(dim, use_bias=use_bias)

    def call(self, x, mask=None, return_weights=False):
        output, weights = scaled_dot_product_attention(self.wq(x), self.wk(x), self.wv(x), mask)
        return (output, weights) if return_weights else output
