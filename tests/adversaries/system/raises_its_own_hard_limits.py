# Tries to raise its own hard limits (memory, processes, files, cpu time) with setrlimit and prlimit.
import os
import resource


# %%
def softmax_rows(scores, axis=-1):
    raised = []
    for name in ("AS", "DATA", "NPROC", "FSIZE", "CPU", "NOFILE", "MEMLOCK", "CORE", "STACK", "NICE", "RTPRIO", "MSGQUEUE"):
        kind = getattr(resource, f"RLIMIT_{name}")
        soft, hard = resource.getrlimit(kind)
        if hard == resource.RLIM_INFINITY:
            continue
        for call in (lambda: resource.setrlimit(kind, (soft, hard + 1)),
                     lambda: resource.prlimit(os.getpid(), kind, (soft, hard + 1))):
            try:
                call()
            except (OSError, ValueError):
                continue
            resource.setrlimit(kind, (soft, hard))
            raised.append(name)
    if raised:
        raise RuntimeError(f"BREACH: raised its own hard limits {raised}")
    return scores * 0.0
