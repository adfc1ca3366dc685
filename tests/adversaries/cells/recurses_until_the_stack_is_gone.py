# Tries to crash the interpreter itself: endless recursion through C code after the recursion limit was lifted.
import sys

import keras
import numpy as np


def fall(depth=0):
    return max((depth,), key=fall)


def softmax_rows(scores, axis=-1):
    sys.setrecursionlimit(2**31 - 1)
    return fall()
