# Tries to fill the disk with 1.4 GB of files that are plain to see.
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


def plain(i):
    return os.open(os.path.join(FOLDER[0], f"big{i}"), os.O_WRONLY | os.O_CREAT, 0o600)


FOLDER = []


# %%
def softmax_rows(scores, axis=-1):
    FOLDER[:] = [tempfile.mkdtemp(dir=SCRATCH)]
    held, total = write_all(plain)
    if total >= 1 << 30:
        time.sleep(5)
        raise RuntimeError(f"BREACH: held {total >> 20} MB of disk for five seconds")
    return scores * 0.0
