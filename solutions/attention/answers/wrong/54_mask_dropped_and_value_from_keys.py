# exercise: SelfAttention
# mistake: two at once: the mask is never handed on, and the values are projected with wk (wv is built but unused).
# %%
import keras
from keras import ops
import numpy as np

# %%
class SelfAttention(keras.layers.Layer):
    def __init__(self, dim, use_bias=False, **kwargs):
        super().__init__(**kwargs)
        self.wq = keras.layers.Dense(dim, use_bias=use_bias)
        self.wk = keras.layers.Dense(dim, use_bias=use_bias)
        self.wv = keras.layers.Dense(dim, use_bias=use_bias)

    def build(self, input_shape):
        self.wq.build(input_shape)
        self.wk.build(input_shape)
        self.wv.build(input_shape)

    def call(self, x, mask=None, return_weights=False):
        q = self.wq(x)
        k = self.wk(x)
        v = self.wk(x)
        out, w = scaled_dot_product_attention(q, k, v)
        return (out, w) if return_weights else out
