# Tries to exceed the limit of processes with orphans, which are no longer below the job but below the zygote.
import os
import time

import keras


def softmax_rows(scores, axis=-1):
    alive = 0
    for _ in range(400):
        try:
            if os.fork() == 0:
                if os.fork() == 0:
                    time.sleep(60)
                os._exit(0)
            alive += 1
            os.wait()
        except OSError:
            break
    time.sleep(1)
    if alive == 400:
        raise RuntimeError("BREACH: 400 orphans are alive")
    return scores * 0.0
