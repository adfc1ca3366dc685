"""The two courses that are compared: one of ours, and one as stock nbgrader's users make it."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hand_ins import ASSIGNMENT
from nbformat.v4 import new_notebook
from timing import BIN, environment

from autograder.build.init import init_course
from autograder.build.instructor import lesson_points, lesson_source
from autograder.build.lesson import SourceCell, read_lesson
from autograder.build.notebook import KERNEL, as_text, code_cell, give_ids, mark, markdown_cell
from autograder.gradebook.steps import generate_assignment
from autograder.lessons import CHECKOUT, load_lesson
from autograder.root import open_root

STOCK = "hw"
CELL = re.compile(r"^# %% (\w+).*\n", re.MULTILINE)
CONFIG = """c = get_config()
c.CourseDirectory.course_id = "stock"
c.ExecutePreprocessor.timeout = 600  # the default of 30 s a cell would end TensorFlow's import on a busy machine
"""


@dataclass(frozen=True)
class Course:
    """A course with a release and nothing handed in; every run works on a copy."""

    folder: Path
    assignment: str

    @property
    def released(self) -> dict[str, Any]:
        """The released notebook."""
        path = self.folder / "release" / self.assignment / f"{self.assignment}.ipynb"
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return found

    def copy(self, folder: Path, submissions: dict[str, bytes]) -> None:
        """A fresh copy in which these students have handed in."""
        shutil.copytree(self.folder, folder)
        for student, content in submissions.items():
            place = folder / "submitted" / student / self.assignment
            place.mkdir(parents=True)
            (place / f"{self.assignment}.ipynb").write_bytes(content)


def our_course(folder: Path) -> Course:
    """autograder init and nbgrader generate_assignment."""
    init_course(folder)
    generate_assignment(open_root(folder), ASSIGNMENT)
    return Course(folder, ASSIGNMENT)


def stock_course(folder: Path, demos: bool) -> Course:
    """A course with nbgrader's own settings, and its release.

    Args:
        folder: where to make it.
        demos: whether its notebook keeps the lesson's demos, plots and predictions.
    """
    source = folder / "source" / STOCK
    source.mkdir(parents=True)
    (folder / "nbgrader_config.py").write_text(CONFIG, encoding="utf-8")
    (source / f"{STOCK}.ipynb").write_text(as_text(stock_notebook(demos)), encoding="utf-8")
    command = [BIN / "nbgrader", "generate_assignment", STOCK]
    done = subprocess.run(command, cwd=folder, env=environment(), capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"nbgrader generate_assignment failed: {done.stderr[-1500:]}")
    return Course(folder, STOCK)


def stock_notebook(demos: bool) -> Any:
    """The lesson with asserts for checks; on request without its demos, plots and predictions."""
    checks = stock_checks()
    cells = [code_cell(checks["imports"]), code_cell(checks["helpers"], mark("helpers", locked=True))]
    for cell in read_lesson(lesson_source(ASSIGNMENT), CHECKOUT / "solutions"):
        cells += stock_cells(cell, checks, demos)
    notebook = new_notebook(cells=cells, metadata={"kernelspec": KERNEL, "language_info": {"name": "python"}})
    give_ids(notebook)
    return notebook


def stock_cells(cell: SourceCell, checks: dict[str, str], demos: bool) -> list[Any]:
    """What stands in the stock notebook for a cell of the lesson."""
    if cell.exercise:
        name = f"check_{cell.exercise}"
        hidden = f"### BEGIN HIDDEN TESTS\n{checks[name]}\n### END HIDDEN TESTS"
        graded = mark(name, grade=True, locked=True, points=cell.points)
        return [code_cell(cell.source, mark(cell.exercise, solution=True)), code_cell(hidden, graded)]
    if cell.question:
        return [markdown_cell(cell.source, mark(cell.question, grade=True, solution=True, points=cell.points))]
    if cell.kind == "markdown":
        return [markdown_cell(cell.source)]
    return [code_cell(cell.source)] if demos or cell.source.startswith("def ") else []  # given functions


def stock_checks() -> dict[str, str]:
    """The cells of stock_checks.py by name.

    Raises:
        RuntimeError: an exercise has not as many asserts as graded cases.
    """
    _, *parts = CELL.split((Path(__file__).parent / "stock_checks.py").read_text(encoding="utf-8"))
    found = dict(zip(parts[::2], map(str.strip, parts[1::2]), strict=True))
    for name, (asserts, cases) in case_counts(found).items():
        if asserts != cases:
            raise RuntimeError(f"Expected {cases} asserts in check_{name} of stock_checks.py. Found {asserts}.")
    return found


def case_counts(checks: dict[str, str]) -> dict[str, tuple[int, int]]:
    """Exercise to the number of its asserts in the stock notebook and of its graded cases in ours."""
    import numpy as np

    lesson = load_lesson(ASSIGNMENT, lesson_points(ASSIGNMENT))
    found = {}
    for name, exercise in lesson.exercises.items():
        graded = [case for case in exercise.cases(np.random.default_rng(0)) if case.weight > 0]
        found[name] = len(re.findall(r"^same\(", checks[f"check_{name}"], re.MULTILINE)), len(graded)
    return found
