# exercise: scaled_dot_product_attention
# mistake: scales by the width of the values dv instead of the width of queries and keys.
# %%
import keras
from keras import ops
import numpy as np

# %%
def scaled_dot_product_attention(q, k, v, mask=None):
    depth = v.shape[-1]
    scores = ops.matmul(q, ops.swapaxes(k, -1, -2)) / float(np.sqrt(depth))
    if mask is not None:
        scores = masked_scores(scores, mask)
    weights = ops.softmax(scores, axis=-1)
    return ops.matmul(weights, v), weights
