"""nbgrader's own commands, run in this process for a course: one writer, one import of nbgrader."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from autograder.errors import CourseError
from autograder.root import CourseRoot


class StepFailed(CourseError):
    """A command of nbgrader's failed; holds the end of its log."""


def generate_assignment(root: CourseRoot, assignment: str) -> None:
    """nbgrader generate_assignment: the release, and the assignment in the gradebook."""
    with api_of(root.path) as api:
        finish("generate_assignment", api.generate_assignment(assignment, force=True, create=True))


class NotSaved(StepFailed):
    """Some students' scores did not reach the gradebook; all others' did."""

    exit_code = 3


@contextmanager
def gradebook_writer(root: CourseRoot, assignment: str) -> Iterator[Callable[[str], None]]:
    """A function that brings one student's verdict into the gradebook and the autograded notebook, as `nbgrader
    autograde` does. When it returns, all is in the files; when it raises StepFailed, go on with the next student.

    Enter, use and leave it in one thread, whichever. The working directory stays as it is.

    Raises:
        StepFailed: the assignment cannot be graded here.
    """
    with api_of(root.path) as api:
        from nbgrader.converters.base import NbGraderException
        from nbgrader.utils import capture_log

        from autograder.gradebook.converter import BatchAutograde
        from autograder.gradebook.database import one_gradebook

        try:
            converter = BatchAutograde(assignment, coursedir=api.coursedir, parent=api)
        except (NbGraderException, CourseError) as error:
            raise StepFailed(f"nbgrader's autograde failed: {error}") from None

        def save(student: str) -> None:
            converter.coursedir.student_id = student
            finish(f"autograde of {student!r}", capture_log(converter))

        with one_gradebook():
            yield save


def save_scores(root: CourseRoot, assignment: str, students: list[str], done: Any = lambda student: None) -> None:
    """nbgrader autograde for each student: the verdicts go into the gradebook and the autograded notebooks.

    Raises:
        NotSaved: after all others were saved; names those who were not, and why.
    """
    reasons = {}
    with gradebook_writer(root, assignment) as save:
        for student in students:
            try:
                save(student)
            except StepFailed as error:
                reasons[student] = str(error)
            done(student)
    if reasons:
        raise not_saved(reasons)


def not_saved(reasons: dict[str, str]) -> NotSaved:
    """The error that names students with reasons why their scores did not reach the gradebook."""
    names = ", ".join(map(repr, reasons))
    return NotSaved(
        f"The scores of {names} did not reach the gradebook; all others' did. nbgrader cannot hold ids that begin "
        f"or end with a space, hold line breaks or are not UTF-8: rename such folders. {next(iter(reasons.values()))}"
    )


def generate_feedback(root: CourseRoot, assignment: str) -> None:
    """nbgrader generate_feedback for everybody."""
    with api_of(root.path) as api:
        finish("generate_feedback", api.generate_feedback(assignment, force=True))


def due_and_enrolled(root: CourseRoot, assignment: str) -> tuple[datetime | None, tuple[str, ...]]:
    """When an assignment is due, if the gradebook knows it, and the ids of all its students."""
    with api_of(root.path) as api, api.gradebook as gradebook:
        from nbgrader.api import MissingEntry

        try:
            due = gradebook.find_assignment(assignment).duedate
        except MissingEntry:
            due = None
        students = tuple(sorted(student.id for student in gradebook.students))
    return (due.replace(tzinfo=UTC) if due else None), students


def finish(step: str, result: dict[str, Any]) -> None:
    """Raise when a step failed."""
    if not result.get("success"):
        words = f"{result.get('error') or ''}\n{result.get('log') or ''}"  # the log says which file and why
        raise StepFailed(f"nbgrader's {step} failed: {words.strip()[-1500:]}")


@contextmanager
def api_of(folder: Path) -> Iterator[Any]:
    """nbgrader's API for the course in a folder, with the course's own nbgrader_config.py."""
    from nbgrader.apps import NbGrader
    from nbgrader.apps.api import NbGraderAPI
    from nbgrader.coursedir import CourseDirectory

    app = NbGrader(config_dir=str(folder))
    app.load_cwd_config = False
    app.load_config_file()
    app.config.CourseDirectory.root = str(folder)
    logging.getLogger("traitlets").setLevel(logging.ERROR)
    coursedir = CourseDirectory(config=app.config)
    yield NbGraderAPI(coursedir, config=app.config)
