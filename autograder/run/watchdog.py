"""Limits on a whole job, looked at from outside it: memory, processes and, where the folder is not bounded, disk.

Holds against: many processes that each stay below the limit of one, shared memory, files on a real disk. Does not hold
against: what a job does between two looks (a twentieth of a second), or memory of the kernel's own (pipes, sockets),
which only a control group counts.
"""

from __future__ import annotations

import os
import stat
import time
from dataclasses import dataclass, field
from pathlib import Path

from autograder.run import tree

PAUSE = 0.05
MAX_FILES = 20_000


@dataclass
class Watchdog:
    """Looks at one job again and again."""

    limits: dict[str, int]
    scratch: str | None
    """The job's folder, where no file system of bounded size holds it."""
    inherited: int
    """Bytes that every job has from the zygote, and that no job is charged for."""
    next_look: float = field(default_factory=time.monotonic)

    def look(self) -> str | None:
        """The name of a limit that the job has passed, or None.

        All that is below this process belongs to the one job: orphans come here.
        """
        began = time.monotonic()
        processes = tree.descendants(os.getpid())
        found = None
        if tree.count(processes) > self.limits["processes"] + 1:  # one more waits outside the namespace
            found = "processes"
        elif self.memory_of(processes) > self.limits["memory_bytes"]:
            found = "memory"
        elif self.scratch and is_over(self.scratch, self.limits["disk_bytes"]):
            found = "disk"
        now = time.monotonic()
        self.next_look = now + max(PAUSE, now - began)  # never busier with looking than with waiting
        return found

    def memory_of(self, processes: list[int]) -> int:
        """Bytes that the job uses beyond what it inherited."""
        return tree.memory(processes, self.limits["memory_bytes"] + self.inherited) - self.inherited


def is_over(folder: str, most: int) -> bool:
    """Whether a folder holds more bytes, or more files, than allowed; what cannot be looked into counts as too much."""
    bytes_found, files_found, pending = 0, 0, [folder]
    try:
        while pending:
            with os.scandir(pending.pop()) as entries:
                for entry in entries:
                    files_found += 1
                    details = entry.stat(follow_symlinks=False)
                    bytes_found += details.st_blocks * 512
                    if stat.S_ISDIR(details.st_mode):
                        pending.append(entry.path)
                    if bytes_found > most or files_found > MAX_FILES:
                        return True
    except OSError:
        return True
    return False


def inherited_memory() -> int:
    """Bytes of this process that a fork shares with it."""
    return tree.kilobytes(tree.fields(Path("/proc/self/status").read_text()), "RssAnon") * 1024
