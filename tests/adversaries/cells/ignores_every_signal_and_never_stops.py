# Tries to survive the time limit: ignores or blocks every signal that can be ignored, then runs for ever.
# Ends by: the clock
import signal

import keras
import numpy as np


def softmax_rows(scores, axis=-1):
    for number in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:
        signal.signal(number, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_BLOCK, signal.Signals)
    signal.setitimer(signal.ITIMER_REAL, 0)
    while True:
        pass
