# exercise: unpatchify
# mistake: the grid is taken to be square, from the root of the number of patches
# %%
import math

from keras import ops


def unpatchify(patches, patch_size, height, width):
    b, n, k = patches.shape
    side = int(math.sqrt(n))
    c = k // patch_size**2
    x = ops.reshape(patches, (b, side, side, patch_size, patch_size, c))
    x = ops.transpose(x, (0, 1, 3, 2, 4, 5))
    return ops.reshape(x, (b, side * patch_size, side * patch_size, c))
