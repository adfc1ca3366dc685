# Tries to trip the dtype check with float64 scores handed back as they came.
import keras
import numpy as np


def softmax_rows(scores, axis=-1):
    return np.array(scores, "float64")
