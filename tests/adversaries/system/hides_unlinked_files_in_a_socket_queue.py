# Tries to hide 1.4 GB of unlinked files from /proc/<pid>/fd: their descriptors wait in the queue of a socket pair.
import array
import os
import socket
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
    if QUEUED:
        os.close(QUEUED.pop())
    QUEUE[0].sendmsg([b"x"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [fd]))])
    QUEUED.append(fd)
    return fd


QUEUE, QUEUED = socket.socketpair(), []


# %%
def softmax_rows(scores, axis=-1):
    held, total = write_all(unlinked)
    while QUEUED:
        os.close(QUEUED.pop())
    if total >= 1 << 30:
        time.sleep(5)
        raise RuntimeError(f"BREACH: hid {total >> 20} MB of disk for five seconds")
    return scores * 0.0
