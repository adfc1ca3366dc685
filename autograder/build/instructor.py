"""The instructor's notebook of a lesson, from its source. Imports no Keras."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any

from autograder.build.lesson import points_of, read_lesson, trained_in
from autograder.build.notebook import instructor_notebook
from autograder.lessons import CHECKOUT, solution_folder
from autograder.releases import lesson_files
from autograder.settings import Settings


def make_instructor_notebook(assignment: str, settings: Settings) -> Any:
    """The notebook with solutions, from the lesson's source."""
    cells = read_lesson(lesson_source(assignment), CHECKOUT / "solutions")
    return instructor_notebook(assignment, cells, settings.url, wheel_name(), hash_of(solution_folder(assignment)))


def lesson_source(assignment: str) -> Path:
    """The lesson's percent-format source."""
    return CHECKOUT / "course" / assignment / "lesson.py"


def hash_of(folder: Path) -> str:
    """Hash of all Python files of a folder."""
    digest = hashlib.sha256()
    for file in lesson_files(folder):
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def wheel_name() -> str:
    """File name of the vitlab wheel, from its version."""
    text = (CHECKOUT / "course/pyproject.toml").read_text(encoding="utf-8")
    found = re.search(r'^version = "(.+)"$', text, re.MULTILINE)
    if not found:
        raise ValueError('Expected a line `version = "..."` in course/pyproject.toml.')
    return f"vitlab-{found[1]}-py3-none-any.whl"


def lesson_points(assignment: str) -> dict[str, float]:
    """Points of every exercise, from the lesson's source."""
    return points_of(read_lesson(lesson_source(assignment), CHECKOUT / "solutions"))


def lesson_trained(assignment: str) -> str | None:
    """The name of a lesson's trained item, or None."""
    return trained_in(read_lesson(lesson_source(assignment), CHECKOUT / "solutions"))
