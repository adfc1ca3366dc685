# Tries to hang before the first question: a module-level name that the function needs is computed for ever.
# Ends by: the clock
import itertools

import keras
import numpy as np

scale = sum(0 for _ in itertools.count())


def softmax_rows(scores, axis=-1):
    return np.full(np.shape(scores), scale, "float32")
