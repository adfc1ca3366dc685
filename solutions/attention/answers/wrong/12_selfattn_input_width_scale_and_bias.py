# exercise: SelfAttention
# mistake: Two mistakes: scales by 1/sqrt(D) of the input and not 1/sqrt(dim), and the Dense layers always have a bias because use_bias is only stored.
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
        self.wq = keras.layers.Dense(dim)
        self.wk = keras.layers.Dense(dim)
        self.wv = keras.layers.Dense(dim)

    def call(self, x, mask=None, return_weights=False):
        D = x.shape[-1]
        q, k, v = self.wq(x), self.wk(x), self.wv(x)
        # slide: e_ij = q_i . k_j / sqrt(D)
        e = attention_scores(q, k, scale=1.0 / D ** 0.5)
        if mask is not None:
            e = masked_scores(e, mask)
        a = softmax_rows(e)
        y = ops.matmul(a, v)
        if return_weights:
            return y, a
        return y
