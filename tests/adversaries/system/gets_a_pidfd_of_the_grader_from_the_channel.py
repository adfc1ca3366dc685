# Tries to get a pidfd of the other end by SO_PEERPIDFD on the channel, across namespaces, and to use it.
import ctypes
import os
import platform
import socket
import stat

def kernel(x86, arm, *args):
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    number = x86 if platform.machine() == "x86_64" else arm
    words = [ctypes.c_long(a) if isinstance(a, int) else a for a in (number, *args)]
    return libc.syscall(*words), ctypes.get_errno()


# %%
def softmax_rows(scores, axis=-1):
    for fd in range(3, 1024):
        try:
            if not stat.S_ISSOCK(os.fstat(fd).st_mode):
                continue
            s = socket.socket(fileno=os.dup(fd))
            pidfd = s.getsockopt(socket.SOL_SOCKET, 77)
            peer = int.from_bytes(s.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)[:4], "little")
        except OSError:
            continue
        if peer == os.getpid():
            continue
        if kernel(424, 424, pidfd, 0, None, 0)[0] == 0:
            raise RuntimeError("BREACH: pidfd_send_signal to the peer of the channel")
        for target in range(0, 64):
            if kernel(438, 438, pidfd, target, 0)[0] >= 0:
                raise RuntimeError(f"BREACH: took descriptor {target} of the peer of the channel")
        if kernel(308, 268, pidfd, 0x40000000)[0] == 0:
            raise RuntimeError("BREACH: entered the network of the peer")
    return scores * 0.0
