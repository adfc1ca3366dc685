# %%
import keras
import numpy as np
from keras import ops


def one_hot_kernel(side, channels):
    """A convolution kernel that copies: output k is number k of the window."""
    size = side * side * channels
    return np.eye(size, dtype="float32").reshape(side, side, channels, size)


# %%
def patchify(images, patch_size):
    channels = images.shape[-1]
    maps = ops.conv(images, one_hot_kernel(patch_size, channels), strides=patch_size, padding="valid")
    return ops.reshape(maps, (maps.shape[0], maps.shape[1] * maps.shape[2], maps.shape[3]))


# %%
class PatchEmbedding(keras.layers.Layer):
    def __init__(self, patch_size, dim, **kwargs):
        super().__init__(**kwargs)
        self.patch_size = patch_size
        self.dim = dim
        self.proj = keras.layers.Dense(dim)

    def build(self, input_shape):
        self.proj.build((None, None, self.patch_size**2 * input_shape[-1]))
        super().build(input_shape)

    def call(self, images):
        p = self.patch_size
        kernel = ops.reshape(self.proj.kernel, (p, p, images.shape[-1], self.dim))
        maps = ops.conv(images, kernel, strides=p, padding="valid", data_format="channels_last")
        return ops.reshape(maps, (-1, maps.shape[1] * maps.shape[2], self.dim)) + self.proj.bias


# %%
def dense_to_conv_kernel(kernel, patch_size, channels):
    copy = one_hot_kernel(patch_size, channels)
    return ops.einsum("yxcr,rd->yxcd", copy, kernel)
