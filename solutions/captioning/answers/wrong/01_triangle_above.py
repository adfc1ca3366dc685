# exercise: causal_mask
# mistake: cuts out the upper triangle: rows and columns confused, so every word sees the future and not the past
# %%
import keras
import numpy as np
from keras import ops


# %%
def causal_mask(length):
    return ops.triu(ops.ones((length, length)))
