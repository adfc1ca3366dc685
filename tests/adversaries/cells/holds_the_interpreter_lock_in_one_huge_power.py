# Tries to be uninterruptible: one power of huge integers holds the interpreter lock, so no python handler ever runs.
# Ends by: the clock
import keras
import numpy as np


def softmax_rows(scores, axis=-1):
    huge = 7 ** (3 * 10**8)
    return np.full(np.shape(scores), float(huge % 2), "float32")
