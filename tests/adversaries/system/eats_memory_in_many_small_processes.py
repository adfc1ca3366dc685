# Tries to hold 6 GB in 32 processes that each stay far below any limit of one process, for five seconds.
import os
import time


# %%
def softmax_rows(scores, axis=-1):
    children = []
    try:
        for number in range(32):
            pid = os.fork()
            if pid == 0:
                try:
                    held = bytes([number + 1]) * (200 << 20)
                    time.sleep(30)
                    del held
                finally:
                    os._exit(0)
            children.append(pid)
        time.sleep(12)
        alive = [pid for pid in children if os.waitpid(pid, os.WNOHANG)[0] == 0]
        if len(alive) >= 30:
            raise RuntimeError(f"BREACH: {len(alive)} processes of 200 MB each lived on")
    except (OSError, MemoryError):
        pass
    finally:
        for pid in children:
            try:
                if os.waitpid(pid, os.WNOHANG)[0] == 0:
                    os.kill(pid, 9)
                    os.waitpid(pid, 0)
            except OSError:
                pass
    return scores * 0.0
