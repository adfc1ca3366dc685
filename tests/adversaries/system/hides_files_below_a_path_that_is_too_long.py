# Tries to hide 1.4 GB from a du at the end of a path far longer than PATH_MAX.
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


def deep(i):
    return os.open(f"deep{i}", os.O_WRONLY | os.O_CREAT, 0o600, dir_fd=FOLDER[0])


FOLDER = []


# %%
def softmax_rows(scores, axis=-1):
    folder = os.open(tempfile.mkdtemp(dir=SCRATCH), os.O_RDONLY)
    for _ in range(60):
        os.mkdir("d" * 200, dir_fd=folder)
        folder, old = os.open("d" * 200, os.O_RDONLY, dir_fd=folder), folder
        os.close(old)
    FOLDER[:] = [folder]
    held, total = write_all(deep)
    if total >= 1 << 30:
        time.sleep(5)
        raise RuntimeError(f"BREACH: hid {total >> 20} MB of disk for five seconds")
    return scores * 0.0
