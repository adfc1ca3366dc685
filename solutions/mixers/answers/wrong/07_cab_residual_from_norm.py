# exercise: ClassAttentionBlock
# mistake: the first residual starts from the normed CLS (row 0 of z), not from cls
# %%
import math

import keras
import numpy as np
from keras import ops

# %%
class ClassAttentionBlock(keras.layers.Layer):
    def __init__(self, dim, num_heads, mlp_dim, init_value=1e-5, epsilon=1e-6, **kwargs):
        super().__init__(**kwargs)
        self.norm1 = keras.layers.LayerNormalization(epsilon=epsilon)
        self.norm2 = keras.layers.LayerNormalization(epsilon=epsilon)
        self.attn = keras.layers.MultiHeadAttention(num_heads, key_dim=dim // num_heads)
        self.mlp = keras.Sequential([keras.layers.Dense(mlp_dim, activation="gelu"), keras.layers.Dense(dim)])
        self.scale1 = LayerScale(init_value)
        self.scale2 = LayerScale(init_value)

    def call(self, cls, patches, training=None):
        u = ops.concatenate([cls, patches], axis=1)
        z = self.norm1(u)
        cls = z[:, :1]
        h = cls + self.scale1(self.attn(query=cls, key=z, value=z))
        return h + self.scale2(self.mlp(self.norm2(h)))
