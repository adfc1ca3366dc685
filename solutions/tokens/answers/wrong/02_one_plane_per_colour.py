# exercise: patchify
# mistake: the colours are brought to the front, so a patch is all reds, then all greens, then all blues
# %%
from keras import ops


def patchify(images, patch_size):
    b, h, w, c = images.shape
    planes = ops.moveaxis(images, -1, 1)
    planes = ops.reshape(planes, (b, c, h // patch_size, patch_size, w // patch_size, patch_size))
    patches = ops.einsum("bchpwq->bhwcpq", planes)
    return ops.reshape(patches, (b, -1, patch_size * patch_size * c))


# %%
def unpatchify(patches, patch_size, height, width):
    p = patch_size
    x = ops.reshape(patches, (patches.shape[0], height // p, width // p, p, p, -1))
    return ops.reshape(ops.swapaxes(x, 2, 3), (patches.shape[0], height, width, -1))
