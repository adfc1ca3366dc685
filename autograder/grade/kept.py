"""Verdicts that still hold. Imports neither Keras nor nbgrader, so that a look costs nothing."""

from __future__ import annotations

from autograder.grade.rules import key_of
from autograder.grade.verdict import has_infra_error, read_verdict
from autograder.lessons import fingerprint
from autograder.read.notebook import read_submission
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
        submission = read_submission(root.submission(assignment, student), student, assignment)
        holds = verdict and verdict.key == key_of(submission, lesson, rules)
        if verdict and holds and (with_faults or not has_infra_error(verdict)):
            found[student] = verdict
    return found
