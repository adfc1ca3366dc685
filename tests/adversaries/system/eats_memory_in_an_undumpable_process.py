# Tries to make itself unreadable to a watchdog of the same user (PR_SET_DUMPABLE 0) and then to hold 6 GB.
import ctypes
import time


# %%
def softmax_rows(scores, axis=-1):
    ctypes.CDLL(None).prctl(4, 0, 0, 0, 0)
    held = []
    try:
        for i in range(96):
            held.append(bytes([i % 250 + 1]) * (64 << 20))
    except MemoryError:
        return scores * 0.0
    time.sleep(5)
    raise RuntimeError("BREACH: held 6 GB in an undumpable process for five seconds")
