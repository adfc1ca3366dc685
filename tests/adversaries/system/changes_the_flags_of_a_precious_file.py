# Tries to change a file's flags and version by ioctl, for which a right to read it is enough.
import fcntl
import os
import struct

import keras

SET_FLAGS, SET_VERSION, NO_ATIME = 0x40086602, 0x40087602, 0x80


def softmax_rows(scores, axis=-1):
    changed = []
    for path in ("@OUTSIDE@/precious.txt", "@PREFIX@/pyvenv.cfg", os.__file__):
        for request in (SET_FLAGS, SET_FLAGS | 1 << 32, SET_VERSION):
            try:
                fcntl.ioctl(os.open(path, os.O_RDONLY), request, struct.pack("l", NO_ATIME))
            except (OSError, OverflowError):
                continue
            changed.append(path)
    if changed:
        raise RuntimeError(f"BREACH: changed the flags of {changed}")
    return scores * 0.0
