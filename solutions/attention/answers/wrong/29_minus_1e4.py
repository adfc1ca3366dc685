# exercise: masked_scores
# mistake: the fill value is only -1e4 (a half precision habit), not small enough beside large scores.
# %%
import keras
from keras import ops
import numpy as np

# %%
def masked_scores(scores, mask):
    return ops.where(ops.cast(mask, "bool"), scores, -1e4)
