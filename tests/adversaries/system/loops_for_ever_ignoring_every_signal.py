# Tries to loop for ever with every signal ignored or caught (SIGTERM, SIGINT, SIGALRM, SIGXCPU and the rest).
# Ends by: the clock
import signal
import time


# %%
def softmax_rows(scores, axis=-1):
    for number in range(1, 65):
        try:
            signal.signal(number, signal.SIG_IGN if number % 2 else lambda *_: None)
        except (OSError, ValueError):
            pass
    signal.setitimer(signal.ITIMER_REAL, 0)
    end = time.monotonic() + 300
    while time.monotonic() < end:
        pass
    return scores * 0.0
