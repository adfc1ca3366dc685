# Tries to leave a daemon (double fork, setsid, closed descriptors, ignored signals) that lives on for two minutes.
import os
import signal
import time


def daemon():
    os.setsid()
    if os.fork():
        return
    for number in range(1, 65):
        try:
            signal.signal(number, signal.SIG_IGN)
        except (OSError, ValueError):
            pass
    os.closerange(0, 4096)
    end = time.time() + 120
    while time.time() < end:
        time.sleep(0.2)


# %%
def softmax_rows(scores, axis=-1):
    try:
        pid = os.fork()
    except OSError:
        return scores * 0.0
    if pid == 0:
        try:
            daemon()
        finally:
            os._exit(0)
    os.waitpid(pid, 0)
    return scores * 0.0
