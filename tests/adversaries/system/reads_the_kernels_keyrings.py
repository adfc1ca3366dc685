# Tries to look into the kernel's keyrings with keyctl and request_key.
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
    for ring in (-1, -2, -3, -4, -5):
        key, _ = kernel(250, 219, 0, ring, 0)
        if key > 0:
            raise RuntimeError(f"BREACH: keyctl gave keyring {ring}")
        if kernel(250, 219, 11, ring, ctypes.create_string_buffer(4096), 4096)[0] >= 0:
            raise RuntimeError(f"BREACH: keyctl read keyring {ring}")
    if kernel(250, 219, 1, b"left_by_student")[0] > 0:
        raise RuntimeError("BREACH: keyctl joined a session keyring")
    if kernel(249, 218, b"user", b"left_by_student", None, -4)[0] > 0:
        raise RuntimeError("BREACH: request_key found a key")
    return scores * 0.0
