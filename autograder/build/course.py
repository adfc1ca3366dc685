"""Build everything that students may see, in the checkout: notebooks and fixtures under course/."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from autograder.build.fixtures import fixture_of, same_fixture
from autograder.build.instructor import lesson_points, make_instructor_notebook
from autograder.build.leaks import check_release
from autograder.build.notebook import as_text, student_notebook
from autograder.lessons import CHECKOUT, known_lessons, load_lesson
from autograder.settings import read_settings


@dataclass(frozen=True)
class Built:
    """One lesson's files, not yet written: path to content."""

    assignment: str
    files: dict[Path, bytes]


def build_lesson(assignment: str) -> Built:
    """The student's notebook and the fixture of a lesson."""
    settings = read_settings(CHECKOUT / "course.toml")
    notebook = make_instructor_notebook(assignment, settings)
    points = lesson_points(assignment)
    return Built(
        assignment,
        {
            CHECKOUT / "course" / assignment / f"{assignment}.ipynb": as_text(student_notebook(notebook)).encode(),
            CHECKOUT / "course/vitlab/fixtures" / f"{assignment}.npz": fixture_of(load_lesson(assignment, points)),
        },
    )


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
