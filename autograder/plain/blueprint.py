"""What a plain assignment's gradebook and source folder say: which cells are locked, which are tests, their points."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from autograder.errors import CourseError
from autograder.grade.rules import Rules
from autograder.read.files import Refused, read_regular
from autograder.root import CourseRoot

MAX_FILES = 64 * 2**20
ENGINE = ("read", "run", "grade", "plain")


class NotPlain(CourseError):
    """The assignment cannot be graded as a plain nbgrader notebook; says what to do."""


@dataclass(frozen=True)
class Mark:
    """A cell of the teacher's that nbgrader knows, as generate_assignment stored it: with its hidden tests."""

    grade_id: str
    source: str
    is_code: bool
    locked: bool
    points: float | None
    """Of a test, whose outcome is its score; None for solutions, hand-graded and read-only cells."""


@dataclass(frozen=True)
class Blueprint:
    """All that decides how a plain notebook is run and scored, beside the submission."""

    assignment: str
    marks: tuple[Mark, ...]
    """In the order of the teacher's notebook."""
    files: tuple[tuple[str, bytes], ...] = ()
    """What lies beside the teacher's notebook: data, modules."""

    @property
    def points(self) -> dict[str, float]:
        """Points of each test."""
        return {mark.grade_id: mark.points for mark in self.marks if mark.points is not None}

    @property
    def fingerprint(self) -> str:
        """Hash of all this and of the engine."""
        digest = hashlib.sha256(engine().encode() + repr(self.marks).encode())
        for name, content in self.files:
            digest.update(f"{name}\0{len(content)}\0".encode() + content)
        return digest.hexdigest()


@cache
def engine() -> str:
    """Hash of the modules that read, run and score."""
    digest = hashlib.sha256()
    for folder in ENGINE:
        for file in sorted((Path(__file__).parent.parent / folder).glob("*.py")):
            digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def blueprint_of(root: CourseRoot, assignment: str) -> Blueprint:
    """Read an assignment's cells from the gradebook. Imports nbgrader, which takes seconds.

    Raises:
        NotPlain: it has other notebooks than ASSIGNMENT.ipynb, was not released yet, or its files are too large.
    """
    folder = root.source(assignment).parent
    names = sorted(path.name for path in folder.glob("*.ipynb"))
    if names != [f"{assignment}.ipynb"]:
        raise NotPlain(
            f"Expected one notebook in {folder}: {assignment}.ipynb. Found: {', '.join(names) or 'none'}. "
            "An assignment of several notebooks is not graded here: make each an assignment of its own."
        )
    return Blueprint(assignment, marks_of(root, assignment), files_beside(folder))


def marks_of(root: CourseRoot, assignment: str) -> tuple[Mark, ...]:
    """The cells that nbgrader knows."""
    from nbgrader.api import MissingEntry

    from autograder.gradebook.steps import api_of

    with api_of(root.path) as api, api.gradebook as gradebook:
        try:
            found = gradebook.find_notebook(assignment, assignment)
        except MissingEntry:
            raise NotPlain(f"Run `nbgrader generate_assignment {assignment}` first.") from None
        hand_graded = {cell.name for cell in found.solution_cells}
        points = {cell.name: float(cell.max_score) for cell in found.grade_cells if cell.name not in hand_graded}
        return tuple(
            Mark(cell.name, cell.source or "", cell.cell_type == "code", bool(cell.locked), points.get(cell.name))
            for cell in found.source_cells
        )


def files_beside(folder: Path) -> tuple[tuple[str, bytes], ...]:
    """The teacher's other files, which the sandbox shows to the notebook too."""
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix not in (".ipynb", ".whl")]
    shown = [path for path in paths if not any(part.startswith((".", "__")) for part in path.relative_to(folder).parts)]
    try:
        files = tuple((path.relative_to(folder).as_posix(), read_regular(path, MAX_FILES)) for path in shown)
    except Refused as error:
        raise NotPlain(f"A file in {folder} cannot be read: {error}") from None
    if sum(len(content) for _, content in files) > MAX_FILES:
        raise NotPlain(f"Expected at most {MAX_FILES // 2**20} MB of files in {folder}. Put larger ones elsewhere.")
    return files


def rules_of(root: CourseRoot, blueprint: Blueprint) -> Rules:
    """The course's rules for it: the whole notebook has the time of its tests, and of one exercise more."""
    settings = root.settings
    seconds = settings.seconds_per_submission or settings.seconds_per_exercise * (len(blueprint.points) + 1)
    return Rules(root.secret, settings.seconds_per_exercise, False, seconds_in_all=seconds, limits=root.limits())
