"""From a submission's folder to its cells. Nothing in the file is trusted; identity comes from the path."""

from __future__ import annotations

import hashlib
import json
import os
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from autograder.read.artifacts import Artifacts, read_artifacts
from autograder.read.files import MAX_SHOWN, Refused, TooLarge, printable, read_regular

MAX_NOTEBOOK = 20 * 2**20
GRADE_ID = re.compile(r"^[a-zA-Z0-9_-]{1,100}$")
SAVE_AGAIN = "Open it in Jupyter or Colab, save it again and hand in that file."


@dataclass(frozen=True)
class Cell:
    """One cell of the submitted notebook."""

    label: str
    """How a person finds it: its grade id, or "cell 7"."""
    grade_id: str | None
    kind: str
    source: str


@dataclass(frozen=True)
class Submission:
    """A submission as data. `problem` says why there are no cells to grade; `outcome` what that counts as."""

    student: str
    assignment: str
    cells: tuple[Cell, ...] = ()
    document: dict[str, Any] | None = None
    """The parsed notebook, for showing it to a person."""
    sha256: str = hashlib.sha256(b"").hexdigest()
    release_id: str | None = None
    flags: tuple[str, ...] = ()
    problem: str = ""
    outcome: str = "missing"
    artifacts: Artifacts | None = None
    """The files of the trained item, if the assignment has one."""


def read_with_artifacts(folder: Path, student: str, assignment: str, trained: str, most: int) -> Submission:
    """Read the notebook and, where there is one to grade, the files of the trained item beside it.

    Args:
        folder: of the submission.
        student: whose it is.
        assignment: e.g. "02_multihead".
        trained: name of the training function.
        most: bytes that the weights may have.
    """
    submission = read_submission(folder, student, assignment)
    if submission.problem:
        return submission
    found = read_artifacts(folder, trained, most)
    sha256 = hashlib.sha256(f"{submission.sha256}\0{found.sha256}".encode()).hexdigest()
    return replace(submission, artifacts=found, sha256=sha256, flags=submission.flags + found.flags)


def read_submission(folder: Path, student: str, assignment: str) -> Submission:
    """Read the one notebook of a submission's folder; whatever is wrong becomes a problem in words, never an error."""
    wanted = f"{assignment}.ipynb"
    if folder.is_symlink():
        problem = (
            f"Expected a folder with the file {wanted}. Received: a link to another place. Hand in the file itself."
        )
        return Submission(student, assignment, problem=problem, outcome="refused")
    name, flags, problem = choose(folder, wanted)
    if name is None:
        return Submission(student, assignment, flags=flags, problem=problem)
    try:
        data = read_regular(folder / name, MAX_NOTEBOOK)
    except Refused as error:
        advice = " Clear large outputs and save again." if isinstance(error, TooLarge) else ""
        problem = f"{printable(name)}: {error}{advice}"
        return Submission(student, assignment, flags=flags, problem=problem, outcome="refused")
    sha256 = hashlib.sha256(data).hexdigest()
    try:
        document = parse(data)
        cells = read_cells(document)
    except Refused as error:
        return Submission(
            student, assignment, None or (), None, sha256, None, flags, f"{printable(name)}: {error}", "refused"
        )
    release_id, of_assignment = marks(document)
    if of_assignment not in (None, assignment):
        found = f"{printable(name)} is the notebook of {of_assignment}."
        problem = f"{found} Expected the one of {assignment}: hand in that file."
        return Submission(student, assignment, (), document, sha256, release_id, flags, problem)
    return Submission(student, assignment, cells, document, sha256, release_id, flags)


def choose(folder: Path, wanted: str) -> tuple[str | None, tuple[str, ...], str]:
    """Which file to read, flags, and the problem if there is none.

    The notebook under the assignment's name counts. Without it, a single notebook under another name does (browsers
    write "01_attention (1).ipynb"); more than one would be a guess.
    """
    try:
        names = sorted(entry.name for entry in os.scandir(folder) if not entry.name.startswith("."))
    except OSError:
        return None, (), f"Nothing was handed in. Expected the file {wanted}."
    notebooks = [name for name in names if name.lower().endswith(".ipynb")]
    others = [name for name in notebooks if name != wanted]
    if wanted in notebooks:
        return wanted, tuple(f"ignored: {printable(name)}" for name in others[:MAX_SHOWN]), ""
    if len(others) == 1:
        return others[0], (f"renamed: {printable(others[0])}",), ""
    shown = ", ".join(printable(name) for name in (others or names)[:MAX_SHOWN])
    if others:
        return None, (), f"Expected one notebook, {wanted}. Found {len(others)}: {shown}. Hand in one, under that name."
    found = f" Found: {shown}." if names else ""
    return None, (), f"There is no notebook. Expected the file {wanted}.{found}"


def parse(data: bytes) -> dict[str, Any]:
    """The notebook as a dict in format 4.

    Raises:
        Refused: not UTF-8, not JSON, or not a notebook.
    """
    if not data.strip():
        raise Refused(f"The file is empty. {SAVE_AGAIN}")
    try:
        document: object = json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise Refused(f"Expected UTF-8 text. Byte {error.start} is not. {SAVE_AGAIN}") from None
    except RecursionError:
        raise Refused(f"The JSON is nested too deep for a notebook. {SAVE_AGAIN}") from None
    except ValueError as error:
        reason = getattr(error, "msg", "a number is too long")
        line = getattr(error, "lineno", "?")
        raise Refused(f"Expected JSON. It breaks at line {line}: {reason}. {SAVE_AGAIN}") from None
    if not isinstance(document, dict):
        raise Refused(f"Expected a notebook. Received: JSON that is a {type(document).__name__}. {SAVE_AGAIN}")
    if "cells" not in document and isinstance(document.get("worksheets"), list):
        document = upgrade(document)
    if not isinstance(document.get("cells"), list):
        raise Refused(f"Expected a notebook with cells. Received: JSON without them. {SAVE_AGAIN}")
    return document


def upgrade(document: dict[str, Any]) -> dict[str, Any]:
    """A notebook of format 3 in format 4, by nbformat."""
    import nbformat

    try:
        return dict(nbformat.convert(nbformat.from_dict(document), 4))
    except Exception as error:
        raise Refused(f"An old notebook that cannot be converted ({type(error).__name__}). {SAVE_AGAIN}") from None


def read_cells(document: dict[str, Any]) -> tuple[Cell, ...]:
    """All cells that can be read; a broken one is passed over."""
    cells = []
    for i, cell in enumerate(document["cells"], start=1):
        if not isinstance(cell, dict):
            continue
        source, kind = cell.get("source", ""), cell.get("cell_type")
        if isinstance(source, list):
            source = "".join(part for part in source if isinstance(part, str))
        if isinstance(source, str) and isinstance(kind, str):
            grade_id = grade_id_of(cell)
            cells.append(Cell(grade_id or f"cell {i}", grade_id, kind, source))
    return tuple(cells)


def grade_id_of(cell: dict[str, Any]) -> str | None:
    """The cell's nbgrader id, or None."""
    metadata = cell.get("metadata")
    mark = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    grade_id = mark.get("grade_id") if isinstance(mark, dict) else None
    return grade_id if isinstance(grade_id, str) and GRADE_ID.match(grade_id) else None


def marks(document: dict[str, Any]) -> tuple[str | None, str | None]:
    """(release id, assignment) from the notebook's metadata; a student may have changed both."""
    metadata = document.get("metadata")
    mark = metadata.get("vitlab") if isinstance(metadata, dict) else None
    found = (mark.get("release_id"), mark.get("assignment")) if isinstance(mark, dict) else (None, None)
    release_id, assignment = (value if isinstance(value, str) and GRADE_ID.match(value) else None for value in found)
    return release_id, assignment
