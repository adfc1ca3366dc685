# Tries to crash the reader with bad UTF-8, UTF-16, lone surrogates, empty texts, bare values, pickles and HTTP.
import os
import stat
import struct

import keras
import numpy as np


def channel():
    """The unix socket that this process has inherited."""
    return next(fd for fd in range(3, 256) if os.path.exists(fd) and stat.S_ISSOCK(os.stat(fd).st_mode))


def softmax_rows(scores, axis=-1):
    pickle = b"cposix\nsystem\n(S'touch @OUTSIDE@/frame_was_unpickled'\ntR."
    texts = [b"\xff\xfe\x00", '[{}, []]'.encode("utf-16"), b'["\\ud800", []]', b"", b"null", b"7", b"{}", b"[]", b"[[], {}]",
             b"\xef\xbb\xbf[{}, []]", pickle, b"GET / HTTP/1.0\r\n\r\n", b"[{}, []] [{}, []]", b'["\x00", []]', b"__import__('os')"]
    for text in texts:
        os.write(channel(), struct.pack("!II", len(text), 0) + text)
    return np.zeros(np.shape(scores), "float32")
