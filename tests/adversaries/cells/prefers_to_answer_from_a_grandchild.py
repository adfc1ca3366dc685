# Tries to outlive its own process: the parent exits, and a forked grandchild answers on a duplicate of the channel.
import json
import os
import stat
import time
import struct

import keras
import numpy as np


def channel():
    """The unix socket that this process has inherited."""
    return next(fd for fd in range(3, 256) if os.path.exists(fd) and stat.S_ISSOCK(os.stat(fd).st_mode))


def softmax_rows(scores, axis=-1):
    fd = os.dup(channel())
    if os.fork():
        os._exit(0)
    os.setsid()
    if os.fork():
        os._exit(0)
    time.sleep(3)
    for message in ({"question": 0, "value": [0.0]}, {"done": [0]}):
        text = json.dumps([message, []]).encode()
        os.write(fd, struct.pack("!II", len(text), 0) + text)
    open("@OUTSIDE@/the_grandchild_lives", "w").close()
    time.sleep(600)
    os._exit(0)
