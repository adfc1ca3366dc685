# exercise: shift_captions
# mistake: the weights ask whether the INPUT is padding, so the word behind the end counts
# %%
import keras
import numpy as np
from keras import ops


# %%
def shift_captions(captions, pad_id=0):
    inputs, targets = captions[:, :-1], captions[:, 1:]
    weights = ops.cast(ops.not_equal(inputs, pad_id), "float32")
    return inputs, targets, weights
