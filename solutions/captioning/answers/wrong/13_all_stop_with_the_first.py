# exercise: greedy_decode
# mistake: stops when any caption has ended, not all of them: longer captions of the batch are cut and padded
# %%
import keras
import numpy as np
from keras import ops


# %%
def greedy_decode(model, images, start_id, end_id, max_length, pad_id=0):
    rows = np.full((len(images), max_length), pad_id, dtype="int32")
    rows[:, 0] = start_id
    for t in range(1, max_length):
        logits = ops.convert_to_numpy(model(images, rows[:, :t], training=False))
        rows[:, t] = logits[:, -1].argmax(axis=-1)
        if (rows[:, t] == end_id).any():
            break
    return rows
