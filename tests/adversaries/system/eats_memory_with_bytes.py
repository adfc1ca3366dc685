# Tries to hold 6 GB of ordinary memory for five seconds.
import time


# %%
def softmax_rows(scores, axis=-1):
    held = []
    try:
        for i in range(96):
            held.append(bytes([i % 250 + 1]) * (64 << 20))
    except MemoryError:
        return scores * 0.0
    time.sleep(5)
    raise RuntimeError("BREACH: held 6 GB for five seconds")
