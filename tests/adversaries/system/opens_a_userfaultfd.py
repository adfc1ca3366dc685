# Tries to get a userfaultfd, with which kernel code can be halted, by syscall and device.
import ctypes
import fcntl
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
    for flags in (1, 0):
        fd, _ = kernel(323, 282, os.O_CLOEXEC | flags)
        if fd >= 0:
            os.close(fd)
            raise RuntimeError(f"BREACH: userfaultfd({flags}) succeeded")
    try:
        fd = fcntl.ioctl(os.open("/dev/userfaultfd", os.O_RDWR), 0xAA00, os.O_CLOEXEC)
    except OSError:
        return scores * 0.0
    raise RuntimeError(f"BREACH: /dev/userfaultfd gave descriptor {fd}")
    return scores * 0.0
