"""Grade one exercise of one student once more, and keep what was asked and answered.

The way is that of grading itself; answers that were kept are not asked again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from autograder.errors import CourseError
from autograder.grade.answers import Remembering
from autograder.grade.budget import Budget
from autograder.grade.early import run_early
from autograder.grade.exercise import Notebook, grade_exercise
from autograder.grade.inputs import generator
from autograder.grade.kept import read_kept, safe_reader
from autograder.grade.parcel import engine
from autograder.grade.rules import Rules
from autograder.grade.submission import not_asked, unreadable
from autograder.grade.verdict import read_verdict
from autograder.grade.yardstick import Yardsticks
from autograder.judge.score import distinct_questions
from autograder.judge.trusted import answers_of
from autograder.lessons import load_lesson
from autograder.read.code import read_code
from autograder.read.slice import analyse
from autograder.records import TRAINED, Answer, Case, ExerciseVerdict, Job, Lesson, Limits, Run, Statement
from autograder.root import CourseRoot
from autograder.run.worker import Worker


class NoAppeal(CourseError):
    """There is nothing to explain under these names; says which there are."""


@dataclass(frozen=True)
class Appeal:
    """All that decided one exercise of one student."""

    assignment: str
    student: str
    exercise: str
    verdict: ExerciseVerdict
    cases: tuple[Case, ...] = ()
    """Empty where the exercise was not run: its cell is missing, untouched or no Python."""
    expected: tuple[Answer, ...] = ()
    """The reference's answers to the distinct questions of the cases, in order."""
    run: Run | None = None
    statements: tuple[Statement, ...] = ()
    switched_off: tuple[str, ...] = ()
    kept_points: float | None = None
    """Those in the verdict file; None where there is none."""
    rules: Rules | None = None
    """By which it was judged."""


class Recording:
    """A worker that notes what was asked and what came back."""

    def __init__(self, worker: Worker) -> None:
        """Nothing was asked yet."""
        self.worker, self.heard = worker, list[tuple[Job, Run]]()

    @property
    def layers(self) -> tuple[str, ...]:
        """Those of the worker."""
        return self.worker.layers

    def run(self, job: Job) -> Run:
        """Run a job, and note it."""
        found = self.worker.run(job)
        self.heard.append((job, found))
        return found

    def run_together(self, jobs: Sequence[Job]) -> list[Run | None]:
        """Run jobs in one process, and note what came back."""
        found = self.worker.run_together(jobs)
        self.heard += [(job, run) for job, run in zip(jobs, found, strict=True) if run]
        return found

    def close(self) -> None:
        """Whoever made the worker ends it."""


class Sleeping:
    """A worker that is started when it is first needed: where all answers were kept, it never is."""

    def __init__(self, start: Callable[[], Worker]) -> None:
        """Not started yet."""
        self.start = start

    @cached_property
    def worker(self) -> Worker:
        """The worker, started."""
        return self.start()

    @property
    def layers(self) -> tuple[str, ...]:
        """None before it was needed."""
        return self.worker.layers if "worker" in vars(self) else ()

    def run(self, job: Job) -> Run:
        """Run a job."""
        return self.worker.run(job)

    def run_together(self, jobs: Sequence[Job]) -> list[Run | None]:
        """Run jobs in one process."""
        return self.worker.run_together(jobs)

    def close(self) -> None:
        """End the worker, if it was started."""
        if "worker" in vars(self):
            self.worker.close()


def appeal_of(root: CourseRoot, assignment: str, student: str, exercise: str, worker: Worker, limits: Limits) -> Appeal:
    """What decided an exercise.

    Args:
        root: the course.
        assignment: e.g. "01_attention".
        student: as their folder in submitted/ is called.
        exercise: e.g. "softmax_rows".
        worker: runs what was not kept.
        limits: of the worker.

    Raises:
        NoAppeal: there is no such assignment, student or exercise.
    """
    require_known(root, assignment, student, exercise)
    submission = safe_reader(root, assignment)(student)
    by = Yardsticks(root, assignment).of(submission)
    lesson, rules = load_lesson(assignment, root.points(assignment), by.solutions), by.rules
    stored = read_verdict(root.verdict(assignment, student))
    kept_points = stored.exercises[exercise].points if stored and exercise in stored.exercises else None
    if submission.problem or exercise not in lesson.exercises:
        most = lesson.points[exercise]
        verdict = unreadable(submission, most) if submission.problem else not_asked(most)
        return Appeal(assignment, student, exercise, verdict, kept_points=kept_points, rules=rules)
    code = read_code(submission.cells, frozenset(lesson.exercises))
    notebook = Notebook(submission, code, analyse(code))
    memory = Remembering(worker, limits, engine(), read_kept(root.kept(assignment, student)))
    recording = Recording(memory)
    budget = Budget(recording, rules.seconds_in_all or float("inf"))
    early = run_early(notebook, lesson, budget, rules)
    found: dict[str, ExerciseVerdict] = {}
    for name in names_up_to(exercise, lesson):  # those before decide whether stand-ins are used
        found[name], _ = grade_exercise(name, notebook, lesson, budget, rules, found, early)
    heard = deciding(recording.heard, exercise, found[exercise])
    if heard is None:
        return Appeal(assignment, student, exercise, found[exercise], kept_points=kept_points, rules=rules)
    job, run = heard
    cases = lesson.exercises[exercise].cases(generator(rules.secret, student, assignment, exercise))
    expected = tuple(answers_of(lesson.references[exercise], distinct_questions(cases)))
    verdict = found[exercise]
    return Appeal(
        assignment, student, exercise, verdict, tuple(cases), expected, run, job.statements, job.switched_off,
        kept_points, rules,
    )  # fmt: skip


def require_known(root: CourseRoot, assignment: str, student: str, exercise: str) -> None:
    """Refuse names that are not there.

    Raises:
        NoAppeal: says which are.
    """
    if not root.is_ours(assignment):
        raise NoAppeal(f"Expected an assignment of `autograder init` in {root.path}. Received: {assignment}.")
    if student not in root.students(assignment):
        raise NoAppeal(
            f"Expected a student with a folder submitted/STUDENT/{assignment}. Received: {student}. "
            f"`ls {root.path / 'submitted'}` shows who handed in."
        )
    known = [name for name in root.points(assignment) if name != TRAINED]
    if exercise not in known:
        raise NoAppeal(f"Expected one of the exercises {', '.join(known)}. Received: {exercise}.")


def names_up_to(exercise: str, lesson: Lesson) -> list[str]:
    """The exercises in the lesson's order, to the one in question."""
    names = list(lesson.exercises)
    return names[: names.index(exercise) + 1]


def deciding(heard: list[tuple[Job, Run]], exercise: str, verdict: ExerciseVerdict) -> tuple[Job, Run] | None:
    """The run that a verdict rests on, the last one with stand-ins or without, as the verdict says."""
    with_them = bool(verdict.stand_ins)
    own = [(job, run) for job, run in reversed(heard) if job.target == exercise]
    return next(
        (one for one in own if any(part.cell.startswith("stand-in for ") for part in one[0].statements) == with_them),
        None,
    )
