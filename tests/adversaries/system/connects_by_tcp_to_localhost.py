# Tries to connect by TCP over IPv4 to a port on the host, blocking and non-blocking.
import select
import socket


# %%
def softmax_rows(scores, axis=-1):
    for blocking in (True, False):
        try:
            s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
            s.settimeout(3 if blocking else 0)
            error = s.connect_ex(("127.0.0.1", int("@PORT@")))
            if not blocking:
                select.select([], [s], [], 2)
                error = s.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
                s.getpeername()
        except OSError:
            continue
        if error == 0:
            raise RuntimeError("BREACH: a TCP connection was made")
    return scores * 0.0
