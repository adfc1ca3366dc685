"""One submission from cells to verdict."""

from __future__ import annotations

import logging
from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from autograder.grade.budget import Budget
from autograder.grade.inputs import generator
from autograder.grade.rules import Rules, key_of
from autograder.grade.trained import grade_trained
from autograder.grade.untouched import is_untouched
from autograder.grade.verdict import versions
from autograder.judge.score import distinct_questions, judge_cases, name_mistake, outcome_of, share
from autograder.judge.trusted import answers_of, begin_answers
from autograder.read.artifacts import Artifacts
from autograder.read.code import Code, read_code
from autograder.read.notebook import Submission
from autograder.read.slice import Analysis, Slice, analyse, slice_for
from autograder.read.unusual import unusual_means
from autograder.records import (
    TRAINED,
    CaseVerdict,
    ExerciseVerdict,
    Job,
    Lesson,
    Outcome,
    Statement,
    TrainedVerdict,
    Verdict,
)
from autograder.run.worker import Worker

ENDED = ("timeout", "crashed", "out_of_memory")


@dataclass(frozen=True)
class Notebook:
    """A submission's code, looked up once for all exercises."""

    submission: Submission
    code: Code
    analysis: Analysis


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
    for name in lesson.exercises:
        found[name], reached = grade_exercise(name, notebook, lesson, worker, rules, found)
        flags += [f"switched off, but used: {call} in {name}" for call in reached]
        calls = lesson.exercises[name].switched_off
        means = unusual_means(slice_for(name, notebook.analysis).statements, calls) if calls else []
        flags += [f"worth a look: {name} uses {', '.join(means)}"] if means else []
    trained = None
    if lesson.trained:
        who, files = submission.student, submission.artifacts or Artifacts()
        trained, more = grade_trained(who, files, notebook.analysis, lesson, worker, rules)
        flags += more
    return verdict_of(submission, lesson, worker.layers, rules, found, tuple(flags), trained)


def unreadable(submission: Submission, points: float) -> ExerciseVerdict:
    """An exercise of a submission that cannot be read."""
    if submission.outcome == "infra_error":
        return infra_error(points)
    case = CaseVerdict("the notebook can be read", False, submission.problem)
    outcome: Outcome = "refused" if submission.outcome == "refused" else "missing"
    return ExerciseVerdict(outcome, 0.0, points, cases=(case,))


def not_graded(submission: Submission, lesson: Lesson, layers: tuple[str, ...], rules: Rules) -> Verdict:
    """The verdict of a submission on which the grader itself failed: no marks are lost, a person looks."""
    found = {name: infra_error(points) for name, points in lesson.points.items() if name != TRAINED}
    trained = trained_like(infra_error(0.0), lesson)
    flags = (*submission.flags, "the grader failed: see its log")
    return verdict_of(submission, lesson, layers, rules, found, flags, trained)


def trained_like(found: ExerciseVerdict, lesson: Lesson) -> TrainedVerdict | None:
    """The trained item of a submission that was not graded, for the same reason as its exercises; None without one."""
    points = lesson.points.get(TRAINED)
    return None if points is None else TrainedVerdict(found.outcome, 0.0, points, found.cases[0].message)


def infra_error(points: float, seconds: float = 0.0) -> ExerciseVerdict:
    """An exercise that could not be graded for reasons of ours."""
    case = CaseVerdict("the grader works", False, "a fault of the grader's machine, not yours: a person will look")
    return ExerciseVerdict("infra_error", 0.0, points, cases=(case,), seconds=seconds)


def grade_exercise(
    name: str, notebook: Notebook, lesson: Lesson, worker: Worker, rules: Rules, before: dict[str, ExerciseVerdict]
) -> tuple[ExerciseVerdict, tuple[str, ...]]:
    """One exercise as it stands; if it fails and one that it calls has failed, once more with stand-ins.

    Returns:
        The verdict, and the switched-off calls that were reached.
    """
    part = slice_for(name, notebook.analysis)
    absent = not_there(name, notebook, part, lesson.points[name], rules)
    if absent:
        return absent, ()
    broken = [other for other in before if other in part.names and before[other].outcome != "passed"]
    broken = [other for other in broken if other in lesson.stand_ins and other != name]
    if any(before[other].outcome in ENDED for other in broken):
        return with_stand_ins(name, broken, notebook, lesson, worker, rules)  # as it stands it would end the same way
    verdict, reached = run_and_judge(name, part.statements, notebook, lesson, worker, rules)
    if verdict.outcome in ("passed", "infra_error") or not broken:
        return verdict, reached
    again, reached_again = with_stand_ins(name, broken, notebook, lesson, worker, rules)
    better = again.outcome == "infra_error" or again.points > verdict.points
    return (again, reached_again) if better else (verdict, reached)


def with_stand_ins(
    name: str, broken: list[str], notebook: Notebook, lesson: Lesson, worker: Worker, rules: Rules
) -> tuple[ExerciseVerdict, tuple[str, ...]]:
    """An exercise with right versions in place of the broken ones that it calls."""
    repaired = slice_for(name, notebook.analysis, frozenset(broken)).statements
    stand_ins = tuple(Statement(lesson.stand_ins[other], f"stand-in for {other}", 1) for other in broken)
    verdict, reached = run_and_judge(name, stand_ins + repaired, notebook, lesson, worker, rules)
    return replace(verdict, stand_ins=tuple(broken)), reached


def not_there(name: str, notebook: Notebook, part: Slice, points: float, rules: Rules) -> ExerciseVerdict | None:
    """The verdict of an exercise that cannot be run: its cell is gone, broken, or as it was released."""
    broken = notebook.code.broken.get(name)
    own = [cell for cell in notebook.submission.cells if cell.grade_id == name]
    if broken and not part.binding_cells:
        case = CaseVerdict("the cell is Python", False, broken)
        return ExerciseVerdict("failed", 0.0, points, cases=(case,))
    if not part.binding_cells:
        where = f"its cell does not define `{name}`" if own else "its cell is gone"
        message = f"{where}, and no other cell defines `{name}`: write it there, under that name"
        return ExerciseVerdict("missing", 0.0, points, cases=(CaseVerdict("the exercise is there", False, message),))
    stub = (rules.stubs or {}).get(name)
    if stub and set(part.binding_cells) == {name} and all(is_untouched(cell.source, stub) for cell in own):
        case = CaseVerdict("the exercise was begun", False, "not written yet: the cell is as it was released")
        return ExerciseVerdict("missing", 0.0, points, cases=(case,))
    return None


def run_and_judge(
    name: str, statements: tuple[Statement, ...], notebook: Notebook, lesson: Lesson, worker: Worker, rules: Rules
) -> tuple[ExerciseVerdict, tuple[str, ...]]:
    """Run an exercise's statements on its hidden inputs and judge the answers."""
    exercise = lesson.exercises[name]
    cases = exercise.cases(generator(rules.secret, notebook.submission.student, lesson.assignment, name))
    questions = distinct_questions(cases)
    reference = begin_answers(lesson.references[name], questions)
    run = worker.run(Job(name, statements, tuple(questions), exercise.switched_off, rules.seconds))
    if run.ended == "infra_error":
        logging.getLogger(__name__).error(
            "%s of %r could not be run: %s", name, notebook.submission.student, run.message
        )
        return infra_error(lesson.points[name], run.seconds), ()
    expected = reference.result()
    verdicts = judge_cases(cases, expected, run)
    outcome = outcome_of(run, verdicts)
    points = round(lesson.points[name] * share(cases, verdicts), 2)
    mistake, hint = None, ""
    if outcome != "passed":
        variants = {
            mistake.id: answers_of(mistake.function, questions)
            for mistake in lesson.misconceptions
            if mistake.exercise == name and mistake.kind == "variant" and not mistake.twin and mistake.function
        }
        mistake = name_mistake(cases, expected, run, variants)
        hint = next((known.hint for known in lesson.misconceptions if known.id == mistake and rules.hints), "")
    seconds = round(run.seconds, 3)
    verdict = ExerciseVerdict(outcome, points, lesson.points[name], mistake, hint, (), verdicts, seconds)
    return verdict, run.reached


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
    if rules.releases is not None and release not in rules.releases:
        flags.append(f"release {release or 'without a mark'} was never given to this class; graded as the newest")
    return flags


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
    )
