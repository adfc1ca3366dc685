# Tries to get real-time, deadline or better than normal priority for itself, to starve the rest of the machine.
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
    done = []
    for policy in (os.SCHED_FIFO, os.SCHED_RR):
        try:
            os.sched_setscheduler(0, policy, os.sched_param(1))
        except OSError:
            continue
        os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))
        done.append(f"policy {policy}")
    deadline = struct.pack("IIQiIQQQ", 48, 6, 0, 0, 0, 10_000_000, 30_000_000, 30_000_000)
    if kernel(314, 274, 0, deadline, 0)[0] == 0:
        os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))
        done.append("deadline")
    nice = os.getpriority(os.PRIO_PROCESS, 0)
    try:
        os.setpriority(os.PRIO_PROCESS, 0, nice - 1)
        os.setpriority(os.PRIO_PROCESS, 0, nice)
        done.append("nice")
    except OSError:
        pass
    if kernel(251, 30, 1, 0, 1 << 13)[0] == 0:
        kernel(251, 30, 1, 0, 0)
        done.append("real-time I/O")
    if done:
        raise RuntimeError(f"BREACH: better priority: {done}")
    return scores * 0.0
