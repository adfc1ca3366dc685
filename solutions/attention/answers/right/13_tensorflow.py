# %%
import keras
from keras import ops
import numpy as np

# %%
import tensorflow as tf

# I know TF better than keras.ops so I use it everywhere
def attention_scores(q, k, scale=None):
    q = tf.convert_to_tensor(q)
    k = tf.convert_to_tensor(k)
    if scale is None:
        dk = tf.cast(tf.shape(k)[-1], q.dtype)
        scale = tf.math.rsqrt(dk)
    return tf.matmul(q, k, transpose_b=True) * scale

# %%
def softmax_rows(scores, axis=-1):
    scores = tf.convert_to_tensor(scores)
    biggest = tf.reduce_max(scores, axis=axis, keepdims=True)
    ex = tf.exp(scores - tf.stop_gradient(biggest))
    return tf.math.divide(ex, tf.reduce_sum(ex, axis=axis, keepdims=True))

# %%
def masked_scores(scores, mask):
    scores = tf.convert_to_tensor(scores)
    mask = tf.cast(mask, tf.bool)
    mask = tf.broadcast_to(mask, tf.shape(scores))
    return tf.where(mask, scores, tf.ones_like(scores) * scores.dtype.min)

# %%
def scaled_dot_product_attention(q, k, v, mask=None):
    logits = attention_scores(q, k)
    if mask is not None:
        logits = masked_scores(logits, mask)
    att = tf.nn.softmax(logits, axis=-1)
    return tf.linalg.matmul(att, v), att

# %%
class SelfAttention(tf.keras.layers.Layer):
    def __init__(self, dim, use_bias=False, **kwargs):
        super().__init__(**kwargs)
        self.dim = dim
        self.use_bias = use_bias

    def build(self, input_shape):
        for name in ["wq", "wk", "wv"]:
            dense = tf.keras.layers.Dense(self.dim, use_bias=self.use_bias)
            dense.build(input_shape)
            setattr(self, name, dense)
        self.built = True

    def call(self, x, mask=None, return_weights=False):
        q = self.wq(x)
        k = self.wk(x)
        v = self.wv(x)
        y, att = scaled_dot_product_attention(q, k, v, mask)
        if not return_weights:
            return y
        return y, att
