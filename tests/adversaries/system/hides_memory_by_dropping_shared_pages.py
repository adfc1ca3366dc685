# Tries to hide 6 GB from a watchdog that adds up RSS: filled shared mappings whose page tables are dropped by madvise.
import mmap
import time
import numpy as np


# %%
def softmax_rows(scores, axis=-1):
    held = []
    try:
        for _ in range(96):
            mapping = mmap.mmap(-1, 64 << 20, mmap.MAP_SHARED | mmap.MAP_ANONYMOUS)
            np.frombuffer(mapping, dtype=np.uint64)[::512] = 7
            mapping.madvise(mmap.MADV_DONTNEED)
            held.append(mapping)
    except (OSError, MemoryError, ValueError):
        return scores * 0.0
    time.sleep(5)
    if np.frombuffer(held[0], dtype=np.uint64)[512] == 7:
        raise RuntimeError("BREACH: hid 6 GB in shared memory for five seconds")
    return scores * 0.0
