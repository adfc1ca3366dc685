# Tries to crash its process: a stack overflow in C (the text of a list a million levels deep), then a null pointer.
import ctypes
import faulthandler
import sys


# %%
def softmax_rows(scores, axis=-1):
    faulthandler.disable()
    sys.setrecursionlimit(10**9)
    nested = []
    for _ in range(10**6):
        nested = [nested]
    try:
        repr(nested)
    except (RecursionError, MemoryError):
        pass
    ctypes.string_at(1)
    return scores * 0.0
