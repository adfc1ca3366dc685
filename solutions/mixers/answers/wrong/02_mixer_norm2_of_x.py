# exercise: MixerBlock
# mistake: copy-paste slip: norm2 and the channel MLP look at x, not at h (the two branches run in parallel)
# %%
import math

import keras
import numpy as np
from keras import ops

# %%
class MixerBlock(keras.layers.Layer):
    def __init__(self, num_tokens, dim, token_mlp_dim, channel_mlp_dim, epsilon=1e-6, **kwargs):
        super().__init__(**kwargs)
        self.norm1 = keras.layers.LayerNormalization(epsilon=epsilon)
        self.norm2 = keras.layers.LayerNormalization(epsilon=epsilon)
        self.token_mlp = keras.Sequential(
            [keras.layers.Dense(token_mlp_dim, activation="gelu"), keras.layers.Dense(num_tokens)]
        )
        self.channel_mlp = keras.Sequential(
            [keras.layers.Dense(channel_mlp_dim, activation="gelu"), keras.layers.Dense(dim)]
        )

    def call(self, x):
        z = ops.transpose(self.norm1(x), (0, 2, 1))
        h = x + ops.transpose(self.token_mlp(z), (0, 2, 1))
        return h + self.channel_mlp(self.norm2(x))
