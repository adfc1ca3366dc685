# Tries to flood the verdict: the text of the exception is a hundred megabytes long.
import keras
import numpy as np


def softmax_rows(scores, axis=-1):
    raise ValueError("all good " * 12_000_000)
