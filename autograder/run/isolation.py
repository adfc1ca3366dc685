"""Which layers stand between student code and the machine, and which of them this machine has.

namespaces mode: everything below. Fallback, where a machine forbids namespaces (many containers do): Landlock and
seccomp carry what the namespaces did, and a sweep ends what a job started. Nothing less is ever used by itself.
"""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from autograder.errors import CourseError
from autograder.run import bubblewrap, landlock, namespaces, syscalls

NAMESPACED = ("bubblewrap", "namespaces", "landlock", "seccomp", "capabilities", "rlimits", "watchdog", "sweep")
FALLBACK = ("landlock", "seccomp", "capabilities", "rlimits", "watchdog", "sweep")
TRUSTED = ("rlimits", "watchdog", "sweep")
OPTIONAL = {"landlock": lambda: landlock.version() > 0, "seccomp": lambda: not syscalls.missing()}
TRUST_LABEL = ("none: students are trusted",)
FALLBACK_LANDLOCK = 3  # the first that guards truncate
UNSHARE = f"import ctypes, sys; sys.exit(ctypes.CDLL(None).unshare({namespaces.ALL}) != 0)"

HELP = (
    "Student code is never run without isolation. On Linux, install bubblewrap (Debian, Ubuntu: apt install "
    "bubblewrap libseccomp2) or use a kernel from 6.2 on with Landlock. On macOS and Windows, grade in a Linux "
    "container or virtual machine (SECURITY.md says how). `autograder doctor` shows what this machine has. Only for "
    "students whom you would give your own account: --trust-students."
)


class Mode(StrEnum):
    """What an operator may ask for."""

    AUTO = "auto"
    NAMESPACES = "namespaces"
    FALLBACK = "fallback"


class NotIsolated(CourseError):
    """This machine cannot keep student code away from the course, and the operator has not said it is trusted."""


@dataclass(frozen=True)
class Missing:
    """A layer that this machine lacks, and what to do about it."""

    layer: str
    reason: str


def choose(trusted: bool = False, mode: Mode = Mode.AUTO) -> tuple[str, ...]:
    """The layers to use: the strongest set that this machine has, or those of the mode asked for.

    Raises:
        NotIsolated: it has neither namespaces nor the fallback's layers, and trusted is False; or not those asked for.
    """
    found = strongest() if mode is Mode.AUTO else namespaced() if mode is Mode.NAMESPACES else fallback()
    if found:
        return found
    if trusted:
        return TRUSTED
    raise NotIsolated(f"{' '.join(f'{one.layer}: {one.reason}.' for one in missing())} {HELP}")


def strongest() -> tuple[str, ...] | None:
    """The layers of the best mode, or None below the floor."""
    if sys.platform != "linux":
        return None
    return namespaced() or fallback()


def namespaced() -> tuple[str, ...] | None:
    """The layers of the namespaces mode, if this machine has it."""
    if namespaces_problem() is not None:
        return None
    return tuple(layer for layer in NAMESPACED if layer not in OPTIONAL or OPTIONAL[layer]())


def fallback() -> tuple[str, ...] | None:
    """The layers of the fallback, if this machine has all of them."""
    return FALLBACK if landlock.version() >= FALLBACK_LANDLOCK and not syscalls.missing() else None


def missing() -> list[Missing]:
    """The layers that this machine lacks."""
    if sys.platform != "linux":
        return [Missing("everything", f"isolation needs Linux, this is {sys.platform}")]
    problem, version, library = namespaces_problem(), landlock.version(), syscalls.missing()
    found = [Missing("namespaces", problem)] if problem else []
    if version < FALLBACK_LANDLOCK:
        found.append(Missing("landlock", f"version {version} of this kernel (expected {FALLBACK_LANDLOCK} or more)"))
    return found + ([Missing("seccomp", library)] if library else [])


@cache
def namespaces_problem() -> str | None:
    """Why namespaces cannot be used here, or None: tried, not guessed from versions."""
    if not bubblewrap.find():
        return "bubblewrap (bwrap) is not installed"
    trial = [sys.executable, "-I", "-S", "-c", UNSHARE]
    try:
        with bubblewrap.command(Path("/usr"), []) as (wrapper, descriptor):
            done = subprocess.run(
                [*wrapper, *trial], capture_output=True, timeout=60, stdin=subprocess.DEVNULL, pass_fds=[descriptor]
            )
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"bubblewrap does not start ({type(error).__name__})"
    if done.returncode:
        words = done.stderr.decode(errors="replace").strip().splitlines()
        return f"refused by this system ({words[-1] if words else 'no namespaces inside bubblewrap'})"
    return None
