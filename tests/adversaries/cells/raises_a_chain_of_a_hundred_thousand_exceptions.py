# Tries to overflow whoever follows __cause__ and __context__: a chain of exceptions that ends in a ring.
import keras
import numpy as np


def softmax_rows(scores, axis=-1):
    first = last = ValueError("the first of many")
    for number in range(100_000):
        following = ValueError(f"link {number}")
        following.__cause__ = last
        last = following
    first.__cause__ = last
    raise last
