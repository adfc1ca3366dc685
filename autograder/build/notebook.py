"""From a lesson's cells to the instructor's notebook, and from that to the student's."""

from __future__ import annotations

import copy
import hashlib
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.build.address import colab_address, raw_address
from autograder.build.lesson import SourceCell, trained_in

OPEN, DOWNLOAD = "Open in Colab", "This notebook in the public course"
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}

INSTALL = """# Run this cell first. It installs vitlab, the package of checks and plots, where it is missing or too old.
# Whenever something seems odd, run `!python -m vitlab` in a cell: it says what is in order, and how to mend the rest.
import importlib.util
import os
import subprocess
import sys
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # TensorFlow's notes on hardware are not about your code
COURSE_URL = "{url}"

found = importlib.util.find_spec("vitlab")
if not found or not Path(found.origin).with_name("fixtures").joinpath("{assignment}.npz").is_file():
    beside = sorted(Path(".").glob("vitlab-*.whl"))
    if beside:
        source = str(beside[-1])
    elif COURSE_URL:
        source = COURSE_URL + "/{wheel}"
    elif Path("../vitlab/checking.py").is_file():
        source = ".."
    else:
        raise FileNotFoundError(
            "Put {wheel} from your course beside this notebook, then run this cell again."
        )
    pip = [sys.executable, "-m", "pip", "--quiet"]
    if found:
        subprocess.run([*pip, "uninstall", "--yes", "vitlab"], check=True)
    subprocess.run([*pip, "install", source], check=True)"""


def instructor_notebook(assignment: str, cells: list[SourceCell], url: str, wheel: str, solution_hash: str) -> Any:
    """The notebook with solutions and nbgrader's marks.

    Args:
        assignment: e.g. "01_attention".
        cells: of the lesson's source.
        url: where the public course lies, or "" for none yet.
        wheel: file name of the vitlab wheel.
        solution_hash: of the lesson's solutions; with the cells it makes the release's id.
    """
    first = markdown_cell(cells[0].source)
    body = [made for cell in cells[1:] for made in notebook_cells(cell)]
    notebook = new_notebook(cells=[*badge(assignment, url), first, install_cell(assignment, url, wheel), *body])
    text = "\0".join([solution_hash, *(cell.source for cell in notebook.cells)])
    mark = {
        "assignment": assignment,
        "built_from": f"course/{assignment}/lesson.py",
        "release_id": hashlib.sha256(text.encode()).hexdigest()[:16],
    }
    trained = trained_in(cells)
    mark |= {"trained": trained} if trained else {}
    metadata = {"kernelspec": KERNEL, "language_info": {"name": "python"}, "vitlab": mark}
    notebook.metadata = nbformat.from_dict(metadata)
    give_ids(notebook)
    return notebook


def badge(assignment: str, url: str) -> list[Any]:
    """The cell with the "Open in Colab" badge, where the public course lies on GitHub; elsewhere one with a link to
    the notebook; none without an address."""
    base, path = raw_address(url), f"{assignment}/{assignment}.ipynb"
    if not base:
        return []
    colab = colab_address(base, path)
    if not colab:
        return [markdown_cell(f"[{DOWNLOAD}]({base}/{path})")]
    return [markdown_cell(f"[![{OPEN}](https://colab.research.google.com/assets/colab-badge.svg)]({colab})")]


def install_cell(assignment: str, url: str, wheel: str) -> Any:
    """The cell that installs vitlab from the public course, unless one with this lesson's checks is there."""
    return code_cell(INSTALL.format(assignment=assignment, url=raw_address(url), wheel=wheel))


def moved(notebook: Any, assignment: str, url: str, wheel: str) -> Any:
    """A built notebook of a course that lies elsewhere: other badge, other install cell, all else as it was.

    Args:
        notebook: the student's or the instructor's.
        assignment: e.g. "01_attention".
        url: where the public course lies.
        wheel: file name of the vitlab wheel.
    """
    made = copy.deepcopy(notebook)
    first = INSTALL.partition("\n")[0]
    old = made.cells[0].source
    body = made.cells[1:] if old.startswith((f"[![{OPEN}]", f"[{DOWNLOAD}]")) else made.cells
    body = [install_cell(assignment, url, wheel) if cell.source.startswith(first) else cell for cell in body]
    made.cells = [*badge(assignment, url), *body]
    give_ids(made)
    return made


def notebook_cells(cell: SourceCell) -> list[Any]:
    """One source cell becomes one notebook cell; an exercise becomes its solution cell and its graded check.

    A trained item's check stands where the lesson puts it: after the cell that trains and saves.
    """
    if cell.exercise:
        solution = code_cell(cell.source, mark(cell.exercise, solution=True))
        check = code_cell(
            f"check({cell.exercise})", mark(f"check_{cell.exercise}", grade=True, locked=True, points=cell.points)
        )
        return [solution, check]
    if cell.trained:
        return [code_cell(cell.source, mark(cell.trained, solution=True))]
    if cell.check_trained:
        return [code_cell(cell.source, mark("check_trained", grade=True, locked=True, points=cell.points))]
    if cell.question:
        return [markdown_cell(cell.source, mark(cell.question, grade=True, solution=True, points=cell.points))]
    return [markdown_cell(cell.source) if cell.kind == "markdown" else code_cell(cell.source)]


def mark(grade_id: str, **given: Any) -> dict[str, Any]:
    """nbgrader's metadata of a cell, schema 3."""
    flags = {"grade": False, "locked": False, "solution": False, "task": False, "schema_version": 3}
    return {**flags, "grade_id": grade_id, **given}


def code_cell(source: str, nbgrader: dict[str, Any] | None = None) -> Any:
    """A code cell without outputs."""
    return new_code_cell(source, metadata={"nbgrader": nbgrader} if nbgrader else {})


def markdown_cell(source: str, nbgrader: dict[str, Any] | None = None) -> Any:
    """A markdown cell."""
    return new_markdown_cell(source, metadata={"nbgrader": nbgrader} if nbgrader else {})


def give_ids(notebook: Any) -> None:
    """Cell ids that follow from the content, so that the same text gives the same bytes."""
    used: set[str] = set()
    for cell in notebook.cells:
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
        name = grade_id or "c-" + hashlib.sha256(cell.source.encode()).hexdigest()[:10]
        while name in used:
            name += "-2"
        used.add(name)
        cell.id = name


def student_notebook(notebook: Any) -> Any:
    """What nbgrader's generate_assignment makes of the instructor's notebook, without a gradebook."""
    from nbgrader import preprocessors

    made = copy.deepcopy(notebook)
    resources: dict[str, Any] = {}
    for name in ("LockCells", "ClearSolutions", "ClearOutput", "CheckCellMetadata", "ComputeChecksums"):
        made, resources = getattr(preprocessors, name)().preprocess(made, resources)
    for name in ("ClearHiddenTests", "ClearMarkScheme", "ComputeChecksums", "CheckCellMetadata"):
        made, resources = getattr(preprocessors, name)().preprocess(made, resources)
    return made


def as_text(notebook: Any) -> str:
    """The notebook's file, as nbformat writes it."""
    return str(nbformat.writes(notebook)) + "\n"
