# Tries to signal the grader, the zygote and its parent with kill (signal 0, SIGWINCH and SIGCONT only).
import ctypes
import os
import signal

def outside():
    pids = [int("@GRADER@"), int("@ZYGOTE_PARENT@"), os.getppid()]
    return [p for p in dict.fromkeys(pids) if p > 1 and not os.path.exists(f"/proc/self/task/{p}")]


# %%
def softmax_rows(scores, axis=-1):
    libc = ctypes.CDLL(None, use_errno=True)
    for pid in outside():
        for number in (0, signal.SIGWINCH, signal.SIGCONT):
            if libc.kill(pid, int(number)) == 0:
                raise RuntimeError(f"BREACH: kill({pid}, {int(number)}) succeeded")
    return scores * 0.0
