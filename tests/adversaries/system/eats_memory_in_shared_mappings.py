# Tries to hold 6 GB in shared anonymous mappings, which RLIMIT_DATA does not count, for five seconds.
import mmap
import time
import numpy as np


# %%
def softmax_rows(scores, axis=-1):
    held = []
    try:
        for _ in range(24):
            mapping = mmap.mmap(-1, 256 << 20, mmap.MAP_SHARED | mmap.MAP_ANONYMOUS)
            np.frombuffer(mapping, dtype=np.uint64)[::512] = 1
            held.append(mapping)
    except (OSError, MemoryError, ValueError):
        return scores * 0.0
    time.sleep(5)
    raise RuntimeError("BREACH: held 6 GB of shared memory for five seconds")
