# Tries to hide 6 GB from RSS and RLIMIT_AS: filled shared segments of which all but the first page is unmapped.
import ctypes
import time

SIZE = 64 << 20


# %%
def softmax_rows(scores, axis=-1):
    libc = ctypes.CDLL(None, use_errno=True)
    libc.mmap.restype = ctypes.c_void_p
    libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t] + [ctypes.c_int] * 3 + [ctypes.c_long]
    libc.munmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t]
    held = []
    for _ in range(96):
        address = libc.mmap(None, SIZE, 3, 0x21, -1, 0)
        if address in (None, ctypes.c_void_p(-1).value):
            return scores * 0.0
        ctypes.memset(address, 7, SIZE)
        if libc.munmap(address + 65536, SIZE - 65536) != 0:
            return scores * 0.0
        held.append(address)
    time.sleep(5)
    raise RuntimeError("BREACH: hid 6 GB behind single pages for five seconds")
