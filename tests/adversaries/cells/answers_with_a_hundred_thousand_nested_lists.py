# Tries to overflow the C stack of the JSON writer, after lifting python's recursion limit.
import sys

import keras
import numpy as np


def softmax_rows(scores, axis=-1):
    sys.setrecursionlimit(10**6)
    nest = [0.0]
    for _ in range(100_000):
        nest = [nest]
    return nest
