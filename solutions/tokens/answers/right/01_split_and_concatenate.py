# %%
from keras import ops


def rows_of(picture, side):
    """Cut along the height into a list of stripes."""
    return ops.split(picture, picture.shape[1] // side, axis=1)


def squares_of(stripe, side):
    return ops.split(stripe, stripe.shape[2] // side, axis=2)


# %%
def patchify(images, patch_size):
    flat = []
    for stripe in rows_of(images, patch_size):
        for square in squares_of(stripe, patch_size):
            flat.append(ops.reshape(square, (square.shape[0], 1, -1)))
    return ops.concatenate(flat, axis=1)


# %%
def unpatchify(patches, patch_size, height, width):
    per_row = width // patch_size
    stripes = []
    for first in range(0, (height // patch_size) * per_row, per_row):
        row = [
            ops.reshape(patches[:, first + k], (patches.shape[0], patch_size, patch_size, -1)) for k in range(per_row)
        ]
        stripes.append(ops.concatenate(row, axis=2))
    return ops.concatenate(stripes, axis=1)
