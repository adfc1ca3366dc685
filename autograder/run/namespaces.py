"""Linux namespaces for one child: its own user, mounts, processes, IPC and network, and a private scratch folder.

Holds against: seeing or signalling other processes, outliving the job, writing anywhere but in a bounded tmpfs, the
network. Does not hold against: attacks on the kernel itself.
"""

from __future__ import annotations

import ctypes
import os

from autograder.run.privileges import checked, die_with_parent, libc

CLONE_NEWNS, CLONE_NEWUTS, CLONE_NEWIPC = 0x20000, 0x4000000, 0x8000000
CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = 0x10000000, 0x20000000, 0x40000000
ALL = CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWNET
MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REC, MS_PRIVATE = 2, 4, 8, 16384, 1 << 18


def enter_as_first_process(scratch: str, scratch_bytes: int) -> None:
    """Enter new namespaces and go on as process 1 of them; the calling process waits and passes the status on.

    Killing the caller kills process 1, and with it every process that the job started.

    Args:
        scratch: an existing folder, over which an empty one in memory is put.
        scratch_bytes: how much it may hold.
    """
    user, group = os.getuid(), os.getgid()
    checked(libc.unshare(ALL), "unshare")
    write("/proc/self/setgroups", "deny")
    write("/proc/self/uid_map", f"{user} {user} 1")
    write("/proc/self/gid_map", f"{group} {group} 1")
    first = os.fork()
    if first:
        _, status = os.waitpid(first, 0)
        code = os.waitstatus_to_exitcode(status)
        os._exit(code if code >= 0 else 128 - code)
    die_with_parent()
    mount("none", "/", None, MS_REC | MS_PRIVATE)
    mount("tmpfs", scratch, "tmpfs", MS_NOSUID | MS_NODEV, f"size={scratch_bytes},nr_inodes=20000,mode=0700")
    mount("tmpfs", "/dev/shm", "tmpfs", MS_NOSUID | MS_NODEV, f"size={scratch_bytes // 4},nr_inodes=2000,mode=0700")
    try:
        mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC)
    except PermissionError:
        # Kernels forbid it where bubblewrap covers parts of /proc; its own shows only the zygote, not dumpable.
        os.stat("/proc/self")


def mount(source: str, target: str, kind: str | None, flags: int, data: str | None = None) -> None:
    """mount(2)."""
    source_bytes, target_bytes = source.encode(), target.encode()
    kind_bytes, data_bytes = kind and kind.encode(), data and data.encode()
    checked(libc.mount(source_bytes, target_bytes, kind_bytes, ctypes.c_ulong(flags), data_bytes), f"mount {target}")


def write(path: str, text: str) -> None:
    """Write a short text to a file of /proc."""
    with open(path, "w", encoding="ascii") as file:
        file.write(text)
