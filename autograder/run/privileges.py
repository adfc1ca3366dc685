"""What a process may do by right of its user, and when the kernel ends it."""

from __future__ import annotations

import ctypes
import os
import resource
import signal

PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_CAPBSET_DROP, PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS = 1, 4, 24, 36, 38
CAPABILITY_VERSION_3 = 0x20080522
NICENESS = 5
OPEN_FILES = 512
OUT_OF_MEMORY_SCORE = "1000"

libc = ctypes.CDLL(None, use_errno=True)


def checked(result: int, what: str) -> None:
    """Raise OSError with the reason when a call of the C library failed."""
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{what}: {os.strerror(code)}")


def die_with_parent() -> None:
    """The kernel kills this process when its parent ends."""
    checked(libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0), "prctl")


def adopt_orphans() -> None:
    """Processes below this one whose parent ends become its children, so that none is lost from sight."""
    checked(libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0), "prctl")


def set_dumpable(on: bool) -> None:
    """Whether processes of the same user may read this one's memory; a child must be dumpable to map its user."""
    checked(libc.prctl(PR_SET_DUMPABLE, int(on), 0, 0, 0), "prctl")


def gain_none() -> None:
    """Programs that this process runs get no more rights than it has, whatever their files say."""
    checked(libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "prctl")


def drop_capabilities() -> None:
    """Give up every capability, root's too, for this process and all that it starts."""
    for capability in range(64):
        if libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) < 0:
            break
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    checked(libc.capset(header, (ctypes.c_uint32 * 6)()), "capset")


def yield_to_others() -> None:
    """Give way to the grader when the machine is busy, and be the first to go when its memory runs out."""
    os.nice(NICENESS)
    with open("/proc/self/oom_score_adj", "w", encoding="ascii") as file:
        file.write(OUT_OF_MEMORY_SCORE)


def limit_resources(limits: dict[str, int], own_processes: bool) -> None:
    """Limits of one process, kept by the kernel.

    Memory by DATA (TensorFlow maps more than it uses, so not AS). NPROC only where the job has processes of its own:
    elsewhere it counts the user's browser too.

    Args:
        limits: records.Limits as a dict.
        own_processes: whether the job runs in its own user namespace.
    """
    kinds = {
        "DATA": limits["memory_bytes"], "FSIZE": limits["disk_bytes"], "NOFILE": OPEN_FILES, "CORE": 0, "MSGQUEUE": 0,
    }  # fmt: skip
    if own_processes:
        kinds["NPROC"] = limits["processes"]
    for name, value in kinds.items():
        kind = getattr(resource, f"RLIMIT_{name}")
        _, most = resource.getrlimit(kind)
        value = value if most == resource.RLIM_INFINITY else min(value, most)
        resource.setrlimit(kind, (value, value))
