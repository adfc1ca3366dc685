# exercise: scaled_weight_standardization
# mistake: M is kh * kw * Cout in place of kh * kw * Cin (the fan-out)
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
    fan_in = kh * kw * c_out
    return gain * (kernel - mean) / ops.sqrt(ops.maximum(fan_in * var, epsilon))
