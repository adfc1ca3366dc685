# exercise: shift_captions
# mistake: takes the end for no word: its place gets weight 0, so nobody learns to stop
# %%
import keras
import numpy as np
from keras import ops


# %%
def shift_captions(captions, pad_id=0):
    captions = ops.convert_to_numpy(captions)
    inputs, targets = captions[:, :-1], captions[:, 1:]
    weights = (targets != pad_id).astype("float32")
    last = weights.sum(axis=1).astype(int) - 1
    weights[np.arange(len(weights)), last] = 0
    return inputs, targets, weights
