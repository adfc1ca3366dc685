# exercise: relative_position_index
# mistake: np.meshgrid without indexing="ij" gives columns first, so steps to the right are multiplied by 2w - 1 in place of steps down

# %%
import keras
import numpy as np
from keras import ops

# %%
def relative_position_index(window):
    coordinates = np.stack(np.meshgrid(np.arange(window), np.arange(window)))
    coordinates = coordinates.reshape(2, -1)
    step = coordinates[:, :, None] - coordinates[:, None, :]
    step = step + window - 1
    return step[0] * (2 * window - 1) + step[1]
