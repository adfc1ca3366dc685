# Tries to open raw and packet sockets, also the "ping" kind that needs no privileges.
import socket

KINDS = [(socket.AF_PACKET, socket.SOCK_RAW, 0x0300), (socket.AF_PACKET, socket.SOCK_DGRAM, 0x0300),
         (socket.AF_INET, socket.SOCK_RAW, 1), (socket.AF_INET, socket.SOCK_RAW, 255),
         (socket.AF_INET6, socket.SOCK_RAW, 58), (socket.AF_INET, socket.SOCK_DGRAM, 1)]


# %%
def softmax_rows(scores, axis=-1):
    opened = []
    for kind in KINDS:
        try:
            socket.socket(*kind).close()
        except OSError:
            continue
        opened.append(str(tuple(map(int, kind))))
    if opened:
        raise RuntimeError(f"BREACH: opened raw sockets {opened}")
    return scores * 0.0
