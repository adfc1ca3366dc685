# exercise: SelfAttention
# mistake: loops over the batch and always takes mask[b], which is right for (B, N, N) but takes one row of an (N, N) mask.
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
        q, k, v = self.wq(x), self.wk(x), self.wv(x)
        outs, ws = [], []
        for b in range(x.shape[0]):
            o, w = scaled_dot_product_attention(q[b], k[b], v[b], None if mask is None else mask[b])
            outs.append(o)
            ws.append(w)
        out = ops.stack(outs)
        return (out, ops.stack(ws)) if return_weights else out
