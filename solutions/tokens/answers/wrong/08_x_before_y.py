# exercise: dense_to_conv_kernel
# mistake: the kernel is filled as [x, y] and not as [y, x]
# %%
import numpy as np


def place(row, patch_size, channels):
    """Row of E -> x, y and colour of the number that it is multiplied with."""
    pixel, colour = row // channels, row % channels
    return pixel % patch_size, pixel // patch_size, colour


# %%
def dense_to_conv_kernel(kernel, patch_size, channels):
    kernel = np.array(kernel)
    result = np.zeros((patch_size, patch_size, channels, kernel.shape[1]), "float32")
    for row in range(kernel.shape[0]):
        result[place(row, patch_size, channels)] = kernel[row]
    return result
