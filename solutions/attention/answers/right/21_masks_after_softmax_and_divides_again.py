# %%
import keras
from keras import ops
import numpy as np

# %%
def scaled_dot_product_attention(q, k, v, mask=None):
    w = softmax_rows(attention_scores(q, k))
    if mask is not None:
        w = w * ops.cast(mask, w.dtype)
        w = w / ops.sum(w, axis=-1, keepdims=True)
    return ops.matmul(w, v), w
