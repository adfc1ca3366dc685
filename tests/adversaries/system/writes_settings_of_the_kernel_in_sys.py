# Tries to open settings in /sys for writing, and to leave its control group for one with other limits.
import os

NAMES = ["kernel/mm/transparent_hugepage/enabled", "power/state", "kernel/uevent_helper", "kernel/profiling",
         "fs/cgroup/cgroup.procs", "fs/cgroup/cgroup.subtree_control", "kernel/debug/sched_features",
         "devices/system/cpu/cpu1/online", "module/kernel/parameters/panic", "fs/cgroup/memory/tasks"]


# %%
def softmax_rows(scores, axis=-1):
    paths = [f"/sys/{name}" for name in NAMES]
    try:
        with open("/proc/self/cgroup") as f:
            own = f.read().split("::")[-1].strip().strip("/").split("/")
    except OSError:
        own = []
    for i in range(len(own) + 1):
        folder = "/".join(["/sys/fs/cgroup", *own[:i]])
        paths += [f"{folder}/{name}" for name in ("cgroup.procs", "cgroup.kill", "memory.max", "pids.max", "cgroup.freeze")]
    opened = []
    for path in paths:
        try:
            os.close(os.open(path, os.O_WRONLY))
        except OSError:
            continue
        opened.append(path)
    if opened:
        raise RuntimeError(f"BREACH: open for writing: {opened[:6]}")
    return scores * 0.0
