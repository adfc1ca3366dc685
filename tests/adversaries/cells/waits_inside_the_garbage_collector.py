# Tries to act at an unexpected moment: a gc callback that sleeps for a minute and a half at the next collection.
# Ends by: the clock
import gc
import time

import keras
import numpy as np


def softmax_rows(scores, axis=-1):
    gc.callbacks.append(lambda phase, facts: time.sleep(90))
    gc.enable()
    gc.set_threshold(1, 1, 1)
    return [[float(value)] for value in np.ravel(scores)]
