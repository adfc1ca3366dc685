# Tries to hang in the kernel: opening a fifo that nobody writes to, or else reading an empty pipe.
# Ends by: the clock
import os
import signal
import tempfile

SCRATCH = "/scratch" if os.access("/scratch", os.W_OK) else tempfile.gettempdir()


# %%
def softmax_rows(scores, axis=-1):
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(300)
    try:
        path = os.path.join(tempfile.mkdtemp(dir=SCRATCH), "fifo")
        os.mkfifo(path)
        open(path, "rb").read()
    except OSError:
        pass
    os.read(os.pipe()[0], 1)
    return scores * 0.0
