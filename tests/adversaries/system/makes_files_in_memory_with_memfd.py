# Tries to make files that lie in no folder with memfd_create and memfd_secret, and run one.
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
    for name, call in (("memfd_create", (319, 279, b"left_by_student", 0)), ("memfd_secret", (447, 447, 0)),
                       ("memfd_create sealed", (319, 279, b"x", 3)), ("huge memfd", (319, 279, b"x", 4))):
        fd, _ = kernel(*call)
        if fd >= 0:
            os.close(fd)
            raise RuntimeError(f"BREACH: {name} succeeded")
    return scores * 0.0
