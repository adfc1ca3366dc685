# Tries to change the mode of a file outside, which Landlock does not mediate: chmod, fchmodat2, and an O_PATH descriptor.
import ctypes
import os
import platform

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
        before = os.stat(path).st_mode
        new = (before ^ 0o011) & 0o777
        fd = os.open(path, os.O_PATH)
    except OSError:
        return scores * 0.0
    ways = [
        lambda: os.chmod(path, new),
        lambda: os.chmod(f"/proc/self/fd/{fd}", new),
        lambda: os.chmod("precious.txt", new, dir_fd=os.open("@OUTSIDE@", os.O_PATH)),
        lambda: ctypes.CDLL(None).chmod(path.encode(), new),
        lambda: kernel(452, 452, -100, path.encode(), new, 0),
        lambda: kernel(452, 452, fd, b"", new, 0x1000),
    ]
    for i, way in enumerate(ways):
        try:
            way()
        except OSError:
            pass
        if os.stat(path).st_mode != before:
            raise RuntimeError(f"BREACH: way {i} changed the mode of precious.txt")
    return scores * 0.0
