# Tries to write the memory of the grader or the zygote with process_vm_writev (an unmapped address: EFAULT means allowed).
import ctypes
import errno
import os
import platform

def kernel(x86, arm, *args):
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    number = x86 if platform.machine() == "x86_64" else arm
    words = [ctypes.c_long(a) if isinstance(a, int) else a for a in (number, *args)]
    return libc.syscall(*words), ctypes.get_errno()

def outside():
    pids = [int("@GRADER@"), int("@ZYGOTE_PARENT@"), os.getppid()]
    return [p for p in dict.fromkeys(pids) if p > 1 and not os.path.exists(f"/proc/self/task/{p}")]


class Iovec(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("length", ctypes.c_size_t)]


# %%
def softmax_rows(scores, axis=-1):
    buffer = ctypes.create_string_buffer(64)
    local = Iovec(ctypes.addressof(buffer), 64)
    remote = Iovec(0x10, 64)
    for pid in outside():
        result, error = kernel(311, 271, pid, ctypes.byref(local), 1, ctypes.byref(remote), 1, 0)
        if result >= 0 or error == errno.EFAULT:
            raise RuntimeError(f"BREACH: the memory of process {pid} can be written")
    return scores * 0.0
