# Tries to truncate, append to and map for writing a file outside.
import ctypes
import mmap
import os
import numpy as np

# %%
def append(path):
    with open(path, "ab") as f:
        f.write(b"!")

def map_and_write(path):
    fd = os.open(path, os.O_RDWR)
    with mmap.mmap(fd, 1) as m:
        m[0:1] = b"X"

# %%
def softmax_rows(scores, axis=-1):
    path = "@OUTSIDE@/precious.txt"
    ways = [
        append,
        map_and_write,
        lambda p: np.memmap(p, dtype=np.uint8, mode="r+").fill(88),
        lambda p: os.truncate(p, 1),
        lambda p: ctypes.CDLL(None).truncate(p.encode(), ctypes.c_long(0)),
        lambda p: os.close(os.open(p, os.O_WRONLY | os.O_TRUNC)),
        lambda p: os.close(os.open(p, os.O_RDONLY | os.O_TRUNC)),
    ]
    def state():
        facts = os.stat(path)
        return facts.st_size, facts.st_mtime_ns

    if not os.path.exists(path):
        return scores * 0.0
    for i, way in enumerate(ways):
        before = state()
        try:
            way(path)
        except (OSError, ValueError):
            continue
        if state() != before:
            raise RuntimeError(f"BREACH: way {i} changed precious.txt")
    return scores * 0.0
