# exercise: SelfAttention
# mistake: Creates the Dense sublayers inside call and not in __init__, so Keras raises already at the first call because the layer counts as built by then.
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
        out, weights = scaled_dot_product_attention(self.wq(x), self.wk(x), self.wv(x), mask)
        return (out, weights) if return_weights else out
