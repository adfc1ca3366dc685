"""Landlock: the kernel refuses this process, and all that it starts, every file outside a short list.

Holds against: opening, creating, removing, linking or running files elsewhere, whatever the user's own rights; from
version 4 TCP, from 6 signals and abstract sockets to processes outside. Does not hold against: seeing that a path
exists (stat), changing modes, owners or times (seccomp does), Unix sockets with a path (seccomp does).
"""

from __future__ import annotations

import ctypes
import os
import stat
from collections.abc import Iterable
from functools import cache
from pathlib import Path

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446  # the same numbers on every architecture
VERSION_FLAG, PATH_BENEATH = 1, 1
EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1, 2, 4, 8
REMOVE_DIR, REMOVE_FILE, MAKE_CHAR, MAKE_BLOCK = 1 << 4, 1 << 5, 1 << 6, 1 << 11
TRUNCATE, IOCTL_DEV = 1 << 14, 1 << 15
FILES = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEV
READ = EXECUTE | READ_FILE | READ_DIR
BITS = {1: 13, 2: 14, 3: 15, 4: 15}  # how many rights a version knows; 16 from version 5 on

libc = ctypes.CDLL(None, use_errno=True)


class Ruleset(ctypes.Structure):
    """struct landlock_ruleset_attr."""

    _fields_ = (("files", ctypes.c_uint64), ("network", ctypes.c_uint64), ("scoped", ctypes.c_uint64))


class PathBeneath(ctypes.Structure):
    """struct landlock_path_beneath_attr."""

    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("folder", ctypes.c_int32))


@cache
def version() -> int:
    """Landlock's version in this kernel; 0 where it is missing or switched off."""
    try:
        found = libc.syscall(CREATE_RULESET, None, ctypes.c_size_t(0), VERSION_FLAG)
    except AttributeError:  # not Linux
        return 0
    return max(0, int(found))


def restrict(readable: Iterable[str], listed: Iterable[str], writable: Iterable[str], removal: bool) -> None:
    """Allow this process only the named paths from now on; those that do not exist are passed over.

    Args:
        readable: files and folders that may be read and run.
        listed: folders whose names may be listed, not read.
        writable: devices and folders in which anything may be done but making device nodes.
        removal: whether files may be removed or renamed in the writable ones.

    Raises:
        OSError: the kernel refuses.
    """
    known = version()
    everything = (1 << BITS.get(known, 16)) - 1
    change = everything & ~(MAKE_CHAR | MAKE_BLOCK | (0 if removal else REMOVE_FILE | REMOVE_DIR))
    attributes = Ruleset(everything, 3 if known >= 4 else 0, 3 if known >= 6 else 0)
    size = 8 if known < 4 else 16 if known < 6 else 24
    ruleset = checked(libc.syscall(CREATE_RULESET, ctypes.byref(attributes), ctypes.c_size_t(size), 0))
    for paths, rights in ((readable, READ), (listed, READ_DIR), (writable, change)):
        for path in paths:
            allow(ruleset, path, rights & everything)
    checked(libc.syscall(RESTRICT_SELF, ruleset, 0))
    os.close(ruleset)


def allow(ruleset: int, path: str, rights: int) -> None:
    """Add a path and all below it to a ruleset."""
    try:
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return  # what is not there needs no rule
    if not stat.S_ISDIR(os.fstat(descriptor).st_mode):
        rights &= FILES
    if rights:
        rule = PathBeneath(rights, descriptor)
        checked(libc.syscall(ADD_RULE, ruleset, PATH_BENEATH, ctypes.byref(rule), 0))
    os.close(descriptor)


def checked(result: int) -> int:
    """Raise OSError with the reason when a call failed."""
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, f"landlock: {os.strerror(code)}")
    return result


def without(folder: Path, hidden: list[Path]) -> tuple[list[Path], list[Path]]:
    """A folder as paths that leave out what is hidden inside it: (paths to read, folders to list only).

    Args:
        folder: that may be read otherwise.
        hidden: resolved folders.
    """
    folder = folder.resolve()
    inside = [other for other in hidden if other.is_relative_to(folder)]
    if any(folder.is_relative_to(other) for other in hidden):
        return [], []
    if not inside:
        return [folder], []
    readable, listed = [], [folder]
    for child in (child for child in folder.iterdir() if not child.is_symlink()):  # what links lead to has its own rule
        more_readable, more_listed = without(child, inside)
        readable += more_readable
        listed += more_listed
    return readable, listed
