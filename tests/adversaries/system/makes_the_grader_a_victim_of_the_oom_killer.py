# Tries to write oom_score_adj, coredump_filter, clear_refs and comm of the grader and the zygote (values they have).
import os

def outside():
    pids = [int("@GRADER@"), int("@ZYGOTE_PARENT@"), os.getppid()]
    return [p for p in dict.fromkeys(pids) if p > 1 and not os.path.exists(f"/proc/self/task/{p}")]


# %%
def softmax_rows(scores, axis=-1):
    for pid in outside():
        for name in ("oom_score_adj", "oom_adj", "coredump_filter", "comm", "timerslack_ns"):
            try:
                with open(f"/proc/{pid}/{name}") as f:
                    value = f.read()
                with open(f"/proc/{pid}/{name}", "w") as f:
                    f.write("0x" + value if name == "coredump_filter" else value)
            except OSError:
                continue
            raise RuntimeError(f"BREACH: wrote {name} of process {pid}")
        try:
            os.close(os.open(f"/proc/{pid}/clear_refs", os.O_WRONLY))
        except OSError:
            continue
        raise RuntimeError(f"BREACH: opened clear_refs of process {pid} for writing")
    return scores * 0.0
