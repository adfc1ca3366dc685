# Tries to answer with a class whose metaclass lies about calls, comparisons and conversions.
import keras
import numpy as np


class Meta(type):
    def __call__(cls, *args, **kwargs):
        return cls

    def __eq__(cls, other):
        return True

    def __hash__(cls):
        return 0

    def __array__(cls, dtype=None, copy=None):
        return np.zeros((2, 3), "float32")

    def __instancecheck__(cls, thing):
        return True

    shape = property(lambda cls: (2, 3))


class softmax_rows(metaclass=Meta):
    dtype = np.dtype("float32")
