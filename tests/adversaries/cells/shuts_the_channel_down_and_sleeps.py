# Tries to fake the end of the conversation with shutdown() while the process keeps running.
import os
import socket
import stat
import time

import keras
import numpy as np


def channel():
    """The unix socket that this process has inherited."""
    return next(fd for fd in range(3, 256) if os.path.exists(fd) and stat.S_ISSOCK(os.stat(fd).st_mode))


def softmax_rows(scores, axis=-1):
    line = socket.socket(fileno=os.dup(channel()))
    line.shutdown(socket.SHUT_RDWR)
    time.sleep(300)
    return np.zeros(np.shape(scores), "float32")
