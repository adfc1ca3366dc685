# Tries to carry knowledge from one run to the next: keeps inputs in files and reports files that an earlier run left.
import glob
import os

import keras
import numpy as np

own = []


def softmax_rows(scores, axis=-1):
    places = ["/tmp", "/dev/shm", os.getcwd(), "@HOME@", "@ROOT@", "@OUTSIDE@"]
    for place in places:
        old = [path for path in glob.glob(f"{place}/remembered_scores_*.npy") if path not in own]
        if old:
            raise RuntimeError(f"an earlier run left its memory: {old}")
    for place in places:
        try:
            path = f"{place}/remembered_scores_{os.getpid()}_{len(own)}.npy"
            np.save(path, np.array(scores))
            own.append(path)
        except OSError:
            pass
    return np.zeros(np.shape(scores), "float32")
