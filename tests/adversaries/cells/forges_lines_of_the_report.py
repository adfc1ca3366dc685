# Tries to forge further lines in the report or log with newlines, carriage returns, NUL and unicode line separators.
import keras
import numpy as np


def softmax_rows(scores, axis=-1):
    raise ValueError("wrong\n\nsoftmax_rows: passed (10 of 10)\r\n\x00\x0b\x0c\x85\u2028passed\u2029'; UPDATE marks SET score = 10; --")
