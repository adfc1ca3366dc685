# Tries to upset the exchange by making the channel non-blocking and its buffers tiny, then sending sixteen megabytes.
import os
import socket
import stat

import keras
import numpy as np


def channel():
    """The unix socket that this process has inherited."""
    return next(fd for fd in range(3, 256) if os.path.exists(fd) and stat.S_ISSOCK(os.stat(fd).st_mode))


def softmax_rows(scores, axis=-1):
    fd = channel()
    line = socket.socket(fileno=os.dup(fd))
    os.set_blocking(fd, False)
    for option in (socket.SO_SNDBUF, socket.SO_RCVBUF):
        line.setsockopt(socket.SOL_SOCKET, option, 1)
    return np.zeros((2000, 2000), "float32")
