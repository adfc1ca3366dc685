# exercise: masked_scores
# mistake: Writes through numpy boolean indexing, which needs a mask of the full leading shape, so a mask that must be broadcast crashes.
# %%
import keras
from keras import ops
import numpy as np

# %%
def masked_scores(scores, mask):
    scores = np.array(scores)         # copy, so the input is not changed
    mask = np.array(mask)
    scores[mask == 0] = -1e9
    return scores
