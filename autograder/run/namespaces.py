"""Linux namespaces for one child: its own user, mounts, processes, IPC and network, and a private scratch folder.

Holds against: seeing or signalling other processes, outliving the job, writing anywhere but in a bounded tmpfs, the
network. Does not hold against: attacks on the kernel itself.
"""

from __future__ import annotations

import ctypes
import os
import signal

CLONE_NEWNS, CLONE_NEWUTS, CLONE_NEWIPC = 0x20000, 0x4000000, 0x8000000
CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = 0x10000000, 0x20000000, 0x40000000
MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REC, MS_PRIVATE = 2, 4, 8, 16384, 1 << 18
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_NO_NEW_PRIVS, PR_CAPBSET_DROP = 1, 4, 38, 24

libc = ctypes.CDLL(None, use_errno=True)


def checked(result: int, what: str) -> None:
    """Raise OSError with the reason when a call of the C library failed."""
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{what}: {os.strerror(code)}")


def die_with_parent() -> None:
    """The kernel kills this process when its parent ends."""
    checked(libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0), "prctl")


def set_dumpable(on: bool) -> None:
    """Whether processes of the same user may read this one's memory; a child must be dumpable to map its user."""
    checked(libc.prctl(PR_SET_DUMPABLE, int(on), 0, 0, 0), "prctl")


def enter_as_first_process(tmp_bytes: int) -> None:
    """Enter new namespaces and go on as process 1 of them; the calling process waits and passes the status on.

    Killing the caller kills process 1, and with it every process that the job started.
    """
    user, group = os.getuid(), os.getgid()
    flags = CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWNET
    checked(libc.unshare(flags), "unshare")
    write("/proc/self/setgroups", "deny")
    write("/proc/self/uid_map", f"{user} {user} 1")
    write("/proc/self/gid_map", f"{group} {group} 1")
    first = os.fork()
    if first:
        _, status = os.waitpid(first, 0)
        os._exit(os.waitstatus_to_exitcode(status) & 255)
    die_with_parent()
    mount("none", "/", None, MS_REC | MS_PRIVATE)
    mount("tmpfs", "/scratch", "tmpfs", MS_NOSUID | MS_NODEV, f"size={tmp_bytes},nr_inodes=20000,mode=0700")
    mount("tmpfs", "/dev/shm", "tmpfs", MS_NOSUID | MS_NODEV, f"size={tmp_bytes // 4},mode=0700")
    try:
        mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC)
    except PermissionError:
        # Kernels forbid it where bubblewrap covers parts of /proc; its own shows only the zygote, not dumpable.
        os.stat("/proc/self")
    os.chdir("/scratch")
    drop_privileges()


def mount(source: str, target: str, kind: str | None, flags: int, data: str | None = None) -> None:
    """mount(2)."""
    source_bytes, target_bytes = source.encode(), target.encode()
    kind_bytes, data_bytes = kind and kind.encode(), data and data.encode()
    checked(libc.mount(source_bytes, target_bytes, kind_bytes, ctypes.c_ulong(flags), data_bytes), f"mount {target}")


def drop_privileges() -> None:
    """No new privileges, an empty bounding set, no capabilities."""
    checked(libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "prctl")
    for capability in range(64):
        if libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) < 0:
            break
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    checked(libc.capset(header, (ctypes.c_uint32 * 6)()), "capset")


def write(path: str, text: str) -> None:
    """Write a short text to a file of /proc."""
    with open(path, "w", encoding="ascii") as file:
        file.write(text)
