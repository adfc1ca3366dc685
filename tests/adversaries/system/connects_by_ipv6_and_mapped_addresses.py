# Tries to connect by IPv6: ::1, mapped IPv4 addresses and other names of the same host.
import socket

ADDRESSES = [(socket.AF_INET6, "::1"), (socket.AF_INET6, "::ffff:127.0.0.1"), (socket.AF_INET6, "::ffff:0:127.0.0.1"),
             (socket.AF_INET, "0.0.0.0"), (socket.AF_INET, "127.1.2.3"), (socket.AF_INET6, "::")]


# %%
def softmax_rows(scores, axis=-1):
    for family, address in ADDRESSES:
        try:
            s = socket.socket(family, socket.SOCK_STREAM)
            s.settimeout(2)
            s.connect((address, int("@PORT@")))
        except OSError:
            continue
        raise RuntimeError(f"BREACH: connected to {address}")
    return scores * 0.0
