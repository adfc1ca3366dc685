# Tries to rename a file outside, to exchange it with one of its own, and to put one of its own over it.
import ctypes
import os
import platform
import tempfile

SCRATCH = "/scratch" if os.access("/scratch", os.W_OK) else tempfile.gettempdir()

# %%
def kernel(x86, arm, *args):
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    number = x86 if platform.machine() == "x86_64" else arm
    words = [ctypes.c_long(a) if isinstance(a, int) else a for a in (number, *args)]
    return libc.syscall(*words), ctypes.get_errno()


# %%
def softmax_rows(scores, axis=-1):
    path = "@OUTSIDE@/precious.txt"
    if not os.path.exists(path):
        return scores * 0.0
    fd, mine = tempfile.mkstemp(dir=SCRATCH)
    os.close(fd)
    before = os.stat(path).st_ino
    ways = [
        lambda: os.rename(path, path + ".gone"),
        lambda: os.replace(mine, path),
        lambda: kernel(316, 276, -100, path.encode(), -100, (path + ".x").encode(), 1),
        lambda: kernel(316, 276, -100, path.encode(), -100, mine.encode(), 2),
    ]
    for i, way in enumerate(ways):
        try:
            way()
        except OSError:
            pass
        if not os.path.exists(path) or os.stat(path).st_ino != before:
            raise RuntimeError(f"BREACH: way {i} moved precious.txt")
    return scores * 0.0
