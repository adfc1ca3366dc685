# Tries to watch itself and others with perf_event_open.
import ctypes
import os
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
    for kind, config in ((1, 0), (0, 0), (1, 9)):
        attributes = ctypes.create_string_buffer(struct.pack("IIQQQQQ", kind, 128, config, 0, 0, 0, 0b1100001), 128)
        for pid in (0, int("@GRADER@"), -1):
            fd, _ = kernel(298, 241, attributes, pid, 0 if pid == -1 else -1, -1, 0)
            if fd >= 0:
                os.close(fd)
                raise RuntimeError(f"BREACH: perf_event_open of process {pid} succeeded")
    return scores * 0.0
