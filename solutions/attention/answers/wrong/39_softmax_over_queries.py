# exercise: scaled_dot_product_attention
# mistake: softmax along the query axis (-2) instead of the key axis.
# %%
import keras
from keras import ops
import numpy as np

# %%
def scaled_dot_product_attention(q, k, v, mask=None):
    e = attention_scores(q, k)
    if mask is not None:
        e = masked_scores(e, mask)
    a = softmax_rows(e, axis=-2)
    return ops.matmul(a, v), a
