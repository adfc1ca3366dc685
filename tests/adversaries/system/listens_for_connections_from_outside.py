# Tries to listen on a port of the host, so that another student or a process of the host can talk to it.
import errno
import socket


# %%
def softmax_rows(scores, axis=-1):
    try:
        taken = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        taken.bind(("127.0.0.1", int("@PORT@")))
        same_network = False
    except OSError as error:
        same_network = error.errno == errno.EADDRINUSE
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        try:
            s = socket.socket(socket.AF_INET, kind)
            s.bind(("0.0.0.0", 0))
            if kind == socket.SOCK_STREAM:
                s.listen(5)
        except OSError:
            continue
        if same_network:
            raise RuntimeError(f"BREACH: listens on port {s.getsockname()[1]} of the host")
    return scores * 0.0
