# Tries to listen without bind (the kernel then picks a port), which slips past a filter that refuses only bind.
import os
import socket
import threading


# %%
def softmax_rows(scores, axis=-1):
    for family in (socket.AF_INET, socket.AF_INET6):
        try:
            s = socket.socket(family, socket.SOCK_STREAM)
            s.listen(5)
            port = s.getsockname()[1]
        except OSError:
            continue
        if os.getppid() > 1 and os.path.exists("@OUTSIDE@/precious.txt"):
            raise RuntimeError(f"BREACH: listens on port {port} of the host")
        threading.Thread(target=s.accept, daemon=True).start()
    return scores * 0.0
