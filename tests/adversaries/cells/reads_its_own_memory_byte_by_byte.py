# Tries to find secrets that a scrubbed environment and freed buffers have left in the memory of the warm process.
import re

import keras
import numpy as np


def softmax_rows(scores, axis=-1):
    found = set()
    with open("/proc/self/maps") as maps, open("/proc/self/mem", "rb", 0) as memory:
        for line in maps:
            start, end = (int(edge, 16) for edge in line.split()[0].split("-"))
            if not line.split()[1].startswith("rw") or end - start > 2**29:
                continue
            try:
                memory.seek(start)
                found.update(re.findall(rb"CANARY-[0-9a-f]{16}", memory.read(end - start)))
            except (OSError, ValueError, OverflowError):
                pass
    if found:
        raise RuntimeError("found in raw memory: " + b" ".join(sorted(found)).decode())
    return np.zeros(np.shape(scores), "float32")
