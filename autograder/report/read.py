"""Verdict files of a class. Imports neither Keras nor nbgrader."""

from __future__ import annotations

from dataclasses import replace

from autograder.errors import CourseError
from autograder.grade.verdict import read_verdict
from autograder.records import Verdict
from autograder.report.figures import report_of
from autograder.report.records import ClassReport
from autograder.root import CourseRoot


class NoVerdicts(CourseError):
    """Nothing was graded yet; says which command to run."""


def read_report(root: CourseRoot, assignment: str) -> ClassReport:
    """The report of an assignment.

    Args:
        root: the course.
        assignment: e.g. "01_attention".

    Raises:
        NoVerdicts: there is no verdict that can be read.
    """
    verdicts: dict[str, Verdict] = {}
    unread = []
    for path in sorted(root.verdict(assignment, "any").parent.glob("*.json")):
        verdict = read_verdict(path)
        if verdict is None or verdict.assignment != assignment:
            unread.append(path.name)
        else:
            verdicts[path.stem] = replace(verdict, student=path.stem)
    if not verdicts:
        folder = root.verdict(assignment, "STUDENT")
        also = f" Cannot be read: {', '.join(unread)}." if unread else ""
        raise NoVerdicts(f"Expected verdicts such as {folder}. Run `autograder grade {assignment}` first.{also}")
    ungraded = [student for student in root.students(assignment) if student not in verdicts]
    return report_of(assignment, verdicts, unread, ungraded)
