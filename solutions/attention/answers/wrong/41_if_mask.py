# exercise: scaled_dot_product_attention
# mistake: writes `if mask:` instead of `if mask is not None`, which crashes for any mask with more than one entry.
# %%
import keras
from keras import ops
import numpy as np

# %%
def scaled_dot_product_attention(q, k, v, mask=None):
    s = attention_scores(q, k)
    if mask:
        s = masked_scores(s, mask)
    w = softmax_rows(s)
    return ops.matmul(w, v), w
