"""Read a lesson's source: percent-format Python, in which exercises and given code are import lines."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.errors import CourseError

IMPORT = re.compile(r"^from solutions\.(\w+)\.reference import (\w+)\s*$")
CODE_POINTS = "exercise"


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


def read_lesson(path: Path, solutions: Path) -> list[SourceCell]:
    """The cells of a lesson in order.

    Args:
        path: the lesson.py.
        solutions: the folder solutions/.

    Raises:
        LessonError: a marked cell is not one import line, or imports what is not there.
    """
    import jupytext

    notebook = jupytext.read(path, fmt="py:percent")
    return [source_cell(cell, path, solutions) for cell in notebook.cells]


def source_cell(cell: Any, path: Path, solutions: Path) -> SourceCell:
    """One jupytext cell as a SourceCell."""
    exercise, given = cell.metadata.get("exercise"), cell.metadata.get("given")
    points, question = float(cell.metadata.get("points", 0)), cell.metadata.get("question")
    if exercise or given:
        name = exercise or given
        match = IMPORT.match(cell.source.strip())
        if not match or match[2] != name:
            raise LessonError(
                f"{path}: expected the one line `from solutions.<lesson>.reference import {name}` "
                f"in the cell of {name}. Received: {cell.source.strip()[:80]!r}."
            )
        return SourceCell("code", definition(solutions / match[1] / "reference.py", name), exercise, None, points)
    return SourceCell(cell.cell_type, cell.source, None, question, points)


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
    raise LessonError(f"{path}: expected a function or class named {name} at top level.")


def end_of(node: ast.stmt, text: str) -> int:
    """Last line of a definition; a closing solution mark below it, deeper than top level, belongs to it."""
    lines, end = text.splitlines(), node.end_lineno or node.lineno
    while end < len(lines) and (lines[end].startswith(" ") or not lines[end].strip()):
        end += 1
    while not lines[end - 1].strip():
        end -= 1
    return end


def points_of(cells: list[SourceCell]) -> dict[str, float]:
    """Points of every exercise."""
    return {cell.exercise: cell.points for cell in cells if cell.exercise}
