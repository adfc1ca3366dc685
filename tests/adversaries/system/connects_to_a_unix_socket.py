# Tries to connect to a unix socket of the host by its path, by an O_PATH descriptor and by a symlink in scratch.
import os
import socket
import tempfile

SCRATCH = "/scratch" if os.access("/scratch", os.W_OK) else tempfile.gettempdir()


# %%
def softmax_rows(scores, axis=-1):
    names = ["@SOCKET@", "/proc/self/root@SOCKET@", "/proc/1/root@SOCKET@"]
    try:
        names.append(f"/proc/self/fd/{os.open('@SOCKET@', os.O_PATH)}")
        link = os.path.join(tempfile.mkdtemp(dir=SCRATCH), "link")
        os.symlink("@SOCKET@", link)
        names.append(link)
    except OSError:
        pass
    for name in names:
        for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_SEQPACKET):
            try:
                s = socket.socket(socket.AF_UNIX, kind)
                s.settimeout(2)
                s.connect(name)
            except OSError:
                continue
            raise RuntimeError(f"BREACH: connected to {name}")
    return scores * 0.0
