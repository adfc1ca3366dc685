# Tries to hold whoever prints the error: __str__ and __repr__ of the exception never return.
# Ends by: the clock
import keras
import numpy as np


class Slow(Exception):
    def __str__(self):
        while True:
            pass

    __repr__ = __format__ = __str__


def softmax_rows(scores, axis=-1):
    raise Slow()
