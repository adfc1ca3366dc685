# Tries to break the framing with lengths that are negative when read as signed numbers.
import os
import stat
import struct

import keras
import numpy as np


def channel():
    """The unix socket that this process has inherited."""
    return next(fd for fd in range(3, 256) if os.path.exists(fd) and stat.S_ISSOCK(os.stat(fd).st_mode))


def softmax_rows(scores, axis=-1):
    text = b'[{"done": []}, []]'
    for lengths in ((-1, -1), (-len(text), 0), (len(text), -(2**31))):
        os.write(channel(), struct.pack("!ii", *lengths) + text)
    return np.zeros(np.shape(scores), "float32")
