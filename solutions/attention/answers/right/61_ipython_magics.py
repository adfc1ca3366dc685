# %%
%matplotlib inline
%load_ext autoreload
%autoreload 2
import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import ops
from vitlab import check, demo, plots

# %%
!pip list | grep -i keras
?ops.matmul

# %%
%%time
def attention_scores(q, k, scale=None):
    if scale is None:
        scale = 1 / q.shape[-1] ** 0.5
    return ops.matmul(q, ops.swapaxes(k, -1, -2)) * scale

# %%
%timeit -n 3 -r 1 attention_scores(ops.ones((2, 3, 4)), ops.ones((2, 5, 4)))
attention_scores?

# %%
%%capture captured
print("noise")
def softmax_rows(scores, axis=-1):
    e = ops.exp(scores - ops.max(scores, axis=axis, keepdims=True))
    return e / ops.sum(e, axis=axis, keepdims=True)

# %%
%%bash
nvidia-smi || echo "no GPU"

# %%
where_am_i = !pwd
here = %pwd
def masked_scores(scores, mask):
    return ops.where(ops.cast(mask, "bool"), scores, -1e9)

# %%
get_ipython().run_line_magic("config", "InlineBackend.figure_format = 'retina'")

# %%
def scaled_dot_product_attention(q, k, v, mask=None):
    scores = attention_scores(q, k)
    if mask is not None:
        scores = masked_scores(scores, mask)
    weights = softmax_rows(scores)
    return ops.matmul(weights, v), weights
%time scaled_dot_product_attention(ops.ones((1, 2, 3)), ops.ones((1, 2, 3)), ops.ones((1, 2, 3)));

# %%
display(_)

# %%
class SelfAttention(keras.layers.Layer):
    def __init__(self, dim, use_bias=False, **kwargs):
        super().__init__(**kwargs)
        self.wq = keras.layers.Dense(dim, use_bias=use_bias)
        self.wk = keras.layers.Dense(dim, use_bias=use_bias)
        self.wv = keras.layers.Dense(dim, use_bias=use_bias)

    def call(self, x, mask=None, return_weights=False):
        output, weights = scaled_dot_product_attention(self.wq(x), self.wk(x), self.wv(x), mask)
        if return_weights:
            return output, weights
        return output

# %%
%whos
