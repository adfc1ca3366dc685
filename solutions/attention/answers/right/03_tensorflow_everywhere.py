# %%
import keras
from keras import ops
import numpy as np

# %%
import tensorflow as tf

# %%
def attention_scores(q, k, scale=None):
    q = tf.convert_to_tensor(q)
    k = tf.convert_to_tensor(k)
    if scale is None:
        dk = tf.cast(tf.shape(k)[-1], q.dtype)
        return tf.matmul(q, k, transpose_b=True) / tf.math.sqrt(dk)
    return tf.matmul(q, k, transpose_b=True) * scale

# %%
def softmax_rows(scores, axis=-1):
    scores = tf.convert_to_tensor(scores)
    e = tf.exp(scores - tf.reduce_max(scores, axis=axis, keepdims=True))
    return tf.math.divide(e, tf.reduce_sum(e, axis=axis, keepdims=True))

# %%
@tf.function
def _mask_graph(scores, keep):
    very_small = tf.fill(tf.shape(scores), tf.constant(-1e10, scores.dtype))
    return tf.where(keep, scores, very_small)

def masked_scores(scores, mask):
    return _mask_graph(tf.convert_to_tensor(scores), tf.cast(mask, tf.bool))

# %%
def scaled_dot_product_attention(q, k, v, mask=None):
    logits = attention_scores(q, k)
    if mask is not None:
        logits = masked_scores(logits, mask)
    attn = tf.nn.softmax(logits, axis=-1)
    return tf.matmul(attn, v), attn

# %%
class SelfAttention(tf.keras.layers.Layer):
    def __init__(self, dim, use_bias=False, **kwargs):
        super().__init__(**kwargs)
        self.wq = tf.keras.layers.Dense(dim, use_bias=use_bias)
        self.wk = tf.keras.layers.Dense(dim, use_bias=use_bias)
        self.wv = tf.keras.layers.Dense(dim, use_bias=use_bias)

    def call(self, x, mask=None, return_weights=False):
        q, k, v = self.wq(x), self.wk(x), self.wv(x)
        y, a = scaled_dot_product_attention(q, k, v, mask=mask)
        if not return_weights:
            return y
        return y, a
