"""What earlier gradings left: verdicts that still hold, and answers. Imports neither Keras nor nbgrader."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from autograder.grade.rules import key_of
from autograder.grade.verdict import has_infra_error, read_verdict, write_whole
from autograder.grade.yardstick import Yardstick, Yardsticks
from autograder.plain.blueprint import blueprint_of, rules_of
from autograder.read.notebook import Submission
from autograder.records import Verdict
from autograder.root import CourseRoot

Look = Callable[[str], Verdict | None]


def kept_verdicts(root: CourseRoot, assignment: str) -> Look:
    """A function from a student to their kept verdict, or None where it does not hold any more: another submission,
    lesson or rules. Lessons and rules are read once."""
    yardstick_of, read = yardsticks_of(root, assignment), safe_reader(root, assignment)

    def look(student: str) -> Verdict | None:
        verdict = read_verdict(root.verdict(assignment, student))
        if verdict is None:
            return None
        submission = read(student)
        by = yardstick_of(submission)
        return verdict if verdict.key == key_of(submission, by.fingerprint, by.rules) else None

    return look


def yardsticks_of(root: CourseRoot, assignment: str) -> Callable[[Submission], Yardstick]:
    """A function from a submission to what it is judged by."""
    if not root.is_plain(assignment):
        return Yardsticks(root, assignment).of
    blueprint = blueprint_of(root, assignment)
    plain = Yardstick(None, blueprint.fingerprint, rules_of(root, blueprint))
    return lambda submission: plain


def fresh_verdicts(root: CourseRoot, assignment: str, students: list[str]) -> dict[str, Verdict]:
    """The kept verdicts that still hold, but those in which something of ours went wrong, which are worth another try.

    Args:
        root: the course.
        assignment: e.g. "01_attention".
        students: whose verdicts to look for.
    """
    look = kept_verdicts(root, assignment)
    found = {student: look(student) for student in students}
    return {student: verdict for student, verdict in found.items() if verdict and not has_infra_error(verdict)}


def safe_reader(root: CourseRoot, assignment: str) -> Callable[[str], Submission]:
    """A function from a student to their submission; where even the reader fails, one without cells that says whose
    fault it is."""
    read = root.reader(assignment)

    def read_safely(student: str) -> Submission:
        try:
            return read(student)
        except Exception:
            logging.getLogger(__name__).exception("The reader failed on the submission of %r.", student)
            return Submission(student, assignment, problem="the grader could not read it", outcome="infra_error")

    return read_safely


def read_kept(path: Path) -> bytes | None:
    """The answers of an earlier grading, if there are any."""
    try:
        return path.read_bytes()
    except OSError:
        return None


def write_kept(path: Path, kept: bytes | None) -> None:
    """Keep a student's answers in place of the earlier ones."""
    if kept is None:
        path.unlink(missing_ok=True)
    else:
        write_whole(path, kept)
