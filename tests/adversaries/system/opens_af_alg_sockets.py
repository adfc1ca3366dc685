# Tries to use the kernel's crypto sockets (AF_ALG), a large attack surface that ordinary users may use.
import socket


# %%
def softmax_rows(scores, axis=-1):
    try:
        s = socket.socket(38, socket.SOCK_SEQPACKET, 0)
    except OSError:
        return scores * 0.0
    text = "socket"
    try:
        s.bind(("hash", "sha256"))
        operation, _ = s.accept()
        operation.send(b"abc")
        text = operation.recv(32).hex()[:8]
    except OSError:
        pass
    raise RuntimeError(f"BREACH: AF_ALG works: {text}")
