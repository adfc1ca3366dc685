# Tries to open an abstract unix socket on which it could meet another student's job.
import os
import socket


# %%
def softmax_rows(scores, axis=-1):
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        for make in (lambda: socket.socket(socket.AF_UNIX, kind), lambda: socket.socketpair(socket.AF_UNIX, kind)[0]):
            try:
                s = make()
                s.bind(b"\0left_by_student" + str(int(kind)).encode())
                if kind == socket.SOCK_STREAM:
                    s.listen(1)
            except OSError:
                continue
            if os.getppid() > 1 and os.path.exists("@OUTSIDE@/precious.txt"):
                raise RuntimeError("BREACH: an abstract socket is open for others")
    return scores * 0.0
