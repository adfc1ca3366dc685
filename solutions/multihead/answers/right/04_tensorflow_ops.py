# %%
import tensorflow as tf


# %%
def split_heads(x, num_heads):
    return tf.stack(tf.split(x, num_heads, axis=-1), axis=1)


# %%
def merge_heads(x):
    return tf.concat(tf.unstack(x, axis=1), axis=-1)


# %%
class MultiHeadAttention(keras.layers.Layer):
    def __init__(self, dim, num_heads, dropout=0.0, use_bias=True, **kwargs):
        super().__init__(**kwargs)
        self.num_heads = num_heads
        self.scale = tf.math.rsqrt(tf.cast(dim // num_heads, tf.float32))
        self.rate = dropout
        self.wq = tf.keras.layers.Dense(dim, use_bias=use_bias)
        self.wk = tf.keras.layers.Dense(dim, use_bias=use_bias)
        self.wv = tf.keras.layers.Dense(dim, use_bias=use_bias)
        self.wo = tf.keras.layers.Dense(dim, use_bias=use_bias)

    def call(self, query, key_value=None, mask=None, return_weights=False, training=None):
        key_value = query if key_value is None else key_value
        q = split_heads(self.wq(query), self.num_heads)
        k = split_heads(self.wk(key_value), self.num_heads)
        v = split_heads(self.wv(key_value), self.num_heads)
        logits = tf.linalg.matmul(q, k, transpose_b=True) * self.scale
        if mask is not None:
            logits = tf.where(tf.cast(mask, tf.bool), logits, logits.dtype.min)
        weights = tf.nn.softmax(logits, axis=-1)
        used = tf.nn.dropout(weights, rate=self.rate) if training and self.rate > 0 else weights
        result = self.wo(merge_heads(tf.linalg.matmul(used, v)))
        if return_weights:
            return result, weights
        return result


# %%
def permutation_gap(layer, x, perm):
    first = layer(tf.gather(x, perm, axis=1))
    last = tf.gather(layer(x), perm, axis=1)
    return tf.reduce_max(tf.abs(tf.subtract(first, last)))


# %%
def figure():
    side = tf.constant([32.0, 64.0, 112.0, 224.0, 448.0], dtype=tf.float64)
    pixel = 4.0 * tf.square(tf.square(side))
    patch = 4.0 * tf.square(tf.square(side / 16.0))
    x = tf.math.log(side) - tf.reduce_mean(tf.math.log(side))

    def slope(y):
        y = tf.math.log(y)
        return tf.reduce_sum(x * (y - tf.reduce_mean(y))) / tf.reduce_sum(x * x)

    return {
        "pixel_bytes": pixel,
        "patch_bytes": patch,
        "slopes": tf.stack([slope(pixel), slope(patch)]),
        "answer_1": 2.0 * 768,
        "answer_2": (1, 2, 2, 0),
    }
