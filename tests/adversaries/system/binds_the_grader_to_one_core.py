# Tries to change the cpu affinity, scheduler and timer slack of the grader and the zygote (to what they have).
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

def outside():
    pids = [int("@GRADER@"), int("@ZYGOTE_PARENT@"), os.getppid()]
    return [p for p in dict.fromkeys(pids) if p > 1 and not os.path.exists(f"/proc/self/task/{p}")]


# %%
def softmax_rows(scores, axis=-1):
    for pid in outside():
        ways = {
            "sched_setaffinity": lambda: os.sched_setaffinity(pid, os.sched_getaffinity(pid)),
            "sched_setscheduler": lambda: os.sched_setscheduler(pid, os.sched_getscheduler(pid), os.sched_param(0)),
            "sched_setparam": lambda: os.sched_setparam(pid, os.sched_param(0)),
        }
        for name, way in ways.items():
            try:
                way()
            except OSError:
                continue
            raise RuntimeError(f"BREACH: {name} works on process {pid}")
        keep = struct.pack("IIQiIQQQ", 48, 0, 0x18, 0, 0, 0, 0, 0)
        if kernel(314, 274, pid, keep, 0)[0] == 0:
            raise RuntimeError(f"BREACH: sched_setattr works on process {pid}")
    return scores * 0.0
