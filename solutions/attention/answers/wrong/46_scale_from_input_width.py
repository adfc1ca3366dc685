# exercise: SelfAttention
# mistake: scales by the input width D instead of dim (right only when D equals dim).
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
        s = attention_scores(self.wq(x), self.wk(x), scale=x.shape[-1] ** -0.5)
        if mask is not None:
            s = masked_scores(s, mask)
        w = softmax_rows(s)
        out = ops.matmul(w, self.wv(x))
        return (out, w) if return_weights else out
