# Tries to leave a process that is no descendant of its own: CLONE_PARENT makes it a child of the zygote (two minutes).
import ctypes
import os
import platform
import time

def kernel(x86, arm, *args):
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    number = x86 if platform.machine() == "x86_64" else arm
    words = [ctypes.c_long(a) if isinstance(a, int) else a for a in (number, *args)]
    return libc.syscall(*words), ctypes.get_errno()


def live(seconds):
    end = time.time() + seconds
    while time.time() < end:
        time.sleep(0.2)


# %%
def softmax_rows(scores, axis=-1):
    for flags in (0x8000 | 17, 0x8000):
        pid, _ = kernel(56, 220, flags, 0, 0, 0, 0)
        if pid == 0:
            try:
                os.setsid()
                os.closerange(0, 4096)
                live(120)
            finally:
                os._exit(0)
    return scores * 0.0
