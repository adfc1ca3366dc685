# Tries to set the machine's clock (settimeofday with no time, adjtimex with a bad tick: only the right is tested).
import ctypes
import errno
import platform
import struct

def kernel(x86, arm, *args):
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    number = x86 if platform.machine() == "x86_64" else arm
    words = [ctypes.c_long(a) if isinstance(a, int) else a for a in (number, *args)]
    return libc.syscall(*words), ctypes.get_errno()


# %%
def softmax_rows(scores, axis=-1):
    done = []
    if kernel(164, 170, None, None)[0] == 0:
        done.append("settimeofday")
    tick = ctypes.create_string_buffer(struct.pack("I", 0x4000), 256)
    for name, call in (("adjtimex", (159, 171, tick)), ("clock_adjtime", (305, 266, 0, tick))):
        result, error = kernel(*call)
        if result >= 0 or error == errno.EINVAL:
            done.append(name)
    if done:
        raise RuntimeError(f"BREACH: may set the clock: {done}")
    return scores * 0.0
