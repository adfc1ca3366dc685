"""What earlier gradings left: verdicts that still hold, and answers. Imports neither Keras nor nbgrader."""

from __future__ import annotations

import logging
from pathlib import Path

from autograder.grade.rules import key_of
from autograder.grade.verdict import has_infra_error, read_verdict, write_whole
from autograder.lessons import fingerprint
from autograder.read.notebook import Submission, read_submission
from autograder.records import Verdict
from autograder.root import CourseRoot


def fresh_verdicts(
    root: CourseRoot, assignment: str, students: list[str], with_faults: bool = False
) -> dict[str, Verdict]:
    """The kept verdicts that still hold: the same submission, lesson and rules.

    Args:
        root: the course.
        assignment: e.g. "01_attention".
        students: whose verdicts to look for.
        with_faults: also those in which something of ours went wrong, and which are worth another try.
    """
    lesson, rules = fingerprint(assignment, root.points(assignment)), root.rules(assignment)
    found = {}
    for student in students:
        verdict = read_verdict(root.verdict(assignment, student))
        holds = verdict and verdict.key == key_of(read_safely(root, assignment, student), lesson, rules)
        if verdict and holds and (with_faults or not has_infra_error(verdict)):
            found[student] = verdict
    return found


def read_safely(root: CourseRoot, assignment: str, student: str) -> Submission:
    """A student's submission; where even the reader fails, one without cells that says whose fault it is."""
    try:
        return read_submission(root.submission(assignment, student), student, assignment)
    except Exception:
        logging.getLogger(__name__).exception("The reader failed on the submission of %r.", student)
        return Submission(student, assignment, problem="the grader could not read it", outcome="infra_error")


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
