"""Build everything that students may see, in the checkout: notebooks and fixtures under course/."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from autograder.build.fixtures import fixture_of, same_fixture
from autograder.build.leaks import check_release
from autograder.build.lesson import points_of, read_lesson
from autograder.build.notebook import as_text, instructor_notebook, student_notebook
from autograder.lessons import CHECKOUT, known_lessons, load_lesson, solution_folder
from autograder.settings import Settings, read_settings


@dataclass(frozen=True)
class Built:
    """One lesson's files, not yet written: path to content."""

    assignment: str
    files: dict[Path, bytes]


def build_lesson(assignment: str) -> Built:
    """The student's notebook and the fixture of a lesson."""
    settings = read_settings(CHECKOUT / "course.toml")
    notebook = make_instructor_notebook(assignment, settings)
    points = points_of(read_lesson(lesson_source(assignment), CHECKOUT / "solutions"))
    return Built(
        assignment,
        {
            CHECKOUT / "course" / assignment / f"{assignment}.ipynb": as_text(student_notebook(notebook)).encode(),
            CHECKOUT / "course/vitlab/fixtures" / f"{assignment}.npz": fixture_of(load_lesson(assignment, points)),
        },
    )


def make_instructor_notebook(assignment: str, settings: Settings):  # type: ignore[no-untyped-def]
    """The notebook with solutions, from the lesson's source."""
    cells = read_lesson(lesson_source(assignment), CHECKOUT / "solutions")
    return instructor_notebook(assignment, cells, settings.url, wheel_name(), hash_of(solution_folder(assignment)))


def lesson_source(assignment: str) -> Path:
    """The lesson's percent-format source."""
    return CHECKOUT / "course" / assignment / "lesson.py"


def hash_of(folder: Path) -> str:
    """Hash of all Python files of a folder."""
    digest = hashlib.sha256()
    for file in sorted(folder.glob("*.py")):
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def wheel_name() -> str:
    """File name of the vitlab wheel, from its version."""
    text = (CHECKOUT / "course/pyproject.toml").read_text(encoding="utf-8")
    found = re.search(r'^version = "(.+)"$', text, re.MULTILINE)
    if not found:
        raise ValueError('Expected a line `version = "..."` in course/pyproject.toml.')
    return f"vitlab-{found[1]}-py3-none-any.whl"


def build(assignments: list[str] | None = None) -> list[Path]:
    """Write all lessons' files; a fixture that only differs by rounding is left as it is.

    Returns:
        The files that changed.

    Raises:
        Leak: a file would hold an answer; nothing of that lesson is written.
    """
    changed = []
    for assignment in assignments or known_lessons():
        built = build_lesson(assignment)
        refuse_leaks(built)
        for path in stale(built):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(built.files[path])
            changed.append(path)
    return changed


def check(assignments: list[str] | None = None) -> list[Path]:
    """The committed files that are stale, after looking for leaks in what would be released."""
    found = []
    for assignment in assignments or known_lessons():
        built = build_lesson(assignment)
        refuse_leaks(built)
        found += stale(built)
    return found


def refuse_leaks(built: Built) -> None:
    """Look through a lesson's files and the whole student package for answers."""
    files = {str(path.relative_to(CHECKOUT)): content for path, content in built.files.items()}
    files |= {str(path.relative_to(CHECKOUT)): path.read_bytes() for path in (CHECKOUT / "course/vitlab").rglob("*.py")}
    check_release(files, CHECKOUT / "solutions")


def stale(built: Built) -> list[Path]:
    """The files that are missing or differ from what the sources give now."""
    return [path for path, content in built.files.items() if not path.is_file() or not fresh(path, content)]


def fresh(path: Path, content: bytes) -> bool:
    """Whether a committed file is what the sources give now."""
    committed = path.read_bytes()
    if path.suffix == ".npz":
        return committed == content or same_fixture(committed, content)
    return committed == content
