# Tries to read and set resource limits of the grader and the zygote with prlimit (it sets the value they have).
import os
import resource

def outside():
    pids = [int("@GRADER@"), int("@ZYGOTE_PARENT@"), os.getppid()]
    return [p for p in dict.fromkeys(pids) if p > 1 and not os.path.exists(f"/proc/self/task/{p}")]


# %%
def softmax_rows(scores, axis=-1):
    for pid in outside():
        for kind in (resource.RLIMIT_NOFILE, resource.RLIMIT_CPU, resource.RLIMIT_AS):
            try:
                limits = resource.prlimit(pid, kind)
                resource.prlimit(pid, kind, limits)
            except (OSError, ValueError):
                continue
            raise RuntimeError(f"BREACH: set limit {kind} of process {pid}")
    return scores * 0.0
