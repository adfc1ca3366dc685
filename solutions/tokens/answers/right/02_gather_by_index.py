# %%
from functools import lru_cache

import numpy as np
from keras import ops


@lru_cache(maxsize=None)
def reading_order(height, width, side):
    """Entry k: which pixel of the flattened image comes at place k when one reads patch by patch."""
    order = []
    for top in range(0, height, side):
        for left in range(0, width, side):
            for y in range(top, top + side):
                for x in range(left, left + side):
                    order.append(y * width + x)
    return tuple(order)


# %%
def patchify(images, patch_size):
    b, h, w, c = images.shape
    order = np.array(reading_order(h, w, patch_size), "int32")
    pixels = ops.reshape(images, (b, h * w, c))
    return ops.reshape(ops.take(pixels, order, axis=1), (b, len(order) // patch_size**2, patch_size**2 * c))


# %%
def unpatchify(patches, patch_size, height, width):
    back = np.argsort(reading_order(height, width, patch_size)).astype("int32")
    pixels = ops.reshape(patches, (patches.shape[0], height * width, -1))
    return ops.reshape(ops.take(pixels, back, axis=1), (patches.shape[0], height, width, -1))


# %%
def dense_to_conv_kernel(kernel, patch_size, channels):
    rows = np.arange(patch_size * patch_size * channels, dtype="int32")
    return ops.take(kernel, rows.reshape(patch_size, patch_size, channels), axis=0)
