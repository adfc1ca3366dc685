# Tries to signal the process groups of the grader, the zygote and its parent with killpg and negative pids.
import os
import signal

def outside():
    pids = [int("@GRADER@"), int("@ZYGOTE_PARENT@"), os.getppid()]
    return [p for p in dict.fromkeys(pids) if p > 1 and not os.path.exists(f"/proc/self/task/{p}")]


# %%
def softmax_rows(scores, axis=-1):
    for pid in outside():
        groups = [pid]
        try:
            groups.append(os.getpgid(pid))
        except OSError:
            pass
        for group in groups:
            if group <= 1 or group == os.getpgrp():
                continue
            for number in (0, signal.SIGWINCH):
                try:
                    os.killpg(group, number)
                except OSError:
                    continue
                raise RuntimeError(f"BREACH: killpg({group}) succeeded")
    return scores * 0.0
