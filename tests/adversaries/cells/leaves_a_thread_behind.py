# Tries to work on after the answer: a thread that outlives the function forges frames and touches files for a minute.
import os
import stat
import threading
import time

import keras
import numpy as np


def haunt():
    until = time.monotonic() + 90
    while time.monotonic() < until:
        for fd in range(3, 256):
            if os.path.exists(fd) and stat.S_ISSOCK(os.stat(fd).st_mode):
                os.write(fd, b'\x00\x00\x00\x12\x00\x00\x00\x00[{"done": []}, []]')
        try:
            open("@OUTSIDE@/a_thread_was_here", "w").close()
        except OSError:
            pass
        time.sleep(0.001)


def softmax_rows(scores, axis=-1):
    threading.settrace(lambda *args: None)
    threading.excepthook = lambda *args: os._exit(0)
    threading.Thread(target=haunt, daemon=False).start()
    return np.zeros(np.shape(scores), "float32")
