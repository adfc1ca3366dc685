# exercise: scaled_dot_product_attention
# mistake: masks the weights after the softmax and does not normalise again, so the rows no longer sum to 1.
# %%
import keras
from keras import ops
import numpy as np

# %%
def scaled_dot_product_attention(q, k, v, mask=None):
    w = softmax_rows(attention_scores(q, k))
    if mask is not None:
        w = w * ops.cast(mask, "float32")
    return ops.matmul(w, v), w
