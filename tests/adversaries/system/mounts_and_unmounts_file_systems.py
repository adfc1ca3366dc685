# Tries to use mount, umount2 and pivot_root on names that do not exist: any error but a refusal shows that it may mount.
import ctypes
import errno
import platform
import tempfile

def kernel(x86, arm, *args):
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    number = x86 if platform.machine() == "x86_64" else arm
    words = [ctypes.c_long(a) if isinstance(a, int) else a for a in (number, *args)]
    return libc.syscall(*words), ctypes.get_errno()

REFUSED = (errno.EPERM, errno.EACCES, errno.ENOSYS)


# %%
def softmax_rows(scores, axis=-1):
    folder = tempfile.mkdtemp()
    done = []
    if kernel(165, 40, b"tmpfs", folder.encode(), b"tmpfs", 0, b"size=1m")[0] == 0:
        kernel(166, 39, folder.encode(), 2)
        done.append("mount")
    calls = {"umount2": (166, 39, folder.encode(), 0), "pivot_root": (155, 41, b"/no_such_a", b"/no_such_b")}
    for name, call in calls.items():
        result, error = kernel(*call)
        if result == 0 or error not in REFUSED:
            done.append(name)
    if done:
        raise RuntimeError(f"BREACH: may use {done}")
    return scores * 0.0
