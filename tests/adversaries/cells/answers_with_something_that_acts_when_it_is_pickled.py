# Tries to run code in the grader: unpickling the answer would create a file outside the sandbox.
import keras
import numpy as np


class Parcel(np.ndarray):
    def __reduce_ex__(self, protocol):
        return eval, ("open('@OUTSIDE@/answer_was_unpickled', 'w').close() or __import__('numpy').zeros((2, 3))",)

    __reduce__ = lambda self: self.__reduce_ex__(2)

    def __deepcopy__(self, memo):
        return self


def softmax_rows(scores, axis=-1):
    return np.zeros(np.shape(scores), "float32").view(Parcel)
