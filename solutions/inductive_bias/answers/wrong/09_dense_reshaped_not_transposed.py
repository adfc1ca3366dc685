# exercise: dense_as_1x1_conv
# mistake: the kernel is believed to be (D, C), transposed, and then reshaped to fit: its numbers come to lie at wrong places
# %%
import keras
import numpy as np
from keras import ops



# %%
def dense_as_1x1_conv(x, kernel, bias):
    channels, units = kernel.shape
    kernel = ops.reshape(ops.transpose(kernel), (1, 1, channels, units))
    return ops.conv(x, kernel) + bias
