# Tries to change the priority of all processes of the grader's user at once (to what it is already, so harmlessly).
import ctypes
import errno

import keras

libc = ctypes.CDLL(None, use_errno=True)
PRIO_USER, IMPOSSIBLE = 2, -20


def softmax_rows(scores, axis=-1):
    if libc.setpriority(PRIO_USER, 0, IMPOSSIBLE) == 0 or ctypes.get_errno() == errno.EACCES:
        raise RuntimeError("BREACH: the kernel looked at the priorities of all processes of this user")
    return scores * 0.0
