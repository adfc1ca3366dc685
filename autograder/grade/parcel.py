"""One submission on its way to a worker and back: plain records and bytes, no paths, so no disk need be shared."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import vitlab

from autograder.grade.answers import Remembering
from autograder.grade.rules import Rules
from autograder.grade.submission import grade_submission, not_graded
from autograder.grade.verdict import versions
from autograder.grade.yardstick import lesson_of
from autograder.read.notebook import Submission
from autograder.records import Lesson, Verdict
from autograder.releases import Solutions
from autograder.run.worker import ZygoteWorker

ASKING = ("learning", "library", "packing", "parts", "probe")  # vitlab's modules that decide what a submission answers


@dataclass(frozen=True)
class Parcel:
    """What a worker gets."""

    submission: Submission
    rules: Rules
    kept: bytes | None = None
    """Answers of an earlier grading."""
    solutions: Solutions | None = None
    """Of the release by which it is judged; None where they are the checkout's."""


@dataclass(frozen=True)
class Graded:
    """What comes back."""

    verdict: Verdict
    kept: bytes | None = None
    """The answers, for the next time."""


def parcel_of(submission: Submission, rules: Rules, kept: bytes | None, solutions: Solutions | None = None) -> Parcel:
    """A submission ready to travel, without what only a person looks at."""
    return Parcel(replace(submission, document=None), rules, kept, solutions)


def grade_parcel(worker: ZygoteWorker, lesson: Lesson, parcel: Parcel) -> Graded:
    """The verdict; should the grader itself fail, one that says so, and the batch goes on."""
    try:
        if parcel.solutions:
            lesson = lesson_of(lesson.assignment, tuple(lesson.points.items()), parcel.solutions)
        memory = Remembering(worker, worker.limits, engine(), parcel.kept)
        return Graded(grade_submission(parcel.submission, lesson, memory, parcel.rules), memory.dump())
    except Exception:
        student = parcel.submission.student
        logging.getLogger(__name__).exception("The grader failed on the submission of %r.", student)
        return Graded(not_graded(parcel.submission, lesson, worker.layers, parcel.rules))


@cache
def engine() -> str:
    """Hash of what decides the answers to given questions: what runs in the sandbox, and the libraries' versions."""
    folder = Path(__file__).parent.parent / "run"
    files = [*sorted(folder.glob("*.py")), *(Path(vitlab.__file__).parent / f"{name}.py" for name in ASKING)]
    digest = hashlib.sha256(repr(sorted(versions().items())).encode())
    for file in files:
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()
