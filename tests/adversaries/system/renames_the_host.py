# Tries to change the name of the machine (to the name that it has).
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
    name = os.uname().nodename.encode()
    if kernel(170, 161, name, len(name))[0] == 0:
        raise RuntimeError("BREACH: sethostname succeeded")
    try:
        os.close(os.open("/proc/sys/kernel/hostname", os.O_WRONLY))
    except OSError:
        return scores * 0.0
    raise RuntimeError("BREACH: /proc/sys/kernel/hostname is open for writing")
    return scores * 0.0
