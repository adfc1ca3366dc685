"""Build everything that students may see, in the checkout: notebooks and fixtures under course/."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from autograder.build.fixtures import fixture_of, same_fixture
from autograder.build.inputs import RECORD, record_of
from autograder.build.instructor import lesson_points, make_instructor_notebook
from autograder.build.leaks import check_release
from autograder.build.notebook import as_text, student_notebook
from autograder.lessons import CHECKOUT, known_lessons, load_lesson, solution_folder
from autograder.settings import read_settings


@dataclass(frozen=True)
class Built:
    """One lesson's files, not yet written: path to content."""

    assignment: str
    files: dict[Path, bytes]


def build_lesson(assignment: str, whole: bool = False) -> Built:
    """The student's notebook, the fixture of a lesson, and the record of what it was built from.

    Args:
        assignment: e.g. "01_attention".
        whole: build the fixture even where the record says that its sources have not changed.
    """
    settings = read_settings(CHECKOUT / "course.toml")
    notebook = make_instructor_notebook(assignment, settings)
    points = lesson_points(assignment)
    path = CHECKOUT / "course/vitlab/fixtures" / f"{assignment}.npz"
    folder = solution_folder(assignment)
    record = partial(record_of, CHECKOUT, folder.name, sorted(points))
    fixture = committed(path)
    if whole or committed(folder / RECORD) != record(fixture):
        fresh = fixture_of(load_lesson(assignment, points))
        fixture = fixture if same_fixture(fixture, fresh) else fresh
    return Built(
        assignment,
        {
            CHECKOUT / "course" / assignment / f"{assignment}.ipynb": as_text(student_notebook(notebook)).encode(),
            path: fixture,
            folder / RECORD: record(fixture),
        },
    )


def committed(path: Path) -> bytes:
    """A file's content; nothing where there is no such file."""
    return path.read_bytes() if path.is_file() else b""


def build_lessons(assignments: list[str], whole: bool) -> Iterator[Built]:
    """Several lessons side by side, each in a process of its own; in order."""
    if len(assignments) < 2:
        yield from (build_lesson(assignment, whole) for assignment in assignments)
        return
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        yield from pool.map(partial(build_lesson, whole=whole), assignments)


def build(assignments: list[str] | None = None, whole: bool = False) -> list[Path]:
    """Write all lessons' files; a fixture that only differs by rounding is left as it is.

    Returns:
        The files that changed.

    Raises:
        Leak: a file would hold an answer; nothing of that lesson is written.
    """
    changed = []
    for built in build_lessons(assignments or known_lessons(), whole):
        refuse_leaks(built)
        for path in stale(built):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(built.files[path])
            changed.append(path)
    return changed


def check(assignments: list[str] | None = None, whole: bool = False) -> list[Path]:
    """The committed files that are stale, after looking for leaks in what would be released."""
    found = []
    for built in build_lessons(assignments or known_lessons(), whole):
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
    return [path for path, content in built.files.items() if committed(path) != content]
