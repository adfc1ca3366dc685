"""What an operator decides about how a class is graded: how many side by side, where, behind which isolation."""

from __future__ import annotations

import os
from dataclasses import dataclass
from urllib.parse import urlsplit

from autograder.errors import CourseError
from autograder.run.isolation import Mode

LOOPBACK = ("127.0.0.1", "localhost", "::1")


class SchedulerError(CourseError):
    """The Dask scheduler cannot be used; says what was expected."""


@dataclass(frozen=True)
class Means:
    """How to grade; by default on this machine, one sandbox a core, behind the strongest isolation it has."""

    workers: int = 0
    """Side by side on this machine; 0: one for each core. Of no meaning with a scheduler."""
    scheduler: str | None = None
    """Address of a Dask cluster's scheduler; None for workers of our own on this machine."""
    mode: Mode = Mode.AUTO
    trusted: bool = False
    """Whether to run without isolation where a machine has none."""

    def __post_init__(self) -> None:
        """Refuse a scheduler that anybody on the network could command.

        Raises:
            SchedulerError: off this machine, and not over TLS.
        """
        if self.scheduler and urlsplit(self.scheduler).scheme != "tls" and not is_loopback(self.scheduler):
            raise SchedulerError(
                f"Expected a scheduler's address such as tls://grading.example.edu:8786. Received: {self.scheduler}. "
                "Without TLS anybody on the network could run code on the workers and read the hidden inputs."
            )


def is_loopback(address: str) -> bool:
    """Whether an address can be reached from this machine alone."""
    try:
        return urlsplit(address).hostname in LOOPBACK
    except ValueError:
        return False


def default_workers() -> int:
    """One worker for each core that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
