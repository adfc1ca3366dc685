"""Grade a class: who is due, out to the workers, and each verdict kept as soon as it is known."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from distributed import Future

from autograder.crew.cluster import crew
from autograder.crew.folder import remove_abandoned
from autograder.crew.means import Means
from autograder.crew.station import Orders
from autograder.grade.equal import flag_equal_weights
from autograder.grade.kept import fresh_verdicts, read_kept, safe_reader, write_kept
from autograder.grade.parcel import Graded, Parcel, grade_parcel, parcel_of
from autograder.grade.submission import not_graded
from autograder.grade.verdict import write_verdict
from autograder.grade.yardstick import Yardsticks
from autograder.lessons import fingerprint
from autograder.plain.blueprint import blueprint_of, rules_of
from autograder.plain.grade import PlainParcel, grade_plain_parcel, plain_not_graded
from autograder.records import Lesson, Verdict
from autograder.root import CourseRoot

Report = Callable[[str, Verdict], None]
NOBODY = ("none: not graded",)

log = logging.getLogger(__name__)


def grade_class(
    root: CourseRoot,
    assignment: str,
    students: list[str],
    means: Means,
    *,
    force: bool = False,
    report: Report = lambda student, verdict: None,
) -> dict[str, Verdict]:
    """The verdicts of all named students; those whose submission and lesson did not change are not run again.

    Args:
        root: the course.
        assignment: e.g. "01_attention".
        students: whose submissions to grade.
        means: how many side by side, where, and behind which isolation.
        force: run unchanged ones again, and forget their kept answers.
        report: called with each student's verdict as soon as it is written.

    Raises:
        NotIsolated: this machine has too few layers, or one does not hold when it is tried.
    """
    verdicts = {} if force else fresh_verdicts(root, assignment, students)
    due = [student for student in students if student not in verdicts]
    graded = grade_due(root, assignment, due, means, force)
    for student, verdict in [*verdicts.items()]:
        report(student, verdict)
    for found in graded:
        student = found.verdict.student
        write_kept(root.kept(assignment, student), found.kept)
        write_verdict(root.verdict(assignment, student), found.verdict)
        verdicts[student] = found.verdict
        report(student, found.verdict)
    if root.trained(assignment):
        verdicts |= flag_equal_weights(root, assignment)
    return {student: verdicts[student] for student in students}


def grade_due(root: CourseRoot, assignment: str, due: list[str], means: Means, force: bool) -> Iterator[Graded]:
    """Run the submissions that are due; each verdict as soon as it is known."""
    if not due:
        remove_abandoned()  # of a run that was killed after its last verdict
        return
    if root.is_plain(assignment):
        yield from grade_plain_due(root, assignment, due, means)
        return
    yardsticks, points, read = Yardsticks(root, assignment), root.points(assignment), safe_reader(root, assignment)

    def parcels() -> Iterator[Parcel]:
        for student in due:
            kept, submission = None if force else read_kept(root.kept(assignment, student)), read(student)
            by = yardsticks.of(submission)
            yield parcel_of(submission, by.rules, kept, by.solutions)

    with crew(Orders(assignment, points, root.limits(), means, (root.path,)), len(due)) as workers:
        for parcel, future in workers.each(grade_parcel, parcels()):
            yield result_of(future, parcel, points)


def grade_plain_due(root: CourseRoot, assignment: str, due: list[str], means: Means) -> Iterator[Graded]:
    """Run plain nbgrader notebooks that are due."""
    blueprint, read = blueprint_of(root, assignment), safe_reader(root, assignment)
    rules = rules_of(root, blueprint)
    parcels = (PlainParcel(replace(read(student), document=None), blueprint, rules) for student in due)
    orders = Orders(assignment, blueprint.points, root.limits(), means, (root.path,), plain=True)
    with crew(orders, len(due)) as workers:
        for parcel, future in workers.each(grade_plain_parcel, parcels):
            error = future.exception()
            if error is not None:
                log.error("The work of %r could not be graded: %s", parcel.submission.student, error)
            yield future.result() if error is None else Graded(plain_not_graded(parcel, NOBODY))


def result_of(future: Future[Any], parcel: Parcel, points: dict[str, float]) -> Graded:
    """What a worker sent back; where worker after worker died over it, a verdict that says so."""
    error = future.exception()
    if error is None:
        found: Graded = future.result()
        return found
    log.error(
        "The submission of %r could not be graded: %s: %s", parcel.submission.student, type(error).__name__, error
    )
    assignment = parcel.submission.assignment
    outline = Lesson(assignment, {}, {}, (), {}, points, fingerprint(assignment, points, parcel.solutions))
    return Graded(not_graded(parcel.submission, outline, NOBODY, parcel.rules))
