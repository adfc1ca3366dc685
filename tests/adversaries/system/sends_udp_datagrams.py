# Tries to send UDP datagrams to the host (sendto, connect and send), which Landlock's network rules do not cover.
import socket


# %%
def softmax_rows(scores, axis=-1):
    for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        for kind, protocol in ((socket.SOCK_DGRAM, 0), (socket.SOCK_DGRAM, 136)):
            try:
                s = socket.socket(family, kind, protocol)
                s.settimeout(1)
                s.sendto(b"hello\n", (address, int("@PORT@")))
                s.connect((address, int("@PORT@")))
                s.send(b"hello\n")
                s.recv(100)
            except TimeoutError:
                # No "port unreachable" came back, so somebody listens there.
                raise RuntimeError(f"BREACH: a datagram reached {address}") from None
            except OSError:
                continue
            raise RuntimeError(f"BREACH: {address} answered a datagram")
    return scores * 0.0
