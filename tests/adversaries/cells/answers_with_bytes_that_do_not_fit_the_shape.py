# Tries to break the framing with an ndarray subclass whose tobytes and nbytes disagree with its shape.
import struct

import keras
import numpy as np


class Overfull(np.ndarray):
    nbytes = 8

    def tobytes(self, *args, **kwargs):
        text = b'[{"done": []}, []]'
        return b"\x00" * 8 + struct.pack("!II", len(text), 0) + text

    @property
    def data(self):
        return memoryview(self.tobytes())

    def __array__(self, dtype=None, copy=None):
        return self

    def astype(self, *args, **kwargs):
        return self

    def __bytes__(self):
        return self.tobytes()


def softmax_rows(scores, axis=-1):
    return np.zeros(np.shape(scores), "float32").view(Overfull)
