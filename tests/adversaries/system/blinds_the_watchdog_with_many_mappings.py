# Tries to make reading /proc/<pid>/smaps slow (60 processes with 50000 mappings each) and then to hold 6 GB.
import ctypes
import mmap
import os
import time


# %%
def softmax_rows(scores, axis=-1):
    libc = ctypes.CDLL(None, use_errno=True)
    libc.mprotect.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
    area = mmap.mmap(-1, 50000 * 4096, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    base = ctypes.addressof(ctypes.c_char.from_buffer(area))
    for page in range(0, 50000, 2):
        libc.mprotect(base + page * 4096, 4096, 1)
    children = []
    try:
        for number in range(60):
            pid = os.fork()
            if pid == 0:
                try:
                    time.sleep(3)
                    held = bytes([number + 1]) * (100 << 20)
                    time.sleep(30 + len(held) * 0)
                finally:
                    os._exit(0)
            children.append(pid)
        time.sleep(15)
        if sum(os.waitpid(pid, os.WNOHANG)[0] == 0 for pid in children) >= 55:
            raise RuntimeError("BREACH: 6 GB in processes with many mappings lived on")
    except (OSError, MemoryError):
        pass
    finally:
        for pid in children:
            try:
                if os.waitpid(pid, os.WNOHANG)[0] == 0:
                    os.kill(pid, 9)
            except OSError:
                pass
    return scores * 0.0
