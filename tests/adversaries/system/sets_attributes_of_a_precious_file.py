# Tries to set extended attributes and inode flags of a file outside: setxattr, setxattrat, file_setattr, an ioctl.
import ctypes
import fcntl
import os
import platform
import struct

def kernel(x86, arm, *args):
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    number = x86 if platform.machine() == "x86_64" else arm
    words = [ctypes.c_long(a) if isinstance(a, int) else a for a in (number, *args)]
    return libc.syscall(*words), ctypes.get_errno()


# %%
def softmax_rows(scores, axis=-1):
    path, done = "@OUTSIDE@/precious.txt", []
    value = ctypes.create_string_buffer(b"x")
    args = struct.pack("QII", ctypes.addressof(value), 1, 0)
    calls = {
        "setxattr": (188, 5, path.encode(), b"user.a", value, 1, 0),
        "lsetxattr": (189, 6, path.encode(), b"user.b", value, 1, 0),
        "setxattrat": (463, 463, -100, path.encode(), 0, b"user.c", args, 16),
        "file_setattr": (469, 469, -100, path.encode(), struct.pack("QIIII", 0, 0, 0, 0, 0), 24, 0),
    }
    for name, call in calls.items():
        if kernel(*call)[0] == 0:
            done.append(name)
    for target in (path, "@OUTSIDE@"):
        try:
            fd = os.open(target, os.O_RDONLY)
            flags = fcntl.ioctl(fd, 0x80086601, bytes(8))
            fcntl.ioctl(fd, 0x40086602, flags)
            done.append("FS_IOC_SETFLAGS")
        except OSError:
            pass
    if done:
        raise RuntimeError(f"BREACH: {done} on precious.txt succeeded")
    return scores * 0.0
