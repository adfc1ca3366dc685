# exercise: local_attention_mask
# mistake: neighbours are found by number only, so the square goes on in the next row where a row of the grid ends

# %%
import keras
import numpy as np
from keras import ops

# %%
def local_attention_mask(height, width, radius):
    n = height * width
    mask = np.zeros((n, n), dtype="float32")
    for p in range(n):
        for dy in range(-radius, radius + 1):
            for dx in range(-radius, radius + 1):
                q = p + dy * width + dx
                if 0 <= q < n:
                    mask[p, q] = 1
    return mask
