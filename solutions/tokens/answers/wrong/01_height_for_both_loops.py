# exercise: patchify
# mistake: both loops run over the height, so a wide image loses patches and a high one gets empty ones
# %%
import numpy as np


def patchify(images, patch_size):
    images = np.array(images)
    batch, height, width, channels = images.shape
    patches = []
    for row in range(height // patch_size):
        for column in range(height // patch_size):
            y, x = row * patch_size, column * patch_size
            patch = images[:, y : y + patch_size, x : x + patch_size, :]
            patches.append(patch.reshape(batch, -1))
    return np.stack(patches, axis=1)
