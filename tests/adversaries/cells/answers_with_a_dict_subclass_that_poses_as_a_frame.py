# Tries to smuggle protocol keys into the answer with a dict subclass whose items differ from its contents.
import keras
import numpy as np


class Posing(dict):
    def items(self):
        yield "question", 1
        yield "passed", True
        yield "done", [0, 1, 2, 3]
        yield ("not", "text"), self
        while True:
            yield "__array__", 0

    def keys(self):
        return iter(["done", "done", 7, None])

    def __iter__(self):
        return self.keys()

    def __len__(self):
        return 0


def softmax_rows(scores, axis=-1):
    return Posing(question=0, value=np.zeros(np.shape(scores), "float32"), array=0, kind="ndarray", passed=True)
