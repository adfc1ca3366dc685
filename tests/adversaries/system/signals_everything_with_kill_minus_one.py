# Tries to use kill(-1), which reaches every process that it may signal, with signal 0 and SIGWINCH only.
import ctypes
import os


# %%
def softmax_rows(scores, axis=-1):
    libc = ctypes.CDLL(None, use_errno=True)
    parent = os.getppid()
    for number in (0, 28):
        if libc.kill(-1, number) == 0 and parent > 1:
            raise RuntimeError(f"BREACH: kill(-1, {number}) reached other processes")
    return scores * 0.0
