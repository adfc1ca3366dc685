# exercise: LayerScale
# mistake: the residual is inside the layer: x + gamma * x
# %%
import math

import keras
import numpy as np
from keras import ops

# %%
class LayerScale(keras.layers.Layer):
    def __init__(self, init_value=1e-5, **kwargs):
        super().__init__(**kwargs)
        self.init_value = init_value

    def build(self, input_shape):
        self.gamma = self.add_weight(
            name="gamma", shape=(input_shape[-1],), initializer=keras.initializers.Constant(self.init_value)
        )

    def call(self, x):
        return x + x * self.gamma
