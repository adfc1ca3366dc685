# exercise: SelfAttention
# mistake: forgets to hand use_bias on, and Dense has a bias by default.
# %%
import keras
from keras import ops
import numpy as np

# %%
class SelfAttention(keras.layers.Layer):
    def __init__(self, dim, use_bias=False, **kwargs):
        super().__init__(**kwargs)
        self.use_bias = use_bias
        self.wq = keras.layers.Dense(dim)
        self.wk = keras.layers.Dense(dim)
        self.wv = keras.layers.Dense(dim)

    def call(self, x, mask=None, return_weights=False):
        out, w = scaled_dot_product_attention(self.wq(x), self.wk(x), self.wv(x), mask)
        return (out, w) if return_weights else out
