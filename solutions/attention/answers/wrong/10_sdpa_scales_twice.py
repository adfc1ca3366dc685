# exercise: scaled_dot_product_attention
# mistake: Divides by sqrt(d) a second time although attention_scores has already scaled.
# %%
import keras
from keras import ops
import numpy as np

# %%
def scaled_dot_product_attention(q, k, v, mask=None):
    d_k = k.shape[-1]
    scores = attention_scores(q, k)
    scores = scores / np.sqrt(d_k).astype("float32")
    if mask is not None:
        scores = masked_scores(scores, mask)
    weights = softmax_rows(scores)
    return ops.matmul(weights, v), weights
