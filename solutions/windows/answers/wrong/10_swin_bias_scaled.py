# exercise: SwinBlock
# mistake: the bias is added before the division, so it is divided by sqrt(C/h), too

# %%
import keras
import numpy as np
from keras import ops

# %%
class SwinBlock(keras.layers.Layer):
    def __init__(self, dim, num_heads, window, shift, mlp_dim, epsilon=1e-6, **kwargs):
        super().__init__(**kwargs)
        self.dim = dim
        self.num_heads = num_heads
        self.window = window
        self.shift = shift
        self.norm1 = keras.layers.LayerNormalization(epsilon=epsilon)
        self.norm2 = keras.layers.LayerNormalization(epsilon=epsilon)
        self.wq = keras.layers.Dense(dim)
        self.wk = keras.layers.Dense(dim)
        self.wv = keras.layers.Dense(dim)
        self.wo = keras.layers.Dense(dim)
        self.mlp = keras.Sequential([keras.layers.Dense(mlp_dim, "gelu"), keras.layers.Dense(dim)])
        self.rel_bias = self.add_weight(
            name="rel_bias", shape=((2 * window - 1) ** 2, num_heads), initializer="zeros"
        )

    def heads(self, t):
        t = ops.reshape(t, (-1, self.window**2, self.num_heads, self.dim // self.num_heads))
        return ops.transpose(t, (0, 2, 1, 3))

    def attention(self, x):
        height, width = x.shape[1], x.shape[2]
        size = self.window**2
        if self.shift > 0:
            x = ops.roll(x, (-self.shift, -self.shift), axis=(1, 2))
        t = window_partition(x, self.window)
        q, k, v = self.heads(self.wq(t)), self.heads(self.wk(t)), self.heads(self.wv(t))
        bias = ops.take(self.rel_bias, ops.cast(relative_position_index(self.window), "int32"), axis=0)
        bias = ops.transpose(bias, (2, 0, 1))
        scores = ops.matmul(q, ops.transpose(k, (0, 1, 3, 2))) + bias
        scores = scores / (self.dim // self.num_heads) ** 0.5
        if self.shift > 0:
            mask = ops.cast(shifted_window_mask(height, width, self.window, self.shift), "bool")
            n_windows = mask.shape[0]
            scores = ops.reshape(scores, (-1, n_windows, self.num_heads, size, size))
            scores = ops.where(mask[None, :, None], scores, -1e9)
            scores = ops.reshape(scores, (-1, self.num_heads, size, size))
        out = ops.matmul(ops.softmax(scores, axis=-1), v)
        out = ops.reshape(ops.transpose(out, (0, 2, 1, 3)), (-1, size, self.dim))
        out = window_reverse(self.wo(out), self.window, height, width)
        if self.shift > 0:
            out = ops.roll(out, (self.shift, self.shift), axis=(1, 2))
        return out

    def call(self, x, training=None):
        h = x + self.attention(self.norm1(x))
        return h + self.mlp(self.norm2(h))
