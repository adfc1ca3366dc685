# exercise: attention_scores
# mistake: divides by the given scale instead of multiplying with it (the default sqrt(d) still comes out right).
# %%
import keras
from keras import ops
import numpy as np
import math

# %%
def attention_scores(q, k, scale=None):
    if scale is None:
        scale = math.sqrt(q.shape[-1])
    return ops.matmul(q, ops.swapaxes(k, -1, -2)) / scale
