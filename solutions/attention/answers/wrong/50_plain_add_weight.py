# exercise: SelfAttention
# mistake: wq, wk, wv are bare weights, not sublayers, so there is no wq.kernel; the bias has another name too.
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

    def build(self, input_shape):
        D = input_shape[-1]
        self.wq = self.add_weight(shape=(D, self.dim))
        self.wk = self.add_weight(shape=(D, self.dim))
        self.wv = self.add_weight(shape=(D, self.dim))
        if self.use_bias:
            self.bq = self.add_weight(shape=(self.dim,), initializer="zeros")
            self.bk = self.add_weight(shape=(self.dim,), initializer="zeros")
            self.bv = self.add_weight(shape=(self.dim,), initializer="zeros")

    def call(self, x, mask=None, return_weights=False):
        q, k, v = x @ self.wq, x @ self.wk, x @ self.wv
        if self.use_bias:
            q, k, v = q + self.bq, k + self.bk, v + self.bv
        out, w = scaled_dot_product_attention(q, k, v, mask)
        return (out, w) if return_weights else out
