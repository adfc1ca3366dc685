"""Grade a class from `submitted/` to the gradebook, in a fresh copy of a course, and keep what it cost."""

from __future__ import annotations

import json
import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from courses import STOCK, Course, our_course, stock_course
from hand_ins import ASSIGNMENT, full_and_half, hand_ins
from memory import Memory
from rich.console import Console
from rich.status import Status
from timing import Timed, implausible, scores, timed

from autograder.build.instructor import lesson_points

STOCK_SIDE = "stock nbgrader"
BARE_SIDE = "stock, no demos"


@dataclass(frozen=True)
class Graded:
    """One run: what it cost and what it left."""

    timed: Timed
    scores: dict[str, float]
    verdicts: dict[str, dict[str, Any]]
    """Student to verdict; empty for stock nbgrader."""
    after_last_verdict: float
    """Seconds from the last verdict's file to the end of the command: the end of the gradebook's work."""


@dataclass
class Bench:
    """The two courses, a place for copies of them, and the cost of every run."""

    console: Console
    mix: int
    """How many different submissions there are; larger classes hold copies."""
    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="vitlab-benchmark-")))
    runs: list[dict[str, Any]] = field(default_factory=list)
    courses: dict[str, Course] = field(default_factory=dict)

    def grade(self, part: str, side: str, count: int, memory: Memory | None = None) -> Graded:
        """Let `count` students hand in, grade them with one side's command, and check the scores.

        Raises:
            RuntimeError: the command failed, or a score is not what such work should earn.
        """
        self.warm_up(side)
        with (
            self.console.status(f"{part}: {side}, {count} submissions") as status,
            counting(status, self.folder, count),
        ):
            found = self.grade_once(side, count, memory)
        self.runs.append({"part": part, "side": side, "submissions": count, **asdict(found.timed)})
        self.console.print(
            f"{part:9} {side:15} {count:5} submissions {found.timed.seconds:8.1f} s "
            f"({found.timed.cpu_seconds:.1f} CPU s, load before {found.timed.load:.1f})",
            highlight=False,
        )
        return found

    def warm_up(self, side: str) -> None:
        """Make the side's course at its first use, and grade one submission in it to fill the disk's caches."""
        name = kind(side)
        if name not in self.courses:
            with self.console.status(f"making the course and a first run: {name}"):
                self.courses[name] = make_course(side, self.folder / name.replace(" ", "-"))
                self.grade_once(side, 1)

    def grade_once(self, side: str, count: int, memory: Memory | None = None) -> Graded:
        """One run in a fresh copy, which is removed when all went well."""
        course, folder = self.courses[kind(side)], self.folder / "run"
        students = hand_ins(course.released, count, self.mix)
        course.copy(folder, students)
        cost = timed(command(side), folder, memory.watch if memory else lambda process: None)
        found = scores(folder)
        problems = implausible(found, list(students), *full_and_half(lesson_points(ASSIGNMENT)))
        if problems:
            raise RuntimeError(f"Scores of {side} in {folder} are not plausible:\n" + "\n".join(problems))
        files = sorted((folder / "verdicts" / ASSIGNMENT).glob("*.json"))
        verdicts = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in files}
        last = max((path.stat().st_mtime for path in files), default=cost.ended)
        shutil.rmtree(folder)
        return Graded(cost, found, verdicts, cost.ended - last)

    def close(self) -> None:
        """Remove everything."""
        shutil.rmtree(self.folder)


@contextmanager
def counting(status: Status, folder: Path, count: int) -> Iterator[None]:
    """Show once a second how many submissions have reached the gradebook."""
    words, over = status.status, threading.Event()

    def count_them() -> None:
        while not over.wait(1.0):
            status.update(f"{words}: {len(list(folder.glob('run/autograded/*')))} of {count} in the gradebook")

    thread = threading.Thread(target=count_them, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def kind(side: str) -> str:
    """Whose course a side grades."""
    return side if side in (STOCK_SIDE, BARE_SIDE) else "ours"


def make_course(side: str, folder: Path) -> Course:
    """The course that a side grades."""
    return our_course(folder) if kind(side) == "ours" else stock_course(folder, demos=side == STOCK_SIDE)


def ours(workers: int) -> str:
    """The name of our side with so many workers."""
    return f"ours, {workers} worker{'s' if workers > 1 else ''}"


def command(side: str) -> list[str]:
    """The command that a teacher would type in the course's folder."""
    if kind(side) != "ours":
        return ["nbgrader", "autograde", STOCK]
    workers = side.split()[1]
    return ["autograder", "grade", ASSIGNMENT, "--root", ".", "--workers", workers, "--force"]
