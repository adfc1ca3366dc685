# Tries to write to a Unix socket outside: a raw pair becomes a datagram pair, which may write to any named socket.
import socket

import keras


def softmax_rows(scores, axis=-1):
    ours, _ = socket.socketpair(socket.AF_UNIX, socket.SOCK_RAW)
    for target in ("@SOCKET@", "\0@ABSTRACT@", "/dev/log", "/run/systemd/notify"):
        try:
            ours.sendto(b"hello", target)
        except OSError:
            continue
        raise RuntimeError(f"BREACH: wrote to {target!r}")
    raise RuntimeError("BREACH: a pair of datagram sockets")
