# Tries to hold 6 GB in arrays of numpy and tensors of TensorFlow, whose allocators are C++.
import time
import numpy as np
import tensorflow as tf


# %%
def softmax_rows(scores, axis=-1):
    held = []
    try:
        for i in range(12):
            held.append(np.full(64 << 20, i + 1, dtype=np.float32))
            held.append(tf.fill([64 << 20], float(i)))
    except (MemoryError, tf.errors.ResourceExhaustedError):
        return scores * 0.0
    time.sleep(5)
    raise RuntimeError("BREACH: held 6 GB for five seconds")
