# Tries to read the kernel's log with syslog, which tells of other processes and of addresses.
import ctypes
import platform
import re

def kernel(x86, arm, *args):
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    number = x86 if platform.machine() == "x86_64" else arm
    words = [ctypes.c_long(a) if isinstance(a, int) else a for a in (number, *args)]
    return libc.syscall(*words), ctypes.get_errno()


# %%
def softmax_rows(scores, axis=-1):
    buffer = ctypes.create_string_buffer(1 << 18)
    for action in (3, 10, 9):
        result, _ = kernel(103, 116, action, buffer, len(buffer))
        found = re.findall(rb"CANARY-[0-9a-fA-F]{16}", buffer.raw)
        if found:
            raise RuntimeError(" ".join(f.decode() for f in found[:10]))
        if result > 0:
            raise RuntimeError(f"BREACH: syslog({action}) gave {result}")
    return scores * 0.0
