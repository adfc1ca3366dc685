# Tries to take disk space without writing: fallocate of 1.4 GB, and sparse files of many terabytes.
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


def reserved(i):
    fd = os.open(os.path.join(FOLDER[0], f"reserved{i}"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        os.ftruncate(os.open(os.path.join(FOLDER[0], f"sparse{i}"), os.O_RDWR | os.O_CREAT, 0o600), 1 << 43)
    except OSError:
        pass
    os.posix_fallocate(fd, 0, 96 << 20)
    return fd


FOLDER = []


# %%
def softmax_rows(scores, axis=-1):
    FOLDER[:] = [tempfile.mkdtemp(dir=SCRATCH)]
    held, total = write_all(reserved)
    if total >= 1 << 30:
        time.sleep(5)
        raise RuntimeError(f"BREACH: held {total >> 20} MB of disk for five seconds")
    return scores * 0.0
