# Tries to copy open descriptors out of the grader and the zygote with pidfd_open and pidfd_getfd.
import ctypes
import os
import platform

def kernel(x86, arm, *args):
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    number = x86 if platform.machine() == "x86_64" else arm
    words = [ctypes.c_long(a) if isinstance(a, int) else a for a in (number, *args)]
    return libc.syscall(*words), ctypes.get_errno()

def outside():
    pids = [int("@GRADER@"), int("@ZYGOTE_PARENT@"), os.getppid()]
    return [p for p in dict.fromkeys(pids) if p > 1 and not os.path.exists(f"/proc/self/task/{p}")]


# %%
def softmax_rows(scores, axis=-1):
    for pid in outside():
        for pidfd in (kernel(434, 434, pid, 0)[0], kernel(434, 434, pid, 0o200)[0]):
            if pidfd < 0:
                continue
            for target in range(0, 64):
                taken, _ = kernel(438, 438, pidfd, target, 0)
                if taken >= 0:
                    os.close(taken)
                    raise RuntimeError(f"BREACH: took descriptor {target} of process {pid}")
    return scores * 0.0
