# Tries to hold more processes than allowed: up to 2000 forks; 400 of them alive for five seconds is the breach.
import os
import time


# %%
def softmax_rows(scores, axis=-1):
    end, children = time.time() + 60, []
    try:
        while len(children) < 2000 and time.time() < end:
            try:
                pid = os.fork()
            except OSError:
                break
            if pid == 0:
                time.sleep(max(0, end - time.time()))
                os._exit(0)
            children.append(pid)
        time.sleep(5)
        alive = [pid for pid in children if os.waitpid(pid, os.WNOHANG)[0] == 0]
        if len(alive) >= 400:
            raise RuntimeError(f"BREACH: {len(alive)} processes lived for five seconds")
    finally:
        for pid in children:
            try:
                if os.waitpid(pid, os.WNOHANG)[0] == 0:
                    os.kill(pid, 9)
                    os.waitpid(pid, 0)
            except OSError:
                pass
    return scores * 0.0
