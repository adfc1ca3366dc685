"""nbgrader's own commands, run in this process for a course: one writer, one import of nbgrader."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
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


def save_scores(root: CourseRoot, assignment: str, students: list[str], done: Any = lambda student: None) -> None:
    """nbgrader autograde for each student: the verdicts go into the gradebook and the autograded notebooks.

    Raises:
        NotSaved: after all others were saved; names those who were not, and why.
    """
    reasons = {}
    with api_of(root.path) as api:
        for student in students:
            try:
                finish(f"autograde of {student!r}", api.autograde(assignment, student, force=True, create=True))
            except StepFailed as error:
                reasons[student] = str(error)
            done(student)
    if reasons:
        names = ", ".join(map(repr, reasons))
        raise NotSaved(
            f"The scores of {names} did not reach the gradebook; all others' did. nbgrader cannot hold ids that begin "
            f"or end with a space or hold line breaks: rename such folders. {next(iter(reasons.values()))}"
        )


def generate_feedback(root: CourseRoot, assignment: str) -> None:
    """nbgrader generate_feedback for everybody."""
    with api_of(root.path) as api:
        finish("generate_feedback", api.generate_feedback(assignment, force=True))


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

    before = os.getcwd()
    os.chdir(folder)
    try:
        app = NbGrader()
        app.load_config_file()  # reads nbgrader_config.py of the working directory, as the formgrader does
        app.config.CourseDirectory.root = str(folder)
        logging.getLogger("traitlets").setLevel(logging.ERROR)
        coursedir = CourseDirectory(config=app.config)
        yield NbGraderAPI(coursedir, config=app.config)
    finally:
        os.chdir(before)
