# Tries to send the packing into endless recursion with a list and a dict that contain themselves.
import keras
import numpy as np


def softmax_rows(scores, axis=-1):
    ring = [np.zeros(np.shape(scores), "float32")]
    ring.append({"again": ring, "pair": (ring, ring)})
    return ring
