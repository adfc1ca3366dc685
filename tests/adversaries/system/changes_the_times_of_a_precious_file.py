# Tries to change the times of a file outside by utime, utimensat, futimesat and an O_PATH descriptor.
import ctypes
import os
import platform
import struct

def kernel(x86, arm, *args):
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    number = x86 if platform.machine() == "x86_64" else arm
    words = [ctypes.c_long(a) if isinstance(a, int) else a for a in (number, *args)]
    return libc.syscall(*words), ctypes.get_errno()


# %%
def softmax_rows(scores, axis=-1):
    path = "@OUTSIDE@/precious.txt"
    try:
        before = os.stat(path).st_mtime_ns
        fd = os.open(path, os.O_PATH)
    except OSError:
        return scores * 0.0
    old = struct.pack("llll", 1000, 0, 1000, 0)
    ways = [
        lambda: os.utime(path, (1000, 1000)),
        lambda: os.utime(path),
        lambda: os.utime(f"/proc/self/fd/{fd}", (2000, 2000)),
        lambda: kernel(280, 88, -100, path.encode(), old, 0),
        lambda: kernel(280, 88, fd, b"", old, 0x1000),
        lambda: platform.machine() == "x86_64" and kernel(132, 0, path.encode(), struct.pack("ll", 5, 5)),
        lambda: platform.machine() == "x86_64" and kernel(235, 0, path.encode(), old),
        lambda: platform.machine() == "x86_64" and kernel(261, 0, -100, path.encode(), old),
    ]
    for i, way in enumerate(ways):
        try:
            way()
        except OSError:
            pass
        if os.stat(path).st_mtime_ns != before:
            raise RuntimeError(f"BREACH: way {i} changed the times of precious.txt")
    return scores * 0.0
