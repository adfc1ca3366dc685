# Tries to change the nice value of the grader, its group and all processes of the user (to the value that they have).
import os

def outside():
    pids = [int("@GRADER@"), int("@ZYGOTE_PARENT@"), os.getppid()]
    return [p for p in dict.fromkeys(pids) if p > 1 and not os.path.exists(f"/proc/self/task/{p}")]


# %%
def softmax_rows(scores, axis=-1):
    for pid in outside():
        for which, who in ((os.PRIO_PROCESS, pid), (os.PRIO_PGRP, pid)):
            try:
                os.setpriority(which, who, os.getpriority(which, who))
            except OSError:
                continue
            raise RuntimeError(f"BREACH: setpriority works on process {pid}")
        try:
            with open(f"/proc/{pid}/autogroup", "r+") as f:
                f.write("0")
        except OSError:
            continue
        raise RuntimeError(f"BREACH: autogroup of process {pid} was set")
    return scores * 0.0
