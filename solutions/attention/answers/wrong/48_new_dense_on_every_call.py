# exercise: SelfAttention
# mistake: makes the Dense layers inside call (new random weights every time); Keras refuses this from the first call on, because a built layer may not get new sublayers.
# %%
import keras
from keras import ops
import numpy as np

# %%
class SelfAttention(keras.layers.Layer):
    def __init__(self, dim, use_bias=False, **kwargs):
        super().__init__(**kwargs)
        self.dim = dim
        self.use_bias = use_bias

    def call(self, x, mask=None, return_weights=False):
        self.wq = keras.layers.Dense(self.dim, use_bias=self.use_bias)
        self.wk = keras.layers.Dense(self.dim, use_bias=self.use_bias)
        self.wv = keras.layers.Dense(self.dim, use_bias=self.use_bias)
        out, w = scaled_dot_product_attention(self.wq(x), self.wk(x), self.wv(x), mask)
        return (out, w) if return_weights else out
