# exercise: attention_scores
# mistake: The einsum string is written for exactly one batch axis, so 2-D inputs and inputs with a head axis crash.
# %%
import keras
from keras import ops
import numpy as np

# %%
def attention_scores(q, k, scale=None):
    d = q.shape[-1]
    if scale is None:
        scale = 1.0 / np.sqrt(d)
    # b = batch, i = query, j = key
    scores = ops.einsum("bid,bjd->bij", q, k)
    return scores * float(scale)
