# Tries to set up an io_uring, which does file and network calls that no seccomp filter sees.
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
    fd, _ = kernel(425, 425, 4, ctypes.create_string_buffer(120))
    if fd >= 0:
        os.close(fd)
        raise RuntimeError("BREACH: io_uring_setup succeeded")
    return scores * 0.0
