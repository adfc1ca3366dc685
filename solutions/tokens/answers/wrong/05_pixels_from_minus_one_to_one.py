# exercise: PatchEmbedding
# mistake: it rescales the pixels to [-1, 1] first, as the published code of ViT does before its model
# %%
import keras
from keras import ops


def patchify(images, patch_size):
    b, h, w, c = images.shape
    x = ops.reshape(images, (b, h // patch_size, patch_size, w // patch_size, patch_size * c))
    return ops.reshape(ops.swapaxes(x, 2, 3), (b, -1, patch_size * patch_size * c))


# %%
class PatchEmbedding(keras.layers.Layer):
    def __init__(self, patch_size, dim, **kwargs):
        super().__init__(**kwargs)
        self.patch_size = patch_size
        self.proj = keras.layers.Dense(dim)

    def call(self, images):
        images = images * 2.0 - 1.0
        return self.proj(patchify(images, self.patch_size))
