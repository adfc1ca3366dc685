# Tries to reach the hypervisor or the host over AF_VSOCK, which no network namespace contains.
import socket


# %%
def softmax_rows(scores, axis=-1):
    done = []
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_SEQPACKET):
        try:
            s = socket.socket(40, kind, 0)
        except OSError:
            continue
        done.append(f"socket of kind {int(kind)}")
        s.settimeout(2)
        try:
            s.connect((1, int("@PORT@")))
            done.append("connection to the local context")
        except (OSError, TypeError):
            pass
    if done:
        raise RuntimeError(f"BREACH: AF_VSOCK {done}")
    return scores * 0.0
