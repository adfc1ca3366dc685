# Tries to hold the packing with an object that waits a minute for every attribute anyone asks for.
# Ends by: the clock
import time

import keras
import numpy as np


class Slow:
    def __getattribute__(self, name):
        time.sleep(90)
        return object.__getattribute__(self, name)


def softmax_rows(scores, axis=-1):
    return [Slow()]
