# Tries to hold 5 GB in files of /dev/shm, /run/shm and /tmp that are unlinked at once, for five seconds.
import os
import time


# %%
def softmax_rows(scores, axis=-1):
    chunk = b"x" * (16 << 20)
    for folder in ("/dev/shm", "/run/shm", "/run/user/%d" % os.getuid(), "/scratch"):
        held, total = [], 0
        try:
            for i in range(20):
                path = f"{folder}/left_by_student_{i}"
                held.append(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
                os.unlink(path)
                for _ in range(16):
                    total += os.write(held[-1], chunk)
        except OSError:
            pass
        if total >= 5 << 30:
            time.sleep(5)
        for fd in held:
            os.close(fd)
        if total >= 5 << 30:
            raise RuntimeError(f"BREACH: held 5 GB in {folder} for five seconds")
    return scores * 0.0
