# exercise: masked_scores
# mistake: Multiplies by the mask and then forbids every entry that is 0, so an allowed entry whose score is exactly 0 is forbidden too.
# %%
import keras
from keras import ops
import numpy as np

# %%
def masked_scores(scores, mask):
    scores = ops.convert_to_tensor(scores)
    mask = ops.cast(mask, scores.dtype)
    kept = scores * mask              # forbidden ones are 0 now
    return ops.where(kept == 0, -1e9, kept)
