# Tries to make the worker useless: processes that outlive their parents go on creating files while it cleans up.
import ctypes
import os
import time

import keras

libc = ctypes.CDLL(None, use_errno=True)


def softmax_rows(scores, axis=-1):
    if libc.prctl(1, 0, 0, 0, 0) == 0 and os.getpid() != 1:
        raise RuntimeError("BREACH: cleared its death signal")
    for _ in range(2):
        if os.fork() == 0:
            os.setsid()
            end = time.monotonic() + 60
            while time.monotonic() < end:
                open(f"litter-{time.monotonic_ns()}", "w").close()
    time.sleep(0.5)
    return scores * 0.0
