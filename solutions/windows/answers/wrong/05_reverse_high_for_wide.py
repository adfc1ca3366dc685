# exercise: window_reverse
# mistake: the numbers of windows down and across are exchanged in the first reshape

# %%
import keras
import numpy as np
from keras import ops

# %%
def window_reverse(windows, window, height, width):
    windows = ops.convert_to_tensor(windows)
    channels = windows.shape[-1]
    x = ops.reshape(windows, (-1, width // window, height // window, window, window, channels))
    x = ops.transpose(x, (0, 1, 3, 2, 4, 5))
    return ops.reshape(x, (-1, height, width, channels))
