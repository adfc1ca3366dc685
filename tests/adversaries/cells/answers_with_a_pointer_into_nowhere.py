# Tries to crash or to read foreign memory through an __array_interface__ that points at address 4096.
import keras
import numpy as np


class Pointer:
    __array_interface__ = {"version": 3, "shape": (2, 3), "typestr": "<f4", "data": (4096, True)}


def softmax_rows(scores, axis=-1):
    return Pointer()
