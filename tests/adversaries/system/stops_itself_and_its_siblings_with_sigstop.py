# Tries to leave a heap of stopped processes: its children stop each other and the student's own process.
# Ends by: the clock
import os
import signal
import time


# %%
def softmax_rows(scores, axis=-1):
    children, me = [], os.getpid()
    for number in range(10):
        pid = os.fork()
        if pid == 0:
            try:
                time.sleep(0.5)
                if number < 9:
                    time.sleep(110)
                else:
                    for victim in [*children, me]:
                        os.kill(victim, signal.SIGSTOP)
                    time.sleep(110)
                    for victim in [me, *children]:
                        os.kill(victim, signal.SIGCONT)
            finally:
                os._exit(0)
        children.append(pid)
    time.sleep(115)
    return scores * 0.0
