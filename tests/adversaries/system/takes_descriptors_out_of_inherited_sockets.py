# Tries to receive descriptors (SCM_RIGHTS) that wait in inherited sockets, for instance meant for the zygote.
import array
import os
import re
import socket
import stat

def tell(data):
    text = data if isinstance(data, str) else bytes(data).decode("latin-1")
    found = re.findall(r"CANARY-[0-9a-fA-F]{16}", text)
    if found:
        raise RuntimeError(" ".join(sorted(set(found)))[:450])


# %%
def softmax_rows(scores, axis=-1):
    for fd in range(3, 1024):
        try:
            if not stat.S_ISSOCK(os.fstat(fd).st_mode):
                continue
            s = socket.socket(fileno=os.dup(fd))
            data, extra, _, _ = s.recvmsg(1 << 16, 4096, socket.MSG_PEEK | socket.MSG_DONTWAIT)
        except OSError:
            continue
        tell(data)
        for level, kind, payload in extra:
            fds = array.array("i", payload[: len(payload) // 4 * 4])
            for new in fds:
                try:
                    tell(os.pread(new, 1 << 20, 0))
                except OSError:
                    pass
            if fds:
                raise RuntimeError(f"BREACH: received {len(fds)} descriptors from inherited socket {fd}")
    return scores * 0.0
