"""One exercise from statements to its verdict."""

from __future__ import annotations

import logging
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from functools import partial

from autograder.grade.inputs import generator
from autograder.grade.rules import Rules
from autograder.grade.shortlist import in_question
from autograder.grade.untouched import is_untouched
from autograder.judge.score import distinct_questions, judge_cases, name_mistake, outcome_of, share
from autograder.judge.trusted import answers_of, begin_answers
from autograder.read.code import Code
from autograder.read.notebook import Submission
from autograder.read.slice import Analysis, Slice, slice_for
from autograder.records import Answer, Case, CaseVerdict, ExerciseVerdict, Job, Lesson, Question, Run, Statement
from autograder.run.conversation import as_received
from autograder.run.worker import Worker

ENDED = ("timeout", "crashed", "out_of_memory")


@dataclass(frozen=True)
class Hidden:
    """What a submission is asked in one exercise."""

    cases: list[Case]
    questions: tuple[Question, ...]
    expected: Future[list[Answer]]
    """Our own answers to the questions."""


@dataclass(frozen=True)
class Notebook:
    """A submission's code, looked up once for all exercises, and what it is asked."""

    submission: Submission
    code: Code
    analysis: Analysis
    hidden: dict[str, Hidden] = field(default_factory=dict)
    """Of the exercises that were asked so far."""


@dataclass(frozen=True)
class Asked:
    """An exercise ready to be run and judged."""

    job: Job
    cases: list[Case]
    expected: Future[list[Answer]]
    """Our own answers to the job's questions."""


@dataclass(frozen=True)
class Tried:
    """One run of an exercise, and what it earns."""

    verdict: ExerciseVerdict
    asked: Asked
    run: Run


@dataclass(frozen=True)
class Early:
    """What is known of a submission's exercises from running them in one process."""

    believed: dict[tuple[str, tuple[str, ...]], tuple[ExerciseVerdict, tuple[str, ...]]] = field(default_factory=dict)
    """Exercise and its stand-ins to its verdict, and the switched-off calls that were reached."""
    begun: frozenset[str] = frozenset()
    """Exercises that ran as they stand, and are not right."""


def grade_exercise(
    name: str,
    notebook: Notebook,
    lesson: Lesson,
    worker: Worker,
    rules: Rules,
    before: dict[str, ExerciseVerdict],
    early: Early | None = None,
) -> tuple[ExerciseVerdict, tuple[str, ...]]:
    """One exercise as it stands; if it fails and one that it calls has failed, once more with stand-ins.

    Returns:
        The verdict, and the switched-off calls that were reached.
    """
    part = slice_for(name, notebook.analysis)
    absent = not_there(name, notebook, part, lesson.points[name], rules)
    if absent:
        return absent, ()
    early = early or Early()
    failed = [other for other in before if other in part.names and before[other].outcome != "passed"]
    broken = [other for other in failed if other in lesson.stand_ins and other != name]
    known = early.believed.get((name, tuple(broken))) or early.believed.get((name, ()))
    if known and (known[0].outcome == "passed" or not broken):
        return known
    begun = name in early.begun
    ends = any(before[other].outcome in ENDED for other in broken)  # as it stands it would end the same way
    repair = partial(with_stand_ins, name, broken, notebook, lesson, worker, rules)
    again = repair() if broken and (begun or ends) else None
    if again and (again.verdict.outcome in ("passed", "infra_error") or not begun):
        return named(again, lesson, rules)
    tried = run_and_judge(ask(name, part.statements, notebook, lesson, rules), notebook, lesson, worker, rules)
    if broken and tried.verdict.outcome not in ("passed", "infra_error"):
        tried = better_of(tried, again or repair())
    return named(tried, lesson, rules)


def better_of(tried: Tried, again: Tried) -> Tried:
    """As it stands, or with stand-ins where that earns more, or where a person has to look."""
    return again if again.verdict.outcome == "infra_error" or again.verdict.points > tried.verdict.points else tried


def with_stand_ins(
    name: str, broken: list[str], notebook: Notebook, lesson: Lesson, worker: Worker, rules: Rules
) -> Tried:
    """An exercise with right versions in place of the broken ones that it calls."""
    asked = ask_with_stand_ins(name, broken, notebook, lesson, rules)
    tried = run_and_judge(asked, notebook, lesson, worker, rules)
    return replace(tried, verdict=replace(tried.verdict, stand_ins=tuple(broken)))


def ask_with_stand_ins(name: str, broken: list[str], notebook: Notebook, lesson: Lesson, rules: Rules) -> Asked:
    """The job of an exercise with right versions in place of the broken ones that it calls."""
    repaired = slice_for(name, notebook.analysis, frozenset(broken)).statements
    stand_ins = tuple(Statement(lesson.stand_ins[other], f"stand-in for {other}", 1) for other in broken)
    return ask(name, stand_ins + repaired, notebook, lesson, rules)


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


def run_and_judge(asked: Asked, notebook: Notebook, lesson: Lesson, worker: Worker, rules: Rules) -> Tried:
    """Run an exercise alone on its hidden inputs and judge the answers."""
    name = asked.job.target
    run = worker.run(asked.job)
    if run.ended == "infra_error":
        student = notebook.submission.student
        logging.getLogger(__name__).error("%s of %r could not be run: %s", name, student, run.message)
        return Tried(infra_error(lesson.points[name], run.seconds), asked, run)
    return Tried(judge(asked, run, lesson), asked, run)


def ask(name: str, statements: tuple[Statement, ...], notebook: Notebook, lesson: Lesson, rules: Rules) -> Asked:
    """An exercise's hidden cases as a job; our own answers to them are begun."""
    exercise = lesson.exercises[name]
    if name not in notebook.hidden:
        cases = exercise.cases(generator(rules.secret, notebook.submission.student, lesson.assignment, name))
        questions = tuple(distinct_questions(cases))
        expected = begin_answers(lesson.references[name], questions)
        notebook.hidden[name] = Hidden(cases, questions, expected)
    hidden = notebook.hidden[name]
    job = Job(name, statements, hidden.questions, exercise.switched_off, rules.seconds)
    return Asked(job, hidden.cases, hidden.expected)


def judge(asked: Asked, run: Run, lesson: Lesson) -> ExerciseVerdict:
    """The verdict of a run, its mistake not yet named."""
    most = lesson.points[asked.job.target]
    verdicts = judge_cases(asked.cases, asked.expected.result(), run)
    points = round(most * share(asked.cases, verdicts), 2)
    return ExerciseVerdict(outcome_of(run, verdicts), points, most, cases=verdicts, seconds=round(run.seconds, 3))


def named(tried: Tried, lesson: Lesson, rules: Rules) -> tuple[ExerciseVerdict, tuple[str, ...]]:
    """The verdict with its mistake, if a wrong variant gives the same answers; and the calls that were reached."""
    verdict, asked, run = tried.verdict, tried.asked, tried.run
    if verdict.outcome in ("passed", "infra_error"):
        return verdict, run.reached if verdict.outcome == "passed" else ()
    expected = asked.expected.result()
    known = in_question(asked.job.target, lesson, asked.cases, expected, run)
    variants = {
        mistake.id: map(as_received, answers_of(mistake.function, asked.job.questions))
        for mistake in known
        if mistake.function
    }
    found = name_mistake(asked.cases, expected, run, variants)
    hint = next((mistake.hint for mistake in known if mistake.id == found and rules.hints), "")
    return replace(verdict, misconception=found, hint=hint), run.reached


def infra_error(points: float, seconds: float = 0.0) -> ExerciseVerdict:
    """An exercise that could not be graded for reasons of ours."""
    case = CaseVerdict("the grader works", False, "a fault of the grader's machine, not yours: a person will look")
    return ExerciseVerdict("infra_error", 0.0, points, cases=(case,), seconds=seconds)
