# exercise: attention_scores
# mistake: the einsum is fixed to three axes, so inputs without a batch axis or with a heads axis crash.
# %%
import keras
from keras import ops
import numpy as np

# %%
def attention_scores(q, k, scale=None):
    s = ops.einsum("bqd,bkd->bqk", q, k)
    if scale is None:
        return s / float(np.sqrt(q.shape[2]))
    return s * scale
