# Tries to make the grader wait by sleeping, with all signals blocked.
# Ends by: the clock
import signal
import time


# %%
def softmax_rows(scores, axis=-1):
    signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    time.sleep(300)
    return scores * 0.0
