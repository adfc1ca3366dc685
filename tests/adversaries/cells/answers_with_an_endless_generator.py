# Tries to fill the memory of whoever unrolls the answer with a generator that never stops.
import keras
import numpy as np


def softmax_rows(scores, axis=-1):
    rows = np.zeros(np.shape(scores), "float32")
    while True:
        yield rows
