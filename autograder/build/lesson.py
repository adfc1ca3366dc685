"""Read a lesson's source: percent-format Python, in which exercises and given code are import lines."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.errors import CourseError
from autograder.records import TRAINED

IMPORT = re.compile(r"^from solutions\.(\w+)\.reference import (\w+)\s*$")


class LessonError(CourseError):
    """A lesson's source is not as the build expects it; names the file and what to write."""


@dataclass(frozen=True)
class SourceCell:
    """One cell of a lesson's source, with the imported code put in its place."""

    kind: str
    source: str
    exercise: str | None = None
    question: str | None = None
    points: float = 0.0
    trained: str | None = None
    """Training function that the student writes here; it is not run by the grader."""
    check_trained: str | None = None
    """Training function whose artifacts are graded here."""


def read_lesson(path: Path, solutions: Path) -> list[SourceCell]:
    """The cells of a lesson in order.

    Args:
        path: the lesson.py.
        solutions: the folder solutions/.

    Raises:
        LessonError: a marked cell is not one import line, or imports what is not there; or a trained item is not one
            training function followed by one check of it.
    """
    import jupytext

    notebook = jupytext.read(path, fmt="py:percent")
    cells = [source_cell(cell, path, solutions) for cell in notebook.cells]
    marks = [(cell.trained, cell.check_trained) for cell in cells if cell.trained or cell.check_trained]
    if marks and marks != [(name := marks[0][0], None), (None, name)]:
        raise LessonError(
            f'{path}: expected one cell `# %% trained="NAME"` and, after it, one cell `# %% check_trained="NAME" '
            f"points=...` of the same name, or neither. Received: {marks}."
        )
    return cells


def source_cell(cell: Any, path: Path, solutions: Path) -> SourceCell:
    """One jupytext cell as a SourceCell."""
    marks = cell.metadata
    points, checked = float(marks.get("points", 0)), marks.get("check_trained")
    name = marks.get("exercise") or marks.get("given") or marks.get("trained")
    if name:
        match = IMPORT.match(cell.source.strip())
        if not match or match[2] != name:
            raise LessonError(
                f"{path}: expected the one line `from solutions.<lesson>.reference import {name}` "
                f"in the cell of {name}. Received: {cell.source.strip()[:80]!r}."
            )
        source = definition(solutions / match[1] / "reference.py", name)
        return SourceCell("code", source, marks.get("exercise"), None, points, marks.get("trained"))
    if checked and cell.source.strip() != f'check_trained("{checked}")':
        raise LessonError(
            f'{path}: expected the one line `check_trained("{checked}")` in the cell that checks {checked}. '
            f"Received: {cell.source.strip()[:80]!r}."
        )
    return SourceCell(cell.cell_type, cell.source, None, marks.get("question"), points, None, checked)


def definition(path: Path, name: str) -> str:
    """The source of a top-level function or class, decorators and solution marks included.

    Raises:
        LessonError: the file does not define it.
    """
    if not path.is_file():
        raise LessonError(f"Expected a reference in {path}. There is no such file.")
    text = path.read_text(encoding="utf-8")
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == name:
            first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
            return "\n".join(text.splitlines()[first - 1 : end_of(node, text)])
    raise LessonError(
        f"{path}: expected a function or class named {name} at top level, since lesson.py has a cell for it. "
        "Define it there, or change the name in lesson.py: in the cell's mark and in its import line."
    )


def end_of(node: ast.stmt, text: str) -> int:
    """Last line of a definition; a closing solution mark below it, deeper than top level, belongs to it."""
    lines, end = text.splitlines(), node.end_lineno or node.lineno
    while end < len(lines) and (lines[end].startswith(" ") or not lines[end].strip()):
        end += 1
    while not lines[end - 1].strip():
        end -= 1
    return end


def points_of(cells: list[SourceCell]) -> dict[str, float]:
    """Points of every exercise, and of the trained item if there is one."""
    return {cell.exercise or TRAINED: cell.points for cell in cells if cell.exercise or cell.check_trained}


def trained_in(cells: list[SourceCell]) -> str | None:
    """The name of the trained item, or None."""
    return next((cell.trained for cell in cells if cell.trained), None)
