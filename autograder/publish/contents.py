"""What a public course holds: released notebooks with badges, the syllabus, and a vitlab wheel."""

from __future__ import annotations

import re
import tempfile
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import nbformat

from autograder.build.address import raw_address
from autograder.build.init import build_wheel
from autograder.build.instructor import make_instructor_notebook, wheel_name
from autograder.build.leaks import check_release
from autograder.build.notebook import as_text, moved, student_notebook
from autograder.errors import CourseError
from autograder.lessons import CHECKOUT, UnknownLesson, known_lessons
from autograder.root import CourseRoot
from autograder.settings import Settings, read_settings

LINK = re.compile(r"\[([^\]]*)\]\(([0-9]{2}_\w+)/[^)]*\)")


class PublishError(CourseError):
    """The course cannot be published; says what to do."""


def public_files(through: str, url: str, root: CourseRoot | None = None) -> dict[str, bytes]:
    """Path to content of each file of the public course.

    Args:
        through: the last lesson that it holds, e.g. "04_vit"; "" for those that course.toml lists as released.
        url: where it will lie; "" for the address in course.toml.
        root: the course whose releases are published; without one, the checkout's own notebooks are.

    Raises:
        UnknownLesson: there is no such lesson.
        PublishError: no address, no lesson, a notebook that is missing or stale.
        Leak: a file would hold an answer, or the course's secret seed.
    """
    settings = read_settings((root.path if root else CHECKOUT) / "course.toml")
    lessons = lessons_of(through, settings)
    address = raw_address(url or settings.url)
    if not address:
        raise PublishError("Expected the public course's address: --url, or url in course.toml. Received: none.")
    files = {wheel_name(): wheel_of(lessons), "README.md": syllabus(lessons, address).encode()}
    for name in lessons:
        notebook = released(name, settings, root)
        files[f"{name}/{name}.ipynb"] = as_text(moved(notebook, name, address, wheel_name())).encode()
    check_release(looked_through(files), CHECKOUT / "solutions", root.secret if root else "")
    return files


def lessons_of(through: str, settings: Settings) -> list[str]:
    """The lessons to publish, in order.

    Raises:
        UnknownLesson: one that is named does not exist; a name that only sorts last would publish everything.
    """
    known = known_lessons()
    for name in (through,) if through else settings.released:
        if name not in known:
            raise UnknownLesson(f"Expected one of {', '.join(known)}. Received: {name}.")
    found = [name for name in known if (name <= through if through else name in settings.released)]
    if not found:
        raise PublishError("Expected lessons to publish: --through, or released in course.toml. Received: none.")
    return found


def released(assignment: str, settings: Settings, root: CourseRoot | None) -> Any:
    """The notebook that students get.

    Raises:
        PublishError: it is missing, or not what its source gives now.
    """
    path = root.release(assignment) if root else CHECKOUT / "course" / assignment / f"{assignment}.ipynb"
    if not path.is_file():
        step = f"nbgrader generate_assignment {assignment}" if root else f"autograder build {assignment}"
        raise PublishError(f"Expected the released notebook {path}. There is none: run `{step}` first.")
    text = path.read_text(encoding="utf-8")
    if not root and text != as_text(student_notebook(make_instructor_notebook(assignment, settings))):
        raise PublishError(f"{path} is not what its source gives now. Run `autograder build {assignment}` first.")
    notebook = nbformat.reads(text, as_version=4)
    if root and notebook.metadata.get("vitlab", {}).get("release_id") != root.newest(assignment):
        raise PublishError(
            f"Expected the newest release of {assignment}. {path} is another one. Run "
            f"`nbgrader generate_assignment {assignment} --force` first."
        )
    return notebook


def wheel_of(lessons: list[str]) -> bytes:
    """A vitlab wheel with the public examples of these lessons only."""
    with tempfile.TemporaryDirectory(prefix="autograder-wheel-") as folder:
        return build_wheel(Path(folder), lessons).read_bytes()


def syllabus(lessons: list[str], address: str) -> str:
    """The course's README, with links to what is there only, and a line for those who work without Colab."""
    text = (CHECKOUT / "course/README.md").read_text(encoding="utf-8")
    text = LINK.sub(lambda found: found[0] if found[2] in lessons else found[1], text)
    install = f"pip install {address}/{wheel_name()}"
    return f"{text.rstrip()}\n\n**On your own computer** `vitlab` is installed with\n\n```\n{install}\n```\n"


def looked_through(files: dict[str, bytes]) -> dict[str, bytes]:
    """The files as the leak check reads them: a wheel is its members."""
    found: dict[str, bytes] = {}
    for name, content in files.items():
        if name.endswith(".whl"):
            with zipfile.ZipFile(BytesIO(content)) as wheel:
                found |= {f"{name}/{member}": wheel.read(member) for member in wheel.namelist()}
        else:
            found[name] = content
    return found
