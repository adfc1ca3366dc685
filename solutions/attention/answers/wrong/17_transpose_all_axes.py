# exercise: attention_scores
# mistake: ops.transpose without axes reverses all axes, so only 2-d inputs work.
# %%
import keras
from keras import ops
import numpy as np

# %%
def attention_scores(q, k, scale=None):
    if scale is None:
        scale = 1 / float(np.sqrt(k.shape[-1]))
    return ops.matmul(q, ops.transpose(k)) * scale
