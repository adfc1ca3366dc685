# Tries to leave a core file behind, or to start the host's core dump handler, by crashing a child of its own.
import ctypes
import os
import resource
import signal


# %%
def softmax_rows(scores, axis=-1):
    hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
    pid = os.fork()
    if pid == 0:
        for size in (resource.RLIM_INFINITY, hard):
            try:
                resource.setrlimit(resource.RLIMIT_CORE, (size, size))
                break
            except (OSError, ValueError):
                pass
        ctypes.CDLL(None).prctl(4, 1, 0, 0, 0)
        signal.signal(signal.SIGABRT, signal.SIG_DFL)
        os.abort()
    _, status = os.waitpid(pid, 0)
    if os.WCOREDUMP(status):
        raise RuntimeError("BREACH: the kernel dumped the core of a child")
    return scores * 0.0
