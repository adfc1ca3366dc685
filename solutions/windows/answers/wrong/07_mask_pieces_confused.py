# exercise: shifted_window_mask
# mistake: the two sides are added without a factor, so the piece below the seam and the piece to its right have the same number

# %%
import keras
import numpy as np
from keras import ops

# %%
def shifted_window_mask(height, width, window, shift):
    below = (np.arange(height) >= height - shift).astype("int32")
    right = (np.arange(width) >= width - shift).astype("int32")
    region = below[:, None] + right[None, :]
    cut = ops.convert_to_numpy(window_partition(region[None, :, :, None], window))[..., 0]
    return (cut[:, :, None] == cut[:, None, :]).astype("int32")
