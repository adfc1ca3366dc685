# Tries to leave keys (120 seconds) in the user's keyring, where the next job can read.
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
    done = []
    for ring in (-4, -5, -3, -2):
        key, _ = kernel(248, 217, b"user", b"left_by_student", b"answers", 7, ring)
        if key > 0:
            kernel(250, 219, 15, key, 120)
            done.append(ring)
    if done:
        raise RuntimeError(f"BREACH: add_key to keyrings {done} succeeded")
    return scores * 0.0
