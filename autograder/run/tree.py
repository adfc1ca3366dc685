"""A job's processes, seen from the zygote: which they are, what they use, and how they all end."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

SWEEP_SECONDS = 120.0  # each of hundreds of processes gives back its view of TensorFlow, on a busy machine


class Survivors(Exception):
    """Processes of a job could not be ended: the zygote must not be used again."""


def descendants(top: int, enough: float = float("inf")) -> list[int]:
    """All processes below one, those in namespaces of their own included; nearest first.

    Args:
        top: a process.
        enough: no further look is taken once so many are found: thousands of them would keep the caller for seconds.
    """
    found: list[int] = []
    pending = [top]
    while pending and len(found) < enough:
        for child in children(pending.pop(0)):
            found.append(child)
            pending.append(child)
    return found


def children(process: int) -> list[int]:
    """The processes that the threads of a process started."""
    found: list[int] = []
    with suppress(OSError):  # it ended while we looked
        for thread in os.listdir(f"/proc/{process}/task"):
            found += map(int, Path(f"/proc/{process}/task/{thread}/children").read_text().split())
    return found


def end_all() -> None:
    """Kill everything below this process and wait for it: first stop all, so that nothing can flee by forking.

    Raises:
        Survivors: something is still there after a long time.
    """
    deadline = time.monotonic() + SWEEP_SECONDS
    while found := descendants(os.getpid()):
        for process in found:  # the first processes of namespaces take all below them along
            send(process, signal.SIGSTOP)
        for process in found:
            send(process, signal.SIGKILL)
        reap()
        if time.monotonic() > deadline:
            raise Survivors(f"{len(found)} processes of a job could not be ended.")
        time.sleep(0.001)


def send(process: int, number: signal.Signals) -> None:
    """Send a signal to a process that may be gone."""
    with suppress(ProcessLookupError):
        os.kill(process, number)


def reap() -> None:
    """Collect all children that have ended."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            continue


def count(processes: Iterable[int]) -> int:
    """Processes and threads together."""
    return sum(kilobytes(status(process), "Threads") for process in processes)


def memory(processes: list[int], enough: int) -> int:
    """Bytes of memory that processes use, pages that they share counted once; with the tables that map them.

    Exact only above `enough`: a quick sum that counts shared pages several times is never too small, and exact figures
    cost milliseconds a process.
    """
    details = [status(one) for one in processes]
    tables = sum(kilobytes(one, "VmPTE") for one in details) * 1024
    quick = sum(kilobytes(one, "RssAnon") + kilobytes(one, "RssShmem") for one in details) * 1024 + tables
    return quick if quick <= enough else sum(map(share, processes)) + tables


def share(process: int) -> int:
    """A process's proportional share of memory in bytes; all that it has mapped, if it hides the details."""
    try:
        return kilobytes(fields(Path(f"/proc/{process}/smaps_rollup").read_text()), "Pss") * 1024
    except OSError:
        return kilobytes(status(process), "VmRSS") * 1024


def seconds_waited(process: int) -> float:
    """How long a process was ready to run but had no processor; 0 where the kernel does not count it."""
    try:
        return int(Path(f"/proc/{process}/schedstat").read_text().split()[1]) / 1e9
    except (OSError, IndexError):
        return 0.0


def status(process: int) -> dict[str, str]:
    """/proc/PID/status; nothing of a process that is gone."""
    try:
        return fields(Path(f"/proc/{process}/status").read_text(errors="replace"))  # a process names itself as it likes
    except OSError:
        return {}


def fields(text: str) -> dict[str, str]:
    """Lines "Field: value" as a dict. A process chooses its own name, so only the kernel's line ends count."""
    pairs = (line.partition(":") for line in text.split("\n"))
    return {name: value.strip() for name, _, value in pairs if name != "Name"}


def kilobytes(found: dict[str, str], name: str) -> int:
    """A field such as "123 kB"; 0 where there is none."""
    number = found.get(name, "").partition(" ")[0]
    return int(number) if number.isdecimal() else 0
