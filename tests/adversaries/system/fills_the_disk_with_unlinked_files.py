# Tries to hide 1.4 GB from a du: files that are unlinked while they still grow.
import os
import tempfile
import time

SCRATCH = "/scratch" if os.access("/scratch", os.W_OK) else tempfile.gettempdir()


def write_all(open_next):
    chunk, total, held = b"x" * (8 << 20), 0, []
    try:
        for i in range(15):
            held.append(open_next(i))
            for _ in range(12):
                total += os.write(held[-1], chunk)
    except OSError:
        pass
    return held, total


def unlinked(i):
    fd, path = tempfile.mkstemp(dir=SCRATCH)
    os.unlink(path)
    return fd


# %%
def softmax_rows(scores, axis=-1):
    held, total = write_all(unlinked)
    if total >= 1 << 30:
        time.sleep(5)
        raise RuntimeError(f"BREACH: hid {total >> 20} MB of disk for five seconds")
    return scores * 0.0
