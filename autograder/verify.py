"""Test the tests: the reference, its accepted variants and every known mistake go through the real engine."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import as_completed
from dataclasses import dataclass

from autograder.build.instructor import lesson_points
from autograder.grade.classroom import worker_pool
from autograder.grade.rules import Rules
from autograder.grade.submission import Notebook, grade_exercise
from autograder.lessons import hidden_folders, load_lesson, solution_folder
from autograder.read.code import read_code
from autograder.read.notebook import Cell, Submission
from autograder.read.slice import analyse
from autograder.records import Lesson, Limits, Misconception
from autograder.run.worker import Worker
from autograder.simulate import library_cell, mistake_line


@dataclass(frozen=True)
class Row:
    """What the engine made of one answer."""

    id: str
    exercise: str
    kind: str
    outcome: str
    share: float
    named: str | None
    fine: bool


def verify(
    assignment: str, workers: int, layers: tuple[str, ...], report: Callable[[Row], None] = lambda row: None
) -> list[Row]:
    """One row for each reference, accepted variant and wrong variant, in the order of the lesson.

    Args:
        assignment: e.g. "01_attention".
        workers: how many run side by side.
        layers: of isolation.
        report: called with each row as it is known.
    """
    lesson = load_lesson(assignment, lesson_points(assignment))
    due = [Misconception("reference", name, "accepted", "") for name in lesson.exercises]
    due += [known for known in lesson.misconceptions if known.kind != "question"]
    with worker_pool(workers, hidden_folders(), layers, Limits()) as pool:
        running = {
            pool.threads.submit(lambda known: try_one(known, lesson, pool.worker), known): known for known in due
        }
        rows = {}
        for done in as_completed(running):
            rows[running[done].id, running[done].exercise] = done.result()
            report(done.result())
    return [rows[known.id, known.exercise] for known in due]


def try_one(known: Misconception, lesson: Lesson, worker: Worker) -> Row:
    """Hand one answer in as a notebook and see what the engine says."""
    submission = Submission("verify", lesson.assignment, submission_with(known, lesson))
    code = read_code(submission.cells, frozenset(lesson.exercises))
    notebook = Notebook(submission, code, analyse(code))
    verdict, _ = grade_exercise(known.exercise, notebook, lesson, worker, Rules("verify"), {})
    passed, named = verdict.outcome == "passed", verdict.misconception
    expected = {known.id, known.twin}
    fine = passed and not named if known.kind == "accepted" else not passed and (named in expected or named is None)
    return Row(known.id, known.exercise, known.kind, verdict.outcome, verdict.points / verdict.max_points, named, fine)


def submission_with(known: Misconception, lesson: Lesson) -> tuple[Cell, ...]:
    """The reference's notebook, with the one exercise replaced where it is not the reference itself."""
    folder = solution_folder(lesson.assignment)
    cells = [Cell("reference", None, "code", (folder / "reference.py").read_text(encoding="utf-8"))]
    if known.function is not None:
        cells.append(Cell("known mistakes", None, "code", library_cell(lesson.assignment)))
        cells.append(Cell(known.exercise, known.exercise, "code", mistake_line(known.id)))
    return tuple(cells)


def named_share(rows: list[Row]) -> float:
    """The share of distinct variants that were named as themselves."""
    variants = [row for row in rows if row.kind == "variant"]
    return sum(row.named is not None for row in variants) / max(1, len(variants))
