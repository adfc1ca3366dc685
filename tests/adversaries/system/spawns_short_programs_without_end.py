# Tries to keep the machine busy with a storm of short programs (vfork and exec of /bin/true) and unreaped zombies.
# Ends by: the clock
import os
import time


# %%
def softmax_rows(scores, axis=-1):
    end, waiting = time.time() + 60, []
    while time.time() < end:
        try:
            waiting.append(os.posix_spawn("/bin/true", ["true"], {}))
        except OSError:
            time.sleep(0.01)
        if len(waiting) >= 1000:
            for pid in waiting:
                os.waitpid(pid, 0)
            waiting = []
    return scores * 0.0
