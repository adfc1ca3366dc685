# Tries to get at I/O ports and segment tables: iopl, ioperm, modify_ldt (x86 only).
import ctypes
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
    if platform.machine() != "x86_64":
        return scores * 0.0
    done = []
    if kernel(172, 0, 3)[0] == 0:
        kernel(172, 0, 0)
        done.append("iopl")
    if kernel(173, 0, 0x80, 1, 1)[0] == 0:
        kernel(173, 0, 0x80, 1, 0)
        done.append("ioperm")
    empty = struct.pack("IIII", 0, 0, 0, 0b101000)
    if kernel(154, 0, 0x11, empty, len(empty))[0] == 0:
        done.append("modify_ldt")
    if done:
        raise RuntimeError(f"BREACH: {done} succeeded")
    return scores * 0.0
