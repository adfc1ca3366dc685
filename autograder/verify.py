"""Test the tests: the reference, its accepted variants and every known mistake go through the real engine."""

from __future__ import annotations

from collections.abc import Callable

from autograder.build.instructor import lesson_points
from autograder.crew.cluster import crew
from autograder.crew.means import Means
from autograder.crew.station import Orders
from autograder.grade.exercise import Notebook, grade_exercise
from autograder.grade.rules import Rules
from autograder.lessons import solution_folder
from autograder.matrix import Row
from autograder.read.code import read_code
from autograder.read.notebook import Cell, Submission
from autograder.read.slice import analyse
from autograder.records import TRAINED, ExerciseVerdict, Lesson, Limits, Misconception
from autograder.run.worker import Worker
from autograder.simulate import library_cell, mistake_line
from autograder.verify_trained import REFERENCE, misses_a_target, try_trained

LUCK = 0.5
"""Points begin at the mean of a baseline over seeds, so a single run of it may earn some: less than this share."""


def verify(assignment: str, means: Means, report: Callable[[Row], None] = lambda row: None) -> list[Row]:
    """One row for each reference, accepted variant and wrong variant, in the order of the lesson.

    Args:
        assignment: e.g. "01_attention".
        means: how many run side by side, where, and behind which isolation.
        report: called with each row as it is known.
    """
    rows: dict[tuple[str, str], Row] = {}
    points = lesson_points(assignment)
    with crew(Orders(assignment, points, Limits(), means)) as workers:
        due = next(future.result() for _, future in workers.each(names_of, [None]))
        for name, future in workers.each(try_one, due):
            rows[name] = future.result()
            report(rows[name])
        found = [rows[name] for name in due]
        for _, future in workers.each(trained_rows, [None] if TRAINED in points else []):
            found += future.result()
    return found


def names_of(worker: Worker, lesson: Lesson, item: None) -> list[tuple[str, str]]:
    """Id and exercise of everything to be tried."""
    return [(known.id, known.exercise) for known in answers_of(lesson)]


def answers_of(lesson: Lesson) -> list[Misconception]:
    """Everything to be tried: the reference of each exercise, and all known right and wrong variants."""
    references = [Misconception("reference", name, "accepted", "") for name in lesson.exercises]
    return references + [known for known in lesson.misconceptions if known.kind != "question"]


def try_one(worker: Worker, lesson: Lesson, name: tuple[str, str]) -> Row:
    """Hand one answer in as a notebook and see what the engine says.

    Args:
        worker: the sandbox.
        lesson: whose answer it is.
        name: its id and exercise.
    """
    known = next(one for one in answers_of(lesson) if (one.id, one.exercise) == name)
    submission = Submission("verify", lesson.assignment, submission_with(known, lesson))
    code = read_code(submission.cells, frozenset(lesson.exercises))
    notebook = Notebook(submission, code, analyse(code))
    verdict, _ = grade_exercise(known.exercise, notebook, lesson, worker, Rules("verify"), {})
    passed, named = verdict.outcome == "passed", verdict.misconception
    expected = {known.id, known.twin}
    fine = passed and not named if known.kind == "accepted" else not passed and (named in expected or named is None)
    share, reason = verdict.points / verdict.max_points, reason_for(known, verdict)
    return Row(known.id, known.exercise, known.kind, verdict.outcome, share, named, fine, reason)


def reason_for(known: Misconception, verdict: ExerciseVerdict) -> str:
    """Why an answer did not fare as its kind should; "" where it did."""
    failed = [case for case in verdict.cases if not case.passed]
    if known.kind == "accepted":
        if verdict.misconception:
            return f"is right, but was taken for {verdict.misconception}."
        return f"should pass. “{failed[0].name}”: {failed[0].message}" if failed else ""
    if not failed:
        return "is wrong, but passes every case: add one on which it shows."
    if known.twin or verdict.misconception:
        return ""
    return (
        f"was not named. It fails {len(failed)} of {len(verdict.cases)} graded cases. A mistake is named when its "
        "answers are the student's on at least 2 inputs, and no other mistake's are: add inputs, of weight 0 if they "
        "should not count."
    )


def trained_rows(worker: Worker, lesson: Lesson, item: None) -> list[Row]:
    """The rows of the trained item: all marks for the reference's weights, none for what was not learnt.

    Without a bar nothing can earn marks or miss them, so there are none.
    """
    assert lesson.trained is not None
    if not lesson.bars:
        return []
    text = (solution_folder(lesson.assignment) / "reference.py").read_text(encoding="utf-8")
    rows = []
    below = dict.fromkeys(misses_a_target(lesson.trained), 1.0) | {bar.baseline: LUCK for bar in lesson.bars}
    most = {name.replace(" ", "_"): share for name, share in below.items()}
    for name, verdict in try_trained(worker, lesson, text).items():
        share = verdict.points / verdict.max_points
        kind = "accepted" if name == REFERENCE else "trained"
        wanted = (1.0, "passed") if name == REFERENCE else (0.0, "failed")
        fine = (share, verdict.outcome) == wanted or share < most.get(name, 0)
        rows.append(Row(name, lesson.trained.name, kind, verdict.outcome, share, None, fine))
    return rows


def submission_with(known: Misconception, lesson: Lesson) -> tuple[Cell, ...]:
    """The reference's notebook, with the one exercise replaced where it is not the reference itself."""
    folder = solution_folder(lesson.assignment)
    cells = [Cell("reference", None, "code", (folder / "reference.py").read_text(encoding="utf-8"))]
    if known.function is not None:
        cells.append(Cell("known mistakes", None, "code", library_cell(lesson.assignment)))
        cells.append(Cell(known.exercise, known.exercise, "code", mistake_line(known.id)))
    return tuple(cells)
