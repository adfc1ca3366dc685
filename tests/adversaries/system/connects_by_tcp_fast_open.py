# Tries to connect by TCP Fast Open in sendto and sendmsg, which needs no connect() that a filter or Landlock could see.
import socket
import struct


# %%
def softmax_rows(scores, axis=-1):
    address = ("127.0.0.1", int("@PORT@"))
    for way in ("sendto", "sendmsg"):
        try:
            s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
            s.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", 3, 0))
            if way == "sendto":
                s.sendto(b"hello\n", 0x20000000, address)
            else:
                s.sendmsg([b"hello\n"], [], 0x20000000, address)
        except OSError:
            continue
        raise RuntimeError(f"BREACH: connected by fast open in {way}")
    return scores * 0.0
