"""One submission from cells to verdict."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

from autograder.grade.budget import Budget
from autograder.grade.early import run_early
from autograder.grade.exercise import Notebook, grade_exercise, infra_error
from autograder.grade.rules import Rules, key_of
from autograder.grade.trained import grade_trained
from autograder.grade.verdict import READABLE_CASE, versions
from autograder.read.artifacts import Artifacts
from autograder.read.code import read_code
from autograder.read.notebook import Submission
from autograder.read.slice import analyse, slice_for
from autograder.read.unusual import unusual_means
from autograder.records import (
    TRAINED,
    CaseVerdict,
    ExerciseVerdict,
    Lesson,
    Outcome,
    TrainedVerdict,
    Verdict,
)
from autograder.run.worker import Worker


def grade_submission(submission: Submission, lesson: Lesson, worker: Worker, rules: Rules) -> Verdict:
    """The verdict of one submission; every exercise has an outcome, whatever was handed in."""
    if submission.problem:
        found = {name: unreadable(submission, lesson.points[name]) for name in lesson.points if name != TRAINED}
        trained = trained_like(unreadable(submission, 0.0), lesson)
        return verdict_of(submission, lesson, worker.layers, rules, found, submission.flags, trained)
    code = read_code(submission.cells, frozenset(lesson.exercises))
    notebook = Notebook(submission, code, analyse(code))
    flags = [*submission.flags, *flags_of(notebook, lesson, rules)]
    worker = Budget(worker, rules.seconds_in_all or float("inf"))
    found = {}
    early = run_early(notebook, lesson, worker, rules)
    for name in lesson.exercises:
        found[name], reached = grade_exercise(name, notebook, lesson, worker, rules, found, early)
        flags += [f"switched off, but used: {call} in {name}" for call in reached]
        calls = lesson.exercises[name].switched_off
        means = unusual_means(slice_for(name, notebook.analysis).statements, calls) if calls else []
        flags += [f"worth a look: {name} uses {', '.join(means)}"] if means else []
    found |= {name: not_asked(most) for name, most in lesson.points.items() if name not in {*found, TRAINED}}
    trained = trained_like(not_asked(0.0), lesson)
    if lesson.trained:
        who, files = submission.student, submission.artifacts or Artifacts()
        trained, more = grade_trained(who, files, notebook.analysis, lesson, worker, rules)
        flags += more
    return verdict_of(submission, lesson, worker.layers, rules, found, tuple(flags), trained)


def unreadable(submission: Submission, points: float) -> ExerciseVerdict:
    """An exercise of a submission that cannot be read."""
    if submission.outcome == "infra_error":
        return infra_error(points)
    case = CaseVerdict(READABLE_CASE, False, submission.problem)
    outcome: Outcome = "refused" if submission.outcome == "refused" else "missing"
    return ExerciseVerdict(outcome, 0.0, points, cases=(case,))


def not_asked(points: float) -> ExerciseVerdict:
    """An exercise of the newest release that the student's own release did not have."""
    message = "the release that you began with did not ask this: a person will look at it"
    case = CaseVerdict("the exercise is in your release", False, message)
    return ExerciseVerdict("missing", 0.0, points, cases=(case,), by_hand=True)


def not_graded(submission: Submission, lesson: Lesson, layers: tuple[str, ...], rules: Rules) -> Verdict:
    """The verdict of a submission on which the grader itself failed: no marks are lost, a person looks."""
    found = {name: infra_error(points) for name, points in lesson.points.items() if name != TRAINED}
    trained = trained_like(infra_error(0.0), lesson)
    flags = (*submission.flags, "the grader failed: see its log")
    return verdict_of(submission, lesson, layers, rules, found, flags, trained)


def trained_like(found: ExerciseVerdict, lesson: Lesson) -> TrainedVerdict | None:
    """The trained item of a submission that was not graded, for the same reason as its exercises; None without one."""
    points = lesson.points.get(TRAINED)
    if points is None:
        return None
    return TrainedVerdict(found.outcome, 0.0, points, found.cases[0].message, by_hand=found.by_hand)


def flags_of(notebook: Notebook, lesson: Lesson, rules: Rules) -> list[str]:
    """What a person may want to look at: copied, moved and retyped cells, unknown releases."""
    flags = []
    cells = [cell for cell in notebook.submission.cells if cell.grade_id in lesson.exercises]
    counts = Counter(cell.grade_id for cell in cells)
    flags += [f"copied cell: {name}" for name, count in counts.items() if count > 1]
    flags += [f"not a code cell any more: {cell.grade_id}" for cell in cells if cell.kind != "code"]
    for name in lesson.exercises:
        elsewhere = set(slice_for(name, notebook.analysis).binding_cells) - {name}
        flags += [f"moved: {name} is defined in {place}" for place in sorted(elsewhere)]
    release = notebook.submission.release_id
    if not rules.knows(release):
        flags.append(f"release {release or 'without a mark'} was never given to this class; graded as the newest")
    elif rules.older:
        flags.append(f"begun on the older release {rules.release}, and graded by it")
    asked = {*lesson.exercises, *([TRAINED] if lesson.trained else ())}
    absent = [name for name in lesson.points if name not in asked]
    return flags + [f"a person decides: {name} was not in the release {rules.release}" for name in absent]


def verdict_of(
    submission: Submission,
    lesson: Lesson,
    layers: tuple[str, ...],
    rules: Rules,
    found: dict[str, ExerciseVerdict],
    flags: tuple[str, ...],
    trained: TrainedVerdict | None,
) -> Verdict:
    """All parts of a submission put together."""
    points = sum(verdict.points for verdict in found.values()) + (trained.points if trained else 0.0)
    return Verdict(
        assignment=lesson.assignment,
        student=submission.student,
        submission_sha256=submission.sha256,
        key=key_of(submission, lesson.fingerprint, rules),
        graded_at=datetime.now(UTC).isoformat(timespec="seconds"),
        versions=versions(),
        layers=layers,
        release_id=submission.release_id,
        points=round(points, 2),
        max_points=sum(lesson.points.values()),
        flags=flags,
        exercises=found,
        trained=trained,
        judged_by=rules.release,
    )
