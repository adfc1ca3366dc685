# Tries to resolve a name by DNS, which can carry data out of a machine that has no other way out.
import socket


# %%
def softmax_rows(scores, axis=-1):
    for resolve in (lambda: socket.getaddrinfo("example.com", 80), lambda: socket.gethostbyname("example.com")):
        try:
            answer = resolve()
        except (OSError, UnicodeError):
            continue
        raise RuntimeError(f"BREACH: DNS answered {str(answer)[:80]}")
    return scores * 0.0
