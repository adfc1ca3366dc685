# exercise: BlurPool2D
# mistake: two averages of neighbours make 1 2 1, but both look right and down, so the blur is centred one pixel too far
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
        for _ in range(2):
            images = (images + ops.roll(images, -1, axis=1)) / 2
            images = (images + ops.roll(images, -1, axis=2)) / 2
        return images[:, :: self.stride, :: self.stride]
