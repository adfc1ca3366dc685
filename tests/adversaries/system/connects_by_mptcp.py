# Tries to connect and listen by MPTCP, which Landlock's rules for TCP do not cover.
import os
import socket


# %%
def softmax_rows(scores, axis=-1):
    try:
        s = socket.socket(socket.AF_INET, socket.SOCK_STREAM, 262)
        s.settimeout(3)
        s.connect(("127.0.0.1", int("@PORT@")))
    except OSError:
        pass
    else:
        raise RuntimeError("BREACH: connected by MPTCP")
    try:
        s = socket.socket(socket.AF_INET, socket.SOCK_STREAM, 262)
        s.bind(("127.0.0.1", 0))
        s.listen(1)
    except OSError:
        return scores * 0.0
    if os.getppid() > 1 and os.path.exists("@OUTSIDE@/precious.txt"):
        raise RuntimeError("BREACH: listens by MPTCP")
    return scores * 0.0
