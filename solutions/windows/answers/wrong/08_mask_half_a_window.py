# exercise: shifted_window_mask
# mistake: the seam is always half a window from the end, as in Swin, whatever the shift (but 0)

# %%
import keras
import numpy as np
from keras import ops

# %%
def shifted_window_mask(height, width, window, shift):
    if shift > 0:
        shift = window // 2
    i, j = np.meshgrid(np.arange(height), np.arange(width), indexing="ij")
    region = 2 * (i >= height - shift) + (j >= width - shift)
    cut = region.reshape(height // window, window, width // window, window)
    cut = cut.transpose(0, 2, 1, 3).reshape(-1, window * window)
    return (cut[:, :, None] == cut[:, None, :]).astype("float32")
