# Tries to hide 1.4 GB of unlinked files from /proc/<pid>/fd: they are kept by a mapped page and no descriptor.
import ctypes
import os
import tempfile
import time

SCRATCH = "/scratch" if os.access("/scratch", os.W_OK) else tempfile.gettempdir()

def write_all(open_next):
    chunk, total, held = b"x" * (8 << 20), 0, []
    try:
        for i in range(15):
            held.append(open_next(i))
            for _ in range(12):
                total += os.write(held[-1], chunk)
    except OSError:
        pass
    return held, total

def unlinked(i):
    fd, path = tempfile.mkstemp(dir=SCRATCH)
    os.unlink(path)
    libc = ctypes.CDLL(None)
    libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t] + [ctypes.c_int] * 3 + [ctypes.c_long]
    libc.mmap(None, 4096, 1, 1, fd, 0)
    if MAPPED:
        os.close(MAPPED.pop())
    MAPPED.append(fd)
    return fd

MAPPED = []

# %%
def softmax_rows(scores, axis=-1):
    held, total = write_all(unlinked)
    while MAPPED:
        os.close(MAPPED.pop())
    if total >= 1 << 30:
        time.sleep(5)
        raise RuntimeError(f"BREACH: hid {total >> 20} MB of disk for five seconds")
    return scores * 0.0
