# exercise: attention_pairs
# mistake: "local" counts a full square for every token (only kept within the size of the grid), so nothing is cut off at the border

# %%
import keras
import numpy as np
from keras import ops

# %%
def attention_pairs(kind, height, width, window=None, radius=None):
    tokens = height * width
    if kind == "global":
        return tokens**2
    if kind == "local":
        side = 2 * radius + 1
        return tokens * min(side, height) * min(side, width)
    if kind == "axial":
        return tokens * (height + width)
    return tokens * window**2
