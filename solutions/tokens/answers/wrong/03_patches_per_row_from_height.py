# exercise: unpatchify
# mistake: the number of patches in a row is taken from the height
# %%
import numpy as np


def unpatchify(patches, patch_size, height, width):
    patches = np.array(patches)
    channels = patches.shape[2] // (patch_size * patch_size)
    picture = np.zeros((patches.shape[0], height, width, channels), dtype="float32")
    in_a_row = height // patch_size
    for n in range(patches.shape[1]):
        y, x = (n // in_a_row) * patch_size, (n % in_a_row) * patch_size
        piece = patches[:, n].reshape(-1, patch_size, patch_size, channels)
        target = picture[:, y : y + patch_size, x : x + patch_size]
        if target.shape == piece.shape:
            target[...] = piece
    return picture
