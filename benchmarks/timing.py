"""Run a command in a fresh copy of a course, time it from start to end, and read what it left in the gradebook."""

from __future__ import annotations

import os
import resource
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

BIN = Path(sys.executable).parent
SCORES = """
select submitted_assignment.student_id, sum(grade.auto_score)
from grade
join submitted_notebook on submitted_notebook.id = grade.notebook_id
join submitted_assignment on submitted_assignment.id = submitted_notebook.assignment_id
group by submitted_assignment.student_id
"""


@dataclass(frozen=True)
class Timed:
    """What a command cost."""

    seconds: float
    """Wall clock, from the start of the process to its end."""
    cpu_seconds: float
    """Of the process and all below it that were waited for."""
    load: float
    """Load average of the machine before it began."""
    ended: float
    """When it ended, as time.time()."""


def environment() -> dict[str, str]:
    """The operator's environment, with this Python's programs first.

    TensorFlow's log is off: stock nbgrader gives a right answer 0 for a line of it.
    """
    path = f"{BIN}{os.pathsep}{os.environ.get('PATH', '')}"
    return {**os.environ, "PATH": path, "TF_CPP_MIN_LOG_LEVEL": "3"}


def timed(command: list[str], folder: Path, watch: Callable[[int], object] = lambda process: None) -> Timed:
    """Run a command in a folder.

    Args:
        command: a program of this environment with its arguments.
        folder: the working directory.
        watch: called with the process's id once it runs.

    Raises:
        RuntimeError: it failed; with its last words.
    """
    load, before = os.getloadavg()[0], resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    with open(folder / "benchmark.log", "w+", encoding="utf-8") as log:
        process = subprocess.Popen(
            [str(BIN / command[0]), *command[1:]], cwd=folder, env=environment(), stdout=log, stderr=log
        )
        watch(process.pid)
        status = process.wait()
        seconds, ended = time.perf_counter() - began, time.time()
        log.seek(0)
        words = log.read()[-3000:]
    if status:
        raise RuntimeError(f"{' '.join(command)} ended with {status} in {folder}:\n{words}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Timed(seconds, cpu, load, ended)


def scores(folder: Path) -> dict[str, float]:
    """Student to automatic score, as the gradebook of a course has it."""
    with closing(sqlite3.connect(folder / "gradebook.db")) as database:
        return {student: float(score or 0) for student, score in database.execute(SCORES)}


def implausible(found: dict[str, float], students: list[str], full: float, half: float) -> list[str]:
    """What is wrong with the scores of a class, in words; students' names end with what they handed in."""
    problems = [f"{student}: no score" for student in students if student not in found]
    for student, score in found.items():
        kind = student.partition("-")[2]
        if kind == "right" and score != full:
            problems.append(f"{student}: expected {full:g}, got {score:g}")
        if kind == "half" and score != half:
            problems.append(f"{student}: expected {half:g}, got {score:g}")
        if kind == "wrong" and not 0 < score < full:
            problems.append(f"{student}: expected more than 0 and less than {full:g}, got {score:g}")
    return problems
