# Tries to weaken its programs with personality: fixed addresses, executable data, 32-bit behaviour.
import ctypes
import platform

def kernel(x86, arm, *args):
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    number = x86 if platform.machine() == "x86_64" else arm
    words = [ctypes.c_long(a) if isinstance(a, int) else a for a in (number, *args)]
    return libc.syscall(*words), ctypes.get_errno()


# %%
def softmax_rows(scores, axis=-1):
    old, _ = kernel(135, 92, 0xFFFFFFFF)
    for flag in (0x0040000, 0x0400000, 0x0100000, 0x0000008):
        if kernel(135, 92, max(old, 0) | flag)[0] >= 0:
            kernel(135, 92, max(old, 0))
            raise RuntimeError(f"BREACH: personality({flag:#x}) succeeded")
    return scores * 0.0
