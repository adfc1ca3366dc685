# Tries to make its parent its tracer (PTRACE_TRACEME), so that the parent takes a stop of the child for its end.
import ctypes
import os
import platform

def kernel(x86, arm, *args):
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    number = x86 if platform.machine() == "x86_64" else arm
    words = [ctypes.c_long(a) if isinstance(a, int) else a for a in (number, *args)]
    return libc.syscall(*words), ctypes.get_errno()

def in_child(attack):
    r, w = os.pipe()
    if os.fork() == 0:
        try:
            os.write(w, str(attack()).encode())
        finally:
            os._exit(0)
    os.close(w)
    os.wait()
    return os.read(r, 60000).decode()


def attack():
    return "traced" if kernel(101, 117, 0, 0, 0, 0)[0] == 0 else "refused"


# %%
def softmax_rows(scores, axis=-1):
    if in_child(attack) == "traced":
        raise RuntimeError("BREACH: PTRACE_TRACEME is allowed")
    return scores * 0.0
