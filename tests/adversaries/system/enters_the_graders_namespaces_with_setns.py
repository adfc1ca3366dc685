# Tries to enter the namespaces of the grader, the zygote and process 1 with setns on /proc files and pidfds.
import ctypes
import os
import platform

NAMES = ("user", "mnt", "net", "ipc", "uts", "pid", "cgroup", "time")

def kernel(x86, arm, *args):
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    number = x86 if platform.machine() == "x86_64" else arm
    words = [ctypes.c_long(a) if isinstance(a, int) else a for a in (number, *args)]
    return libc.syscall(*words), ctypes.get_errno()

def outside():
    pids = [int("@GRADER@"), int("@ZYGOTE_PARENT@"), os.getppid()]
    return [p for p in dict.fromkeys(pids) if p > 1 and not os.path.exists(f"/proc/self/task/{p}")]

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

def attack(pids):
    entered = [pid for pid in pids if kernel(308, 268, kernel(434, 434, pid, 0)[0], 0x40000000)[0] == 0]
    for path in [f"/proc/{pid}/ns/{name}" for pid in [*pids, 1] for name in NAMES]:
        fd = ctypes.CDLL(None).open(path.encode(), os.O_RDONLY)
        if fd >= 0 and kernel(308, 268, fd, 0)[0] == 0:
            entered.append(path)
    return entered

# %%
def softmax_rows(scores, axis=-1):
    pids = outside()
    told = in_child(lambda: attack(pids)).strip("[]")
    if told:
        raise RuntimeError(f"BREACH: setns entered {told[:200]}")
    return scores * 0.0
