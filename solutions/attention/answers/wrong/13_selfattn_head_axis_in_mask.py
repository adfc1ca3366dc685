# exercise: SelfAttention
# mistake: Adds a head axis to the mask although there is only one head, so a (B, N, N) mask broadcasts the result to four axes and an (N, N) mask crashes or lands on the wrong axes.
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

    def call(self, x, mask=None, return_weights=False):
        if mask is not None:
            # (B, N, N) -> (B, 1, N, N): same mask for all heads
            mask = ops.expand_dims(mask, axis=1)
        out, weights = scaled_dot_product_attention(self.wq(x), self.wk(x), self.wv(x), mask)
        if return_weights:
            return out, weights
        return out
