"""Verdicts that still hold. Imports neither Keras nor nbgrader, so that a look costs nothing."""

from __future__ import annotations

from collections.abc import Callable

from autograder.grade.rules import key_of
from autograder.grade.verdict import has_infra_error, read_verdict
from autograder.lessons import fingerprint
from autograder.read.notebook import read_submission
from autograder.records import Verdict
from autograder.root import CourseRoot

Look = Callable[[str], Verdict | None]


def kept_verdicts(root: CourseRoot, assignment: str) -> Look:
    """A function from a student to their kept verdict, or None where it does not hold any more: another submission,
    lesson or rules. Lesson and rules are read once."""
    lesson, rules = fingerprint(assignment, root.points(assignment)), root.rules(assignment)

    def look(student: str) -> Verdict | None:
        verdict = read_verdict(root.verdict(assignment, student))
        submission = read_submission(root.submission(assignment, student), student, assignment)
        return verdict if verdict and verdict.key == key_of(submission, lesson, rules) else None

    return look


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
