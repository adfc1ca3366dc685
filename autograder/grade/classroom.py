"""Grade many submissions at once: each thread has its own worker; a verdict is kept as soon as it is known."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from pathlib import Path

from autograder.doctor.examine import require_isolation
from autograder.grade.kept import fresh_verdicts
from autograder.grade.rules import Rules
from autograder.grade.submission import grade_submission, not_graded
from autograder.grade.verdict import write_verdict
from autograder.lessons import hidden_folders, load_lesson
from autograder.read.notebook import Submission, read_submission
from autograder.records import Lesson, Limits, Verdict
from autograder.root import CourseRoot
from autograder.run import isolation
from autograder.run.worker import Worker, ZygoteWorker

Report = Callable[[str, Verdict], None]


@contextmanager
def worker_pool(count: int, hidden: list[Path], layers: tuple[str, ...], limits: Limits) -> Iterator[WorkerPool]:
    """A pool of `count` workers that are closed at the end, whatever happens."""
    pool = WorkerPool(count, hidden, layers, limits)
    try:
        yield pool
    finally:
        pool.close()


class WorkerPool:
    """Threads with one worker each; the workers start at once, side by side."""

    def __init__(self, count: int, hidden: list[Path], layers: tuple[str, ...], limits: Limits) -> None:
        """Start the workers."""
        self.workers = [ZygoteWorker(hidden, layers, limits) for _ in range(count)]
        self.free = list(self.workers)
        self.own = threading.local()
        self.threads = ThreadPoolExecutor(count)

    @property
    def worker(self) -> ZygoteWorker:
        """The calling thread's worker."""
        if not hasattr(self.own, "worker"):
            self.own.worker = self.free.pop()
        found: ZygoteWorker = self.own.worker
        return found

    def close(self) -> None:
        """End all workers."""
        self.threads.shutdown(cancel_futures=True)
        for worker in self.workers:
            worker.close()


def default_workers() -> int:
    """One worker for each core that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def grade_class(
    root: CourseRoot,
    assignment: str,
    students: list[str],
    *,
    workers: int,
    force: bool = False,
    layers: tuple[str, ...] | None = None,
    report: Report = lambda student, verdict: None,
) -> dict[str, Verdict]:
    """The verdicts of all named students; those whose submission and lesson did not change are not run again.

    Args:
        root: the course.
        assignment: e.g. "01_attention".
        students: whose submissions to grade.
        workers: how many run side by side.
        force: run unchanged ones again.
        layers: of isolation; by default the strongest that this machine has.
        report: called with each student's verdict as it is known.

    Raises:
        NotIsolated: this machine has too few layers, or one does not hold when it is tried.
    """
    kept = {} if force else fresh_verdicts(root, assignment, students)
    for student, verdict in kept.items():
        report(student, verdict)
    due = [student for student in students if student not in kept]
    if not due:
        return kept
    rules, layers = root.rules(assignment), layers or isolation.choose()
    hidden = [root.path, *hidden_folders()]
    found = {}
    with worker_pool(min(workers, len(due)), hidden, layers, root.limits()) as pool:
        proof = pool.threads.submit(lambda: require_isolation(pool.worker))
        lesson = load_lesson(assignment, root.points(assignment))  # imports Keras while the workers do

        proof.result()

        def grade(student: str) -> Verdict:
            verdict = grade_safely(root, student, lesson, pool.worker, rules)
            write_verdict(root.verdict(assignment, student), verdict)
            return verdict

        running = {pool.threads.submit(grade, student): student for student in due}
        for done in as_completed(running):
            found[running[done]] = done.result()
            report(running[done], done.result())
    return {student: kept.get(student) or found[student] for student in students}


def grade_safely(root: CourseRoot, student: str, lesson: Lesson, worker: Worker, rules: Rules) -> Verdict:
    """The verdict; should the grader itself fail, one that says so, and the batch goes on."""
    submission = Submission(student, lesson.assignment)
    try:
        submission = read_submission(root.submission(lesson.assignment, student), student, lesson.assignment)
        return grade_submission(submission, lesson, worker, rules)
    except Exception:
        logging.getLogger(__name__).exception("The grader failed on the submission of %r.", student)
        return not_graded(submission, lesson, worker, rules)
