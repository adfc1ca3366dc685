# Tries to confuse the comparison with an object whose __array__ gives another shape and dtype each time.
import itertools

import keras
import numpy as np


class Chameleon:
    faces = itertools.cycle([np.zeros((2, 3), "float32"), np.ones((1,), "float64"), np.array([None]), np.empty((0, 3))])

    def __array__(self, dtype=None, copy=None):
        return next(self.faces)

    def __len__(self):
        return len(next(self.faces))


def softmax_rows(scores, axis=-1):
    return Chameleon()
