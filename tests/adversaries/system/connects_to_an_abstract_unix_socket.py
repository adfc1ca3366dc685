# Tries to connect to an abstract unix socket of the host, which has no file that a file rule could protect.
import socket


# %%
def softmax_rows(scores, axis=-1):
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_SEQPACKET):
        try:
            s = socket.socket(socket.AF_UNIX, kind)
            s.settimeout(2)
            s.connect(b"\0" + b"@ABSTRACT@")
        except OSError:
            continue
        raise RuntimeError("BREACH: connected to the abstract socket")
    return scores * 0.0
