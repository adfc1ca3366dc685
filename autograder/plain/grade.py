"""One plain notebook from cells to verdict: run in order, scored as nbgrader does, without its traps.

nbgrader gives full marks to a test that showed nothing, also where it never ran. Here a test earns its points when the
sandbox says that it ran to its end without an error; one that was not reached gets none, and a person decides.
"""

from __future__ import annotations

import ast
import logging
from dataclasses import dataclass
from datetime import UTC, datetime

from IPython.core.inputtransformer2 import TransformerManager

from autograder.grade.parcel import Graded
from autograder.grade.rules import Rules, key_of
from autograder.grade.submission import unreadable
from autograder.grade.verdict import versions
from autograder.plain.blueprint import Blueprint, Mark
from autograder.read.notebook import Cell, Submission
from autograder.records import (
    Answer,
    CaseVerdict,
    ExerciseVerdict,
    Job,
    Lesson,
    Outcome,
    Question,
    Run,
    Statement,
    Verdict,
)
from autograder.run.worker import Worker

RAN = "the tests of this cell"
MISSED = (
    "FileNotFoundError",
    "PermissionError",
    "OSError",
    "ConnectionError",
    "URLError",
    "gaierror",
    "TimeoutError",
    "ImportError",
    "ModuleNotFoundError",
)
MOST_SHOWN = 3


@dataclass(frozen=True)
class PlainParcel:
    """What a worker gets."""

    submission: Submission
    blueprint: Blueprint
    rules: Rules


def grade_plain_parcel(worker: Worker, lesson: Lesson, parcel: PlainParcel) -> Graded:
    """The verdict; should the grader itself fail, one that says so, and the batch goes on."""
    try:
        return Graded(grade_plain(parcel.submission, parcel.blueprint, worker, parcel.rules))
    except Exception:
        logging.getLogger(__name__).exception("The grader failed on the work of %r.", parcel.submission.student)
        return Graded(plain_not_graded(parcel, worker.layers))


def grade_plain(submission: Submission, blueprint: Blueprint, worker: Worker, rules: Rules) -> Verdict:
    """The verdict of one submission."""
    if submission.problem:
        found = {name: unreadable(submission, points) for name, points in blueprint.points.items()}
        return verdict_of(submission, blueprint, worker.layers, rules, found, ())
    cells = cells_to_run(submission.cells, blueprint)
    statements = tuple(Statement(cell.source, cell.label, 1) for cell in cells)
    seconds = rules.seconds_in_all or rules.seconds
    questions = tuple(Question() for _ in cells)
    run = worker.run(Job("", statements, questions, (), seconds, notebook=True, files=blueprint.files))
    if run.ended == "infra_error":
        raise RuntimeError(run.message)
    places = {cell.grade_id: i for i, cell in enumerate(cells)}
    tests = [mark for mark in blueprint.marks if mark.points is not None]
    scored = {mark.grade_id: score(mark, places[mark.grade_id], run, cells) for mark in tests}
    found = {name: part for name, (part, _) in scored.items()}
    flags = [f"worth a look: {name} {flag}" for name, (_, flag) in scored.items() if flag]
    if any(part.outcome != "passed" for part in found.values()):
        flags += missed_by(run, cells, frozenset(found))
    return verdict_of(submission, blueprint, worker.layers, rules, found, tuple(flags))


def missed_by(run: Run, cells: list[Cell], tests: frozenset[str]) -> list[str]:
    """Cells that lacked a file, a module or the network, and so may have failed because of the sandbox."""
    said = [(cell, said_by(answer)) for cell, answer in zip(cells, run.answers, strict=False)]
    errors = [(cell.label, found[1]) for cell, found in said if found and not found[0] and cell.grade_id not in tests]
    missed = [(label, error) for label, error in errors if error.partition(":")[0] in MISSED]
    return [f"worth a look: {label} failed in the sandbox: {error[:100]}" for label, error in missed[:MOST_SHOWN]]


def cells_to_run(cells: tuple[Cell, ...], blueprint: Blueprint) -> list[Cell]:
    """The student's code cells in their order; locked cells and tests as the teacher wrote them, each exactly once."""
    own = {mark.grade_id: mark for mark in blueprint.marks if mark.is_code and (mark.locked or mark.points is not None)}
    last = {cell.grade_id: i for i, cell in enumerate(cells)}
    made: list[Cell] = []
    for i, cell in enumerate(cells):
        mark = own.get(cell.grade_id or "")
        if mark and last[cell.grade_id] == i:
            made.append(Cell(mark.grade_id, mark.grade_id, "code", mark.source))
        elif not mark and cell.kind == "code":
            made.append(cell)
    for mark in own.values():
        if mark.grade_id not in last:
            made.insert(place_for(mark, blueprint, made), Cell(mark.grade_id, mark.grade_id, "code", mark.source))
    return made


def place_for(mark: Mark, blueprint: Blueprint, made: list[Cell]) -> int:
    """Where to put a cell that the student deleted: after the nearest one that comes before it in the original."""
    names = [other.grade_id for other in blueprint.marks]
    before = set(names[: names.index(mark.grade_id)])
    return max((i + 1 for i, cell in enumerate(made) if cell.grade_id in before), default=0)


def score(mark: Mark, place: int, run: Run, cells: list[Cell]) -> tuple[ExerciseVerdict, str]:
    """A test's verdict, and what a person may want to look at."""
    most = mark.points or 0.0
    if not has_code(mark.source):
        return part("missing", 0.0, most, "the test cell holds no code, so nothing was tested", by_hand=True), ""
    if place >= len(run.answers):
        return not_reached(most, place, run, cells), ""
    said = said_by(run.answers[place])
    if said is None:
        return part("crashed", 0.0, most, "the run sent something else than how the cell ended", by_hand=True), ""
    ok, error, reported = said
    if not ok:
        return part("failed", 0.0, most, error), ""
    if reported is None:
        return part("passed", most, most), ""
    points = round(min(max(reported, 0.0), most), 2)
    flag = "" if 0 <= reported <= most else f"reported {reported:g} of {most:g} points: set to {points:g}"
    outcome: Outcome = "passed" if points == most else "partial" if points else "failed"
    return part(outcome, points, most, "" if points == most else f"reported {reported:g} points"), flag


def said_by(answer: Answer) -> tuple[bool, str, float | None] | None:
    """How a cell ended, its error and its score; None where the answer is not of this form."""
    value = answer.value
    if answer.error is not None or not isinstance(value, dict):
        return None
    ok, error, reported = value.get("ok"), value.get("error"), value.get("score")
    if type(ok) is not bool or not isinstance(error, str) or not (reported is None or type(reported) is float):
        return None
    return ok, "".join(sign for sign in error[:500] if sign.isprintable()), reported


def not_reached(most: float, place: int, run: Run, cells: list[Cell]) -> ExerciseVerdict:
    """The verdict of a test that did not run to its end."""
    stopped = len(run.answers)
    outcome: Outcome = run.ended if run.ended in ("timeout", "out_of_memory") else "crashed"
    where = "in this cell" if place == stopped else f"in {cells[stopped].label}, so this cell was not run"
    return part(outcome, 0.0, most, f"the notebook ended {where}. {run.message}".strip(), by_hand=True)


def part(outcome: Outcome, points: float, most: float, message: str = "", by_hand: bool = False) -> ExerciseVerdict:
    """A test's verdict. Its score is what the run says of itself."""
    cases = (CaseVerdict(RAN, outcome == "passed", message),)
    return ExerciseVerdict(outcome, points, most, cases=cases, by_hand=by_hand, self_reported=True)


def has_code(source: str) -> bool:
    """Whether a cell holds more than comments."""
    try:
        return bool(ast.parse(TransformerManager().transform_cell(source)).body)
    except SyntaxError:
        return True  # it will fail when it is run


def plain_not_graded(parcel: PlainParcel, layers: tuple[str, ...]) -> Verdict:
    """The verdict of work on which the grader itself failed."""
    lost = Submission(parcel.submission.student, parcel.submission.assignment, outcome="infra_error")
    found = {name: unreadable(lost, points) for name, points in parcel.blueprint.points.items()}
    flags = ("the grader failed: see its log",)
    return verdict_of(parcel.submission, parcel.blueprint, layers, parcel.rules, found, flags)


def verdict_of(
    submission: Submission,
    blueprint: Blueprint,
    layers: tuple[str, ...],
    rules: Rules,
    found: dict[str, ExerciseVerdict],
    flags: tuple[str, ...],
) -> Verdict:
    """All parts put together."""
    return Verdict(
        assignment=blueprint.assignment,
        student=submission.student,
        submission_sha256=submission.sha256,
        key=key_of(submission, blueprint.fingerprint, rules),
        graded_at=datetime.now(UTC).isoformat(timespec="seconds"),
        versions=versions(),
        layers=layers,
        release_id=None,
        points=round(sum(part.points for part in found.values()), 2),
        max_points=sum(blueprint.points.values()),
        flags=(*submission.flags, *flags),
        exercises=found,
    )
