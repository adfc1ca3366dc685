# Tries to make namespaces of its own with unshare, first of all a user namespace with all capabilities in it.
import ctypes
import os
import platform

KINDS = {0x10000000: "user", 0x20000: "mount", 0x20000000: "pid", 0x40000000: "net", 0x8000000: "ipc",
         0x4000000: "uts", 0x2000000: "cgroup", 0x80: "time", 0x10020000: "user and mount"}

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


# %%
def softmax_rows(scores, axis=-1):
    done = [name for flag, name in KINDS.items() if in_child(lambda: kernel(272, 97, flag)[0]) == "0"]
    if done:
        raise RuntimeError(f"BREACH: unshare made namespaces: {done}")
    return scores * 0.0
