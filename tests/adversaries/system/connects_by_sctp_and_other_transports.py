# Tries to open SCTP, DCCP, SMC and RDS sockets, transports that Landlock does not know.
import socket

KINDS = [(socket.AF_INET, socket.SOCK_STREAM, 132), (socket.AF_INET, socket.SOCK_SEQPACKET, 132),
         (socket.AF_INET6, socket.SOCK_STREAM, 132), (socket.AF_INET, 6, 33), (socket.AF_INET6, 6, 33),
         (43, socket.SOCK_STREAM, 0), (21, socket.SOCK_SEQPACKET, 0), (socket.AF_INET, socket.SOCK_STREAM, 256)]


# %%
def softmax_rows(scores, axis=-1):
    opened = []
    for kind in KINDS:
        try:
            s = socket.socket(*kind)
        except OSError:
            continue
        opened.append(tuple(map(int, kind)))
        s.settimeout(2)
        try:
            s.connect(("127.0.0.1", int("@PORT@")))
            opened.append("connected")
        except OSError:
            pass
    if opened:
        raise RuntimeError(f"BREACH: other transports opened: {opened}")
    return scores * 0.0
