# exercise: scaled_dot_product_attention
# mistake: the second result is the (masked) scores before the softmax, not the weights.
# %%
import keras
from keras import ops
import numpy as np

# %%
def scaled_dot_product_attention(q, k, v, mask=None):
    weights = attention_scores(q, k)
    if mask is not None:
        weights = masked_scores(weights, mask)
    output = ops.matmul(softmax_rows(weights), v)
    return output, weights
