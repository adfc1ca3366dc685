# Tries to slip more items past the length check with a tuple subclass whose iterator differs from its length.
import keras
import numpy as np


class Growing(tuple):
    def __len__(self):
        return 1

    def __iter__(self):
        for step in range(10**9):
            yield np.zeros((1000,), "float32")


def softmax_rows(scores, axis=-1):
    return Growing((np.zeros(np.shape(scores), "float32"),))
