# exercise: attention_scores
# mistake: A scale that is passed in is treated as the divisor (like the lecture's 8 = sqrt(d_k)) and not as the factor.
# %%
import keras
from keras import ops
import numpy as np

# %%
def attention_scores(q, k, scale=None):
    # lecture: score = q.k, then divide by sqrt(d_k)
    if scale is None:
        scale = float(k.shape[-1]) ** 0.5
    k_t = ops.swapaxes(k, -1, -2)
    return ops.matmul(q, k_t) / scale
