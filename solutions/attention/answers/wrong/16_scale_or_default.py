# exercise: attention_scores
# mistake: `scale or default` takes a given scale of 0.0 for "not given".
# %%
import keras
from keras import ops
import numpy as np

# %%
def attention_scores(q, k, scale=None):
    scale = scale or q.shape[-1] ** -0.5
    return ops.einsum("...id,...jd->...ij", q, k) * scale
