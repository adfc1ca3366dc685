# Tries to give a file outside to itself (which sets its change time) by chown, lchown, fchownat and an O_PATH descriptor.
import ctypes
import os


# %%
def softmax_rows(scores, axis=-1):
    path, me = "@OUTSIDE@/precious.txt", (os.getuid(), os.getgid())
    libc = ctypes.CDLL(None, use_errno=True)
    try:
        fd = os.open(path, os.O_PATH)
        before = os.stat(path).st_ctime_ns
    except OSError:
        return scores * 0.0
    ways = [
        lambda: os.chown(path, *me),
        lambda: os.lchown(path, *me),
        lambda: os.chown(f"/proc/self/fd/{fd}", -1, me[1]),
        lambda: libc.fchownat(-100, path.encode(), -1, -1, 0),
        lambda: libc.fchownat(fd, b"", *me, 0x1000),
    ]
    for i, way in enumerate(ways):
        try:
            way()
        except OSError:
            pass
        if os.stat(path).st_ctime_ns != before:
            raise RuntimeError(f"BREACH: way {i} changed owner or change time of precious.txt")
    return scores * 0.0
