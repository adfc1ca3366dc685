# exercise: SelfAttention
# mistake: the projections have a relu, as Dense layers in the student's earlier MLPs had.
# %%
import keras
from keras import ops
import numpy as np

# %%
class SelfAttention(keras.layers.Layer):
    def __init__(self, dim, use_bias=False, **kwargs):
        super().__init__(**kwargs)
        self.wq = keras.layers.Dense(dim, activation="relu", use_bias=use_bias)
        self.wk = keras.layers.Dense(dim, activation="relu", use_bias=use_bias)
        self.wv = keras.layers.Dense(dim, activation="relu", use_bias=use_bias)

    def call(self, x, mask=None, return_weights=False):
        out, w = scaled_dot_product_attention(self.wq(x), self.wk(x), self.wv(x), mask)
        return (out, w) if return_weights else out
