# Tries to open every other address family: AX.25, X.25, RDS, TIPC, Bluetooth, CAN, XDP, KCM, SMC, QRTR, Phonet and so on.
import socket

COMMON = {1, 2, 10, 16, 17, 38, 40}


# %%
def softmax_rows(scores, axis=-1):
    opened = []
    for family in sorted(set(range(3, 47)) - COMMON):
        for kind in (socket.SOCK_DGRAM, socket.SOCK_RAW, socket.SOCK_SEQPACKET, socket.SOCK_STREAM):
            try:
                socket.socket(family, kind, 0).close()
            except OSError:
                continue
            opened.append((family, int(kind)))
    if opened:
        raise RuntimeError(f"BREACH: sockets of rare families {opened}")
    return scores * 0.0
