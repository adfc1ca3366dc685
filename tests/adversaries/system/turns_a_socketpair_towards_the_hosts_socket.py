# Tries to use a datagram socketpair (socket() may be refused, socketpair() rarely is) to reach sockets of the host.
import errno
import socket


# %%
def softmax_rows(scores, axis=-1):
    for kind in (socket.SOCK_DGRAM, socket.SOCK_STREAM, socket.SOCK_SEQPACKET):
        for name in (b"@SOCKET@", b"\0" + b"@ABSTRACT@"):
            for way in ("connect", "sendto", "sendmsg"):
                try:
                    s, _ = socket.socketpair(socket.AF_UNIX, kind)
                    if way == "connect":
                        s.connect(name)
                    elif way == "sendto":
                        s.sendto(b"hello\n", name)
                    else:
                        s.sendmsg([b"hello\n"], [], 0, name)
                except OSError as error:
                    # EPROTOTYPE: the path was found and allowed, only the kind of the socket differs.
                    if error.errno == errno.EPROTOTYPE and name == b"@SOCKET@":
                        raise RuntimeError(f"BREACH: {way} of a socketpair reached @SOCKET@ (wrong type)") from None
                    continue
                if kind == socket.SOCK_DGRAM:
                    raise RuntimeError(f"BREACH: {way} of a socketpair reached {name!r}")
    return scores * 0.0
