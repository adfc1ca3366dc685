"""seccomp: the system calls that a job may not make, on any architecture that libseccomp knows.

Holds against: the network and other processes' sockets, looking into or stopping other processes, namespaces and
mounts, and the rarely used parts of the kernel in which most of its faults were found. Does not hold against: faults
in the calls that numeric code needs.
"""

from __future__ import annotations

import errno
import os
from functools import cache
from typing import Any

PERMISSION = (
    # other programs: a fresh Python would know nothing of the calls that an exercise switches off
    "execve", "execveat",
    # the network, and sockets that other programs listen on
    "socket", "bind", "listen", "accept", "accept4", "connect",
    # other processes
    "ptrace", "process_vm_readv", "process_vm_writev", "process_madvise", "process_mrelease", "kcmp", "pidfd_open",
    "pidfd_getfd", "pidfd_send_signal", "migrate_pages", "move_pages",
    # namespaces and mounts
    "unshare", "setns", "mount", "umount", "umount2", "pivot_root", "chroot", "move_mount", "open_tree", "fsopen",
    "fsconfig", "fsmount", "fspick", "mount_setattr",
    # ways around paths
    "open_by_handle_at", "name_to_handle_at", "fanotify_init", "fanotify_mark", "lookup_dcookie",
    # memory that no limit of the process counts, and messages that outlive it
    "memfd_create", "memfd_secret", "shmget", "shmat", "shmctl", "semget", "semop", "semctl", "semtimedop", "msgget",
    "msgsnd", "msgrcv", "msgctl", "mq_open", "mq_unlink", "mq_timedsend", "mq_timedreceive", "mq_notify",
    "mq_getsetattr",
    # parts of the kernel that attacks love
    "io_uring_setup", "io_uring_enter", "io_uring_register", "bpf", "perf_event_open", "userfaultfd", "keyctl",
    "add_key", "request_key", "modify_ldt", "iopl", "ioperm", "vm86", "vm86old", "uselib", "_sysctl", "nfsservctl",
    # the machine itself
    "kexec_load", "kexec_file_load", "init_module", "finit_module", "delete_module", "create_module", "reboot",
    "swapon", "swapoff", "acct", "quotactl", "quotactl_fd", "settimeofday", "stime", "clock_settime", "clock_adjtime",
    "adjtimex", "sethostname", "setdomainname", "syslog", "vhangup",
)  # fmt: skip
NEWER = {"fchmodat2": 452, "setxattrat": 463, "removexattrat": 466}
"""Numbers that older libraries do not name; from 424 on they are the same on every architecture."""
REFUSED_AS_UNKNOWN = ("clone3", *range(457, 462), *range(467, 600))
"""As if the kernel did not have them: clone3 hides its flags, and calls newer than this list are nobody's need."""
NEW_NAMESPACE = (0x00020000, 0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000)
PARENT_DEATH = 1  # PR_SET_PDEATHSIG: a job must not outlive the zygote
TYPE_OF_SOCKET = 0xF
DATAGRAMS = (2, 3)
"""SOCK_DGRAM, and SOCK_RAW, which becomes one: such a pair could write to any Unix socket with a name."""
UNIX = 1
INT = 0xFFFFFFFF  # the kernel looks at the lower half of these arguments only
SHARED, ANONYMOUS = 0x01, 0x20  # memory that stays when its pages are unmapped, so that nobody can count it
FILE_COMMANDS = (8, 10, 15, 1024, 1026)
"""fcntl: F_SETOWN, F_SETSIG and F_SETOWN_EX send signals by the kernel's hand; F_SETLEASE and F_NOTIFY reach others."""
TERMINAL_REQUESTS = (0x5412, 0x541C, 0x8901, 0x8902)  # TIOCSTI, TIOCLINUX, FIOSETOWN, SIOCSPGRP
ATTRIBUTE_REQUESTS = (
    0x40086602, 0x40046602, 0x401C5820, 0x40087602, 0x40047602, 0x40806685, 0x6681, 0x40086610, 0x800C6613, 0xC0506617,
)  # fmt: skip
"""FS_IOC_SETFLAGS, FSSETXATTR, SETVERSION, ENABLE_VERITY and encryption: what a file is like, with a right to read."""
QUERY_PERSONALITY = 0xFFFFFFFF

WITHOUT_NAMESPACES = (
    # Landlock does not guard what a file is like, only what is in it
    "chmod", "fchmod", "fchmodat", "fchmodat2", "chown", "fchown", "lchown", "fchownat", "chown32", "fchown32",
    "lchown32", "setxattr", "lsetxattr", "fsetxattr", "setxattrat", "removexattr", "lremovexattr", "fremovexattr",
    "removexattrat", "utime", "utimes", "utimensat", "futimesat",
    "inotify_init", "inotify_init1",
    "kill", "tkill", "rt_sigqueueinfo", "rt_tgsigqueueinfo",
)  # fmt: skip
ONLY_ITSELF = {"prlimit64": 0, "setpriority": 1, "ioprio_set": 1, "sched_setaffinity": 0, "sched_setscheduler": 0}
ONLY_ITSELF |= {"sched_setparam": 0, "sched_setattr": 0}
"""Calls that may change other processes of the same user, and which argument names the process (0: itself)."""
ONE_PROCESS = {"setpriority": 0, "ioprio_set": 1}
"""Calls whose first argument says what the number names; every other value would mean all processes of the user."""
KEPT_UNTIL_THE_END = ("unlink", "unlinkat", "rmdir")
"""Where the disk is watched by looking at the files, a removed one that is still open would not be seen: these calls
report success and do nothing. The whole folder goes when the job ends."""
TEMPORARY_FILE = 0o20000000  # O_TMPFILE: a file without a name


@cache
def missing() -> str | None:
    """Why seccomp cannot be used here, or None."""
    try:
        import pyseccomp  # noqa: F401
    except (ImportError, OSError, RuntimeError) as error:
        return f"libseccomp cannot be loaded (apt install libseccomp2): {error}"
    return None


def restrict(namespaces: bool) -> None:
    """Refuse the calls from now on, for this process and all that it starts.

    Args:
        namespaces: whether the job has its own processes and mounts; without them more is refused.

    Raises:
        OSError: the kernel refuses the filter.
    """
    from pyseccomp import NE, Arg

    rules = prepared(namespaces)
    if not namespaces:
        refuse(rules, "tgkill", Arg(0, NE, os.getpid()))
    rules.load()


@cache
def prepared(namespaces: bool) -> Any:
    """The rules that are the same for every job: made once, before the fork."""
    import pyseccomp

    rules = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
    rules.set_attr(pyseccomp.Attr.ACT_BADARCH, pyseccomp.KILL_PROCESS)  # other calling conventions, e.g. 32 bit
    refuse_always(rules)
    if not namespaces:
        refuse_without_namespaces(rules)
    return rules


def refuse_always(rules: Any) -> None:
    """What no job may do."""
    from pyseccomp import ERRNO, MASKED_EQ, NE, Arg

    for name in PERMISSION:
        refuse(rules, name)
    for call in REFUSED_AS_UNKNOWN:
        refuse(rules, call, code=errno.ENOSYS)
    for flag in NEW_NAMESPACE:
        rules.add_rule(ERRNO(errno.EPERM), "clone", Arg(0, MASKED_EQ, flag, flag))
    for name, kind in ONE_PROCESS.items():
        refuse(rules, name, Arg(0, NE, kind))
    for request in (*TERMINAL_REQUESTS, *ATTRIBUTE_REQUESTS):
        rules.add_rule(ERRNO(errno.EPERM), "ioctl", Arg(1, MASKED_EQ, INT, request))
    for command in FILE_COMMANDS:
        for call in ("fcntl", "fcntl64"):
            refuse(rules, call, Arg(1, MASKED_EQ, INT, command))
    for call in ("mmap", "mmap2"):
        refuse(rules, call, Arg(3, MASKED_EQ, SHARED | ANONYMOUS, SHARED | ANONYMOUS))
    rules.add_rule(ERRNO(errno.EPERM), "socketpair", Arg(0, NE, UNIX))
    for kind in DATAGRAMS:
        rules.add_rule(ERRNO(errno.EPERM), "socketpair", Arg(1, MASKED_EQ, TYPE_OF_SOCKET, kind))
    rules.add_rule(ERRNO(errno.EPERM), "prctl", Arg(0, MASKED_EQ, INT, PARENT_DEATH))
    rules.add_rule(ERRNO(errno.EPERM), "personality", Arg(0, NE, QUERY_PERSONALITY))


def refuse_without_namespaces(rules: Any) -> None:
    """What namespaces and private mounts would have stopped."""
    from pyseccomp import ERRNO, MASKED_EQ, NE, Arg

    for name in WITHOUT_NAMESPACES:
        refuse(rules, name)
    for name, argument in ONLY_ITSELF.items():
        refuse(rules, name, Arg(argument, NE, 0))
    for name in KEPT_UNTIL_THE_END:
        refuse(rules, name, code=0)
    rules.add_rule(ERRNO(errno.EOPNOTSUPP), "openat", Arg(2, MASKED_EQ, TEMPORARY_FILE, TEMPORARY_FILE))
    refuse(rules, "open", Arg(1, MASKED_EQ, TEMPORARY_FILE, TEMPORARY_FILE), code=errno.EOPNOTSUPP)
    refuse(rules, "openat2", code=errno.ENOSYS)


def refuse(rules: Any, call: str | int, *arguments: Any, code: int = errno.EPERM) -> None:
    """Add a rule, unless this architecture does not have the call."""
    from pyseccomp import ERRNO, resolve_syscall, system_arch

    number = call if isinstance(call, int) else NEWER.get(call) or resolve_syscall(system_arch(), call)
    if number >= 0:
        rules.add_rule(ERRNO(code), number, *arguments)
