# Tries to let the kernel send signals for it: F_SETOWN, F_SETOWN_EX and FIOSETOWN with O_ASYNC and F_SETSIG (SIGWINCH).
import ctypes
import fcntl
import os
import platform
import socket
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
    landlock = kernel(444, 444, None, 0, 1)[0]
    for pid in outside():
        ways = {
            "F_SETOWN": lambda s: fcntl.fcntl(s, fcntl.F_SETOWN, pid),
            "F_SETOWN_EX": lambda s: fcntl.fcntl(s, 15, struct.pack("ii", 1, pid)),
            "FIOSETOWN": lambda s: fcntl.ioctl(s, 0x8901, struct.pack("i", pid)),
            "SIOCSPGRP": lambda s: fcntl.ioctl(s, 0x8902, struct.pack("i", pid)),
        }
        for name, own in ways.items():
            try:
                mine, other = socket.socketpair()
                fcntl.fcntl(mine, 10, 28)
                own(mine)
                fcntl.fcntl(mine, fcntl.F_SETFL, os.O_NONBLOCK | 0o20000)
                other.send(b"x")
            except OSError:
                continue
            if 0 <= landlock < 6:
                # Without Landlock's signal scope only the user id is compared, and it is the same.
                raise RuntimeError(f"BREACH: {name} sends signals to process {pid}")
    return scores * 0.0
