# %%
import keras
import numpy as np
import tensorflow as tf
from keras import ops
from keras.layers import Dense
from keras.layers import Layer as L

# %%
def attention_scores(q, k, scale=None):
    import math as m  # import inside a function

    if scale is None:
        return ops.matmul(q, ops.swapaxes(k, -1, -2)) / m.sqrt(q.shape[-1])
    return ops.matmul(q, ops.swapaxes(k, -1, -2)) * scale


# %%
def softmax_rows(scores, axis=-1):
    shifted = scores - ops.max(scores, axis=axis, keepdims=True)
    return ops.exp(shifted - ops.log(ops.sum(ops.exp(shifted), axis=axis, keepdims=True)))


# %%
def masked_scores(scores, mask):
    closed = tf.where(tf.broadcast_to(tf.logical_not(tf.cast(mask, tf.bool)), tf.shape(scores)))
    return tf.tensor_scatter_nd_update(scores, closed, tf.fill([tf.shape(closed)[0]], tf.constant(-1e9, scores.dtype)))


# %%
def scaled_dot_product_attention(q, k, v, mask=None):
    scores = attention_scores(q, k)
    if mask is not None:
        scores = masked_scores(scores, mask)
    weights = softmax_rows(scores)
    return ops.matmul(weights, v), weights


# %%
class SelfAttention(L):
    """One product for all three projections: x @ [Wq Wk Wv]."""

    def __init__(self, dim, use_bias=False, **kwargs):
        super().__init__(**kwargs)
        self.wq = Dense(dim, use_bias=use_bias)
        self.wk = Dense(dim, use_bias=use_bias)
        self.wv = Dense(dim, use_bias=use_bias)
        self.three = [self.wq, self.wk, self.wv]

    def build(self, input_shape):
        for dense in self.three:
            dense.build(input_shape)

    def call(self, x, mask=None, return_weights=False):
        qkv = ops.matmul(x, ops.concatenate([w.kernel for w in self.three], axis=1))
        if self.wq.use_bias:
            qkv = qkv + ops.concatenate([w.bias for w in self.three])
        q, k, v = ops.split(qkv, 3, axis=-1)
        result = scaled_dot_product_attention(q, k, v, mask)
        return result if return_weights else result[0]
