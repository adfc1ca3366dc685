# %%
import keras
from keras import ops
import numpy as np

# %%
import tensorflow as tf
from math import sqrt

# %% 
def softmax_rows(scores, axis=-1):
    """p = exp(x - logsumexp(x)), in double precision so that x - lse keeps its digits."""
    def lse(t):
        return tf.reduce_logsumexp(t, axis=axis, keepdims=True)
    x = tf.cast(scores, tf.float64)
    return tf.exp(x - lse(x))

# %%
def attention_scores(q, k, scale=None):
    def flatten(t):
        return ops.reshape(t, (-1,) + tuple(t.shape[-2:]))

    def one(pair):
        a, b = pair
        return ops.tensordot(a, b, axes=[[1], [1]])

    qs, ks = flatten(q), flatten(k)
    s = ops.stack([one(p) for p in zip(ops.unstack(qs), ops.unstack(ks))])
    s = ops.reshape(s, tuple(q.shape[:-1]) + (k.shape[-2],))
    if scale is not None:
        return s * scale
    return s / sqrt(k.shape[-1])

# %%
def masked_scores(scores, mask):
    scores = ops.convert_to_tensor(scores)
    mask = ops.convert_to_tensor(mask)
    if mask.dtype == tf.bool:
        mask = ops.cast(mask, "int32")
    # minimum with a bias: +max where allowed, -1e9 where forbidden
    big = np.finfo("float32").max
    ceiling = ops.where(mask > 0, big, -1e9)
    return ops.minimum(scores, ops.cast(ceiling, scores.dtype))

# %%
def scaled_dot_product_attention(q, k, v, mask=None):
    scores = attention_scores(q, k)
    if (m := mask) is not None:
        scores = masked_scores(scores, m)
    weights = softmax_rows(scores)
    output = tf.linalg.matmul(weights, tf.cast(v, tf.float64))
    return output, weights

# %%
class SelfAttention(keras.layers.Layer):
    def __init__(self, dim, use_bias=False, **kwargs):
        super().__init__(**kwargs)
        self.dim = dim
        dense = lambda n: keras.layers.Dense(dim, use_bias=use_bias, name=f"{self.name}_{n}")
        self.wq = dense("query")
        self.wk = dense("key")
        self.wv = dense("value")

    def call(self, x, mask=None, return_weights=False):
        q = self.wq(x)
        k = self.wk(x)
        v = self.wv(x)

        def attend():
            e = ops.einsum("bid,bjd->bij", q, k) / sqrt(self.dim)
            if mask is not None:
                e = masked_scores(e, mask)
            return ops.cast(softmax_rows(e), "float32")

        alpha = attend()
        # y_i = sum_j alpha_ij v_j, as on the slide
        y = ops.sum(ops.expand_dims(alpha, -1) * ops.expand_dims(v, 1), axis=2)
        return (y, alpha) if return_weights else y
