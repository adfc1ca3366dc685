"""autograder explain: from names to words and a notebook's file."""

from __future__ import annotations

from pathlib import Path

from autograder.crew.judging import judge_with_one_thread
from autograder.crew.means import Means
from autograder.doctor.examine import require_isolation
from autograder.explain.appeal import Sleeping, appeal_of, require_known
from autograder.explain.notebook import notebook_of
from autograder.explain.words import words_of
from autograder.grade.verdict import write_whole
from autograder.lessons import hidden_folders
from autograder.root import CourseRoot, open_root
from autograder.run import isolation
from autograder.run.worker import ZygoteWorker


def explain_exercise(
    path: Path, assignment: str, student: str, exercise: str, means: Means, out: Path | None
) -> tuple[str, Path | None]:
    """Explain one exercise of one student.

    Args:
        path: of the course.
        assignment: e.g. "01_attention".
        student: as their folder in submitted/ is called.
        exercise: e.g. "softmax_rows".
        means: how student code is isolated, should it have to run.
        out: where the notebook goes; None for its usual place in the course.

    Returns:
        The words, and where the notebook lies; None where the exercise was not run.

    Raises:
        NoAppeal: there is nothing under these names.
    """
    root = open_root(path)
    require_known(root, assignment, student, exercise)
    judge_with_one_thread()  # before Keras is imported: numbers as in grading
    worker = Sleeping(lambda: sandbox(root, means))
    try:
        appeal = appeal_of(root, assignment, student, exercise, worker, root.limits())
    finally:
        worker.close()
    if not appeal.cases:
        return words_of(appeal), None
    place = out or root.path / "appeals" / assignment / f"{student}-{exercise}.ipynb"
    write_whole(place, notebook_of(appeal).encode(errors="backslashreplace"))
    return words_of(appeal), place


def sandbox(root: CourseRoot, means: Means) -> ZygoteWorker:
    """A worker as in grading, tried before student code meets it."""
    made = ZygoteWorker([root.path, *hidden_folders()], isolation.choose(means.trusted, means.mode), root.limits())
    try:
        require_isolation(made)
    except BaseException:
        made.close()
        raise
    return made
