# exercise: SelfAttention
# mistake: keeps a numpy copy of the kernels from the first call, so weights overwritten later have no effect.
# %%
import keras
from keras import ops
import numpy as np

# %%
class SelfAttention(keras.layers.Layer):
    def __init__(self, dim, use_bias=False, **kwargs):
        super().__init__(**kwargs)
        self.use_bias = use_bias
        self.wq = keras.layers.Dense(dim, use_bias=use_bias)
        self.wk = keras.layers.Dense(dim, use_bias=use_bias)
        self.wv = keras.layers.Dense(dim, use_bias=use_bias)

    def build(self, input_shape):
        parts = []
        for w in (self.wq, self.wk, self.wv):
            w.build(input_shape)
            parts.append(np.array(w.kernel))
        self.all_kernels = np.concatenate(parts, axis=1)      # one product is faster than three

    def call(self, x, mask=None, return_weights=False):
        q, k, v = ops.split(ops.matmul(x, self.all_kernels), 3, axis=-1)
        if self.use_bias:
            q, k, v = q + self.wq.bias, k + self.wk.bias, v + self.wv.bias
        out, w = scaled_dot_product_attention(q, k, v, mask)
        return (out, w) if return_weights else out
