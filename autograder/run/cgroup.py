"""A control group for each worker, where the system lets us make one: the kernel's own account of memory and processes.

Only control groups of version 2 that were delegated to us, for example by

    systemd-run --user --scope -p Delegate=yes autograder grade ...

Holds against: memory that no process's limits count (pipes, sockets, tmpfs). Does not exist on most machines; the
watchdog does the work there.
"""

from __future__ import annotations

import itertools
import os
import time
from contextlib import suppress
from pathlib import Path

from autograder.records import Limits

ZYGOTE_BYTES = 2 * 2**30
"""TensorFlow and Keras before any job."""
CONTROLLERS = frozenset(["memory", "pids"])
OWN_PART = "grader"
numbers = itertools.count()


def make(limits: Limits) -> Path | None:
    """A new control group with a job's limits, or None where this system gives us none."""
    home = delegated()
    if home is None:
        return None
    group = home / f"worker-{os.getpid()}-{next(numbers)}"
    memory = limits.memory_bytes + limits.disk_bytes + ZYGOTE_BYTES
    settings = {"memory.max": memory, "memory.swap.max": 0, "pids.max": limits.processes + 16}
    try:
        group.mkdir()
        for name, value in settings.items():
            if (group / name).exists():
                (group / name).write_text(str(value))
    except OSError:
        remove(group)
        return None
    return group


def delegated() -> Path | None:
    """Our own control group, if we may divide it; this process is moved into a part of its own first."""
    try:
        path = own_path()
        home = path.parent if path.name == OWN_PART else path
        offered = CONTROLLERS.intersection((home / "cgroup.controllers").read_text().split())
        if not offered or not os.access(home, os.W_OK):
            return None
        if not offered.issubset((home / "cgroup.subtree_control").read_text().split()):
            (home / OWN_PART).mkdir(exist_ok=True)
            (home / OWN_PART / "cgroup.procs").write_text(str(os.getpid()))
            (home / "cgroup.subtree_control").write_text(" ".join(f"+{name}" for name in sorted(offered)))
    except OSError:  # not version 2, not ours, or shared with other programs
        return None
    return home


def own_path() -> Path:
    """This process's control group of version 2.

    Raises:
        OSError: there is none.
    """
    mounts = [line.split() for line in Path("/proc/self/mounts").read_text().splitlines()]
    tops = [fields[1] for fields in mounts if fields[2] == "cgroup2"]
    names = [line[3:] for line in Path("/proc/self/cgroup").read_text().splitlines() if line.startswith("0::")]
    if not tops or not names:
        raise OSError("no control group of version 2")
    return Path(tops[0], names[0].lstrip("/"))


def wrapper(group: Path | None) -> list[str]:
    """A command line that enters the group and then runs what follows."""
    return ["sh", "-c", f'echo $$ > "{group}/cgroup.procs" && exec "$@"', "sh"] if group else []


def remove(group: Path | None) -> None:
    """Remove a group whose processes have ended; the kernel needs a moment to notice."""
    for _ in range(50 if group else 0):
        with suppress(OSError):
            assert group
            group.rmdir()
            return
        time.sleep(0.02)
