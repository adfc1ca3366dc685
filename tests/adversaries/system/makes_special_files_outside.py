# Tries to make folders, links, fifos, sockets and device files in the folder outside.
import os
import socket
import stat


# %%
def softmax_rows(scores, axis=-1):
    base = "@OUTSIDE@/special_"
    ways = [
        lambda: os.mkdir(base + "folder"),
        lambda: os.symlink("/etc/passwd", base + "symlink"),
        lambda: os.mkfifo(base + "fifo"),
        lambda: socket.socket(socket.AF_UNIX, socket.SOCK_STREAM).bind(base + "socket"),
        lambda: socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).bind(base + "dgram"),
        lambda: socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)[0].bind(base + "pair"),
        lambda: os.mknod(base + "file", stat.S_IFREG | 0o600),
        lambda: os.mknod(base + "device", stat.S_IFCHR | 0o600, os.makedev(1, 3)),
        lambda: os.link("@OUTSIDE@/precious.txt", base + "link"),
    ]
    for way in ways:
        try:
            way()
        except OSError:
            pass
    if os.path.exists("@OUTSIDE@/precious.txt"):
        done = [n for n in ("folder", "symlink", "fifo", "socket", "dgram", "pair", "file", "device", "link")
                if os.path.lexists(base + n)]
        if done:
            raise RuntimeError(f"BREACH: made outside: {done}")
    return scores * 0.0
