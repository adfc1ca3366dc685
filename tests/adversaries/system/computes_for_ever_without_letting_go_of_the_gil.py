# Tries to hold the interpreter lock for minutes in C code (a regular expression), so that no Python handler can run.
# Ends by: the clock
import re
import signal


# %%
def softmax_rows(scores, axis=-1):
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(300)
    re.match("(a+)+$", "a" * 45 + "b")
    return scores * 0.0
