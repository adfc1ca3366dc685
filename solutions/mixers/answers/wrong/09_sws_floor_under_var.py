# exercise: scaled_weight_standardization
# mistake: the floor lies under var, not under M * var: sqrt(M * max(var, epsilon))
# %%
import math

import keras
import numpy as np
from keras import ops

# %%
def scaled_weight_standardization(kernel, gain, epsilon=1e-4):
    mean = ops.mean(kernel, axis=(0, 1, 2), keepdims=True)
    var = ops.var(kernel, axis=(0, 1, 2), keepdims=True)
    kh, kw, c_in, c_out = kernel.shape
    fan_in = kh * kw * c_in
    return gain * (kernel - mean) / ops.sqrt(fan_in * ops.maximum(var, epsilon))
