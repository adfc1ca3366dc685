# Tries to use the newer mount calls: open_tree, open_tree_attr, fsopen, fspick, move_mount, mount_setattr.
import ctypes
import errno
import os
import platform

def kernel(x86, arm, *args):
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    number = x86 if platform.machine() == "x86_64" else arm
    words = [ctypes.c_long(a) if isinstance(a, int) else a for a in (number, *args)]
    return libc.syscall(*words), ctypes.get_errno()

REFUSED = (errno.EPERM, errno.EACCES, errno.ENOSYS)


# %%
def softmax_rows(scores, axis=-1):
    calls = {
        "open_tree": (428, 428, -100, b"/", 1),
        "open_tree recursive": (428, 428, -100, b"/", 1 | 0x8000),
        "open_tree_attr": (467, 467, -100, b"/", 1, None, 0),
        "move_mount": (429, 429, 9999, b"", 9999, b"", 4 | 0x40),
        "fsopen": (430, 430, b"tmpfs", 0),
        "fspick": (433, 433, -100, b"/", 0),
        "mount_setattr": (442, 442, 9999, b"", 0x1000, bytes(32), 32),
    }
    done = []
    for name, call in calls.items():
        result, error = kernel(*call)
        if result >= 0 or error not in REFUSED:
            done.append(f"{name} ({result}, {errno.errorcode.get(error)})")
        if result >= 3:
            os.close(result)
    if done:
        raise RuntimeError(f"BREACH: may use {done}")
    return scores * 0.0
