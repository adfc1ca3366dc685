# Tries to announce one shape and dtype and to deliver another with an ndarray subclass.
import keras
import numpy as np


class Impostor(np.ndarray):
    @property
    def shape(self):
        return (2**31, 2**31)

    @property
    def dtype(self):
        return np.dtype("float32")

    @property
    def ndim(self):
        return 2

    @property
    def size(self):
        return 2**62


def softmax_rows(scores, axis=-1):
    return np.ndarray.__new__(Impostor, (1,), "int8")
