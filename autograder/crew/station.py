"""A worker's place: one sandbox, and the lesson to judge by. Lives in a process that never runs student code itself."""

from __future__ import annotations

import asyncio
import threading
import uuid
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from distributed import WorkerPlugin, get_worker
from psutil import Process

from autograder.crew.judging import judge_with_one_thread
from autograder.crew.means import Means
from autograder.doctor.examine import require_isolation
from autograder.errors import CourseError
from autograder.judge.trusted import forget
from autograder.lessons import fingerprint, hidden_folders, load_lesson
from autograder.plain.blueprint import engine
from autograder.records import Lesson, Limits
from autograder.run import isolation
from autograder.run.worker import ZygoteWorker

GROWN = 100 * 2**20
"""Bytes more than after the last time, at which a judge tidies up its memory. A submission leaves a megabyte behind, or
many times that, where our own models had to answer too."""


class OtherVersion(CourseError):
    """A worker's copy of the course is not the grader's."""


@dataclass(frozen=True)
class Orders:
    """What a station needs to know before the first submission."""

    assignment: str
    points: dict[str, float]
    limits: Limits
    means: Means
    hidden: tuple[Path, ...] = ()
    """Folders that student code must not see, beside the checkout's own."""
    plain: bool = False
    """Whether it is a plain nbgrader notebook, of which there is no lesson."""

    def fingerprint(self) -> str:
        """Hash of all that decides verdicts on the side of whoever asks."""
        return engine() if self.plain else fingerprint(self.assignment, self.points)

    def lesson(self) -> Lesson:
        """What the engine knows of the assignment; of a plain notebook only its points."""
        if self.plain:
            return Lesson(self.assignment, {}, {}, (), {}, self.points, "")
        return load_lesson(self.assignment, self.points)


class Station(WorkerPlugin):
    """Set up once in each worker, also in those that join later or come back after a crash."""

    idempotent = True

    def __init__(self, orders: Orders) -> None:
        """Nothing is started yet: this object travels to the workers.

        Args:
            orders: what to grade, and how.
        """
        self.orders, self.name = orders, f"autograder-{uuid.uuid4().hex}"
        self.fingerprint = orders.fingerprint()

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Arrive in a worker; tasks may come before all is set up."""
        self.__dict__.update(state)
        self.set_up: Future[None] = Future()
        self.tidy = memory()

    async def setup(self, worker: Any) -> None:
        """Make ready for tasks, or tell them and the grader why not.

        Raises:
            OtherVersion: this worker would judge by other rules than the grader's.
            NotIsolated: this machine's sandbox does not hold.
        """
        try:
            await self.start(worker)
        except BaseException as error:
            self.set_up.set_exception(error)
            raise
        self.set_up.set_result(None)

    async def start(self, worker: Any) -> None:
        """Start the sandbox, and import Keras for the judge while the sandbox does the same."""
        orders, means = self.orders, self.orders.means
        judge_with_one_thread()
        if orders.fingerprint() != self.fingerprint:
            raise OtherVersion(
                f"The worker {worker.address} holds another version of {orders.assignment} or of the autograder than "
                "this machine. Install the same checkout on both, then start the worker again."
            )
        layers = isolation.choose(means.trusted, means.mode)
        self.sandbox = ZygoteWorker([*orders.hidden, *hidden_folders()], layers, orders.limits, ahead=True)
        self.one_at_a_time = threading.Lock()  # a worker started by hand may have many threads
        try:
            self.lesson = await asyncio.to_thread(orders.lesson)
            await asyncio.to_thread(require_isolation, self.sandbox)
        except BaseException:
            self.sandbox.close()
            raise

    def teardown(self, worker: Any) -> None:
        """End the sandbox."""
        if hasattr(self, "sandbox"):
            self.sandbox.close()


Task = Callable[[ZygoteWorker, Lesson, Any], Any]


def at_station(name: str, task: Task, item: Any) -> Any:
    """In a worker: do a task with the station's sandbox and lesson."""
    station: Any = get_worker().plugins[name]
    station.set_up.result()
    with station.one_at_a_time:
        try:
            return task(station.sandbox, station.lesson, item)
        finally:
            if memory() > station.tidy + GROWN:
                forget()
                station.tidy = memory()


def memory() -> int:
    """Bytes of this process that are in memory."""
    return int(Process().memory_info().rss)
