# exercise: BlurPool2D
# mistake: the ends are swapped in the padding: the first row is put above itself and the last one below itself, columns likewise
# %%
import keras
import numpy as np
from keras import ops



# %%
class BlurPool2D(keras.layers.Layer):
    def __init__(self, stride=2, **kwargs):
        super().__init__(**kwargs)
        self.stride = stride

    def call(self, images):
        line = np.array([1, 2, 1], "float32") / 4
        kernel = np.tile(np.outer(line, line)[:, :, None, None], (1, 1, images.shape[-1], 1))
        images = ops.concatenate([images[:, :1], images, images[:, -1:]], axis=1)
        images = ops.concatenate([images[:, :, :1], images, images[:, :, -1:]], axis=2)
        return ops.depthwise_conv(images, kernel)[:, :: self.stride, :: self.stride]
