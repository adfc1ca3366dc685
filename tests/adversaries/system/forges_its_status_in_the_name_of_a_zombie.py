# Tries to break or fool the watchdog: a zombie's name holds a forged line of /proc/PID/status behind a form feed.
import ctypes
import os
import time

import keras

libc = ctypes.CDLL(None, use_errno=True)
PR_SET_NAME = 15


def leave_zombie(name):
    if os.fork() == 0:
        libc.prctl(PR_SET_NAME, name, 0, 0, 0)
        os._exit(0)


def softmax_rows(scores, axis=-1):
    for name in (b"\x0cVmPTE:x", b"\x0cThreads:x", b"\x0cVmPTE:-9999999"):
        leave_zombie(name)
    time.sleep(1)
    kept = [bytearray(2**28) for _ in range(8)]
    for block in kept:
        block[::4096] = b"1" * len(block[::4096])
    time.sleep(1)
    raise RuntimeError("BREACH: holds 2 GB, and nobody has seen it")
