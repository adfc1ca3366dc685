# Tries to break the error report with a __str__ that returns a number, then a str subclass that lies about its length.
import keras
import numpy as np


class Long(str):
    def __len__(self):
        return 1

    def __getitem__(self, index):
        return self

    def isprintable(self):
        return True

    def __iter__(self):
        while True:
            yield "!"


class Odd(Exception):
    calls = []

    def __str__(self):
        self.calls.append(1)
        return 7 if len(self.calls) % 2 else Long("x" * 100_000)


def softmax_rows(scores, axis=-1):
    raise Odd()
