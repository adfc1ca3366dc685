"""Make a course's folder: all that stock nbgrader needs to go on, graded by our engine."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from autograder.build.instructor import make_instructor_notebook, wheel_name
from autograder.build.notebook import as_text
from autograder.errors import CourseError
from autograder.gradebook.config import find_alembic
from autograder.lessons import CHECKOUT, known_lessons, solutions_of
from autograder.releases import AS_KEPT, is_mended, keep
from autograder.root import RELEASED, SOURCE, CourseRoot, open_root

CONFIG = '''"""nbgrader's settings of this course. All of nbgrader's own may be added here."""

from autograder.gradebook.config import configure

c = get_config()  # noqa: F821
c.CourseDirectory.course_id = "vitlab"
configure(c)
'''

IGNORED = """# students' work, grades and the secret stay out of git
secret_seed
gradebook.db
submitted/
autograded/
feedback/
verdicts/
answers/
collected/
returned/
downloaded/
reports/
appeals/
*.zip
*.csv
gradescope/
"""


class InitError(CourseError):
    """The folder cannot become a course; says what to do."""


def init_course(root: Path) -> list[str]:
    """Make a course in an empty or new folder.

    Args:
        root: the folder.

    Returns:
        The assignments that it holds.

    Raises:
        InitError: the folder is not empty, or the vitlab wheel cannot be built.
    """
    root = root.resolve()
    if root.exists() and (not root.is_dir() or any(root.iterdir())):
        raise InitError(f"Expected an empty or new folder. {root} holds something: choose another.")
    root.mkdir(parents=True, exist_ok=True)
    shutil.copy(CHECKOUT / "course.toml", root / "course.toml")
    (root / "nbgrader_config.py").write_text(CONFIG, encoding="utf-8")
    (root / ".gitignore").write_text(IGNORED, encoding="utf-8")
    write_secret(root / "secret_seed")
    wheel = build_wheel(Path(tempfile.mkdtemp(prefix="autograder-wheel-")))
    for assignment in known_lessons():
        add_assignment(CourseRoot(root), assignment, wheel)
    shutil.rmtree(wheel.parent)
    for name in ("submitted", "verdicts"):
        (root / name).mkdir()
    create_gradebook(root)
    return known_lessons()


def write_secret(path: Path) -> None:
    """A new secret seed, readable by its owner only."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(32) + "\n")


def update_course(root: Path) -> dict[str, str]:
    """Bring a course up to this checkout: lessons that are new, and new releases of those that changed.

    Work begun on an earlier release is still graded by that one: its solutions stay in releases/, and its notebooks are
    put beside them. Settings, secret seed, gradebook, hand-ins and notebooks of the teacher's own stay as they are, and
    so does a release whose solutions were changed in the course.

    Args:
        root: a course.

    Returns:
        Assignment to what was done; without those that are up to date.
    """
    done, changed = dict[str, str](), dict[str, str]()
    course = open_root(root)
    wheel = build_wheel(Path(tempfile.mkdtemp(prefix="autograder-wheel-")))
    for assignment in known_lessons():
        new = make_instructor_notebook(assignment, course.settings).metadata.vitlab.release_id
        if not course.source(assignment).is_file():
            done[assignment] = "new"
        elif course.newest(assignment) != new:
            aside = put_aside(course, assignment).relative_to(course.path)
            done[assignment] = f"a new release, {new}. Work begun on the earlier one is graded by {aside}"
        elif course.kept_solutions(assignment, new) != solutions_of(assignment):
            left = renew(course, assignment, new)
            changed[assignment] = left or "the same release, with other bars or shared modules"
    for assignment in done:
        left = add_assignment(course, assignment, wheel)
        done[assignment] += f"; {left}" if left else ""
    shutil.rmtree(wheel.parent)
    return done | changed


def renew(course: CourseRoot, assignment: str, release: str) -> str:
    """Bring the kept solutions of a release up to the checkout's; where they were changed here they stay, which is what
    the words say that come back."""
    folder, today = course.kept_release(assignment, release), solutions_of(assignment)
    kept = course.kept_solutions(assignment, release)
    if kept and kept != today and is_mended(kept, folder):
        changed = f"{folder.relative_to(course.path)} was changed in this course, or {AS_KEPT} is missing there"
        return f"left as it is: {changed}. Delete that folder to take the checkout's"
    keep(today, folder)
    return ""


def put_aside(course: CourseRoot, assignment: str) -> Path:
    """Keep the notebooks of the release that is about to be replaced beside its solutions; the folder."""
    folder = course.kept_release(assignment, course.newest(assignment) or "without-a-mark")
    folder.mkdir(parents=True, exist_ok=True)
    for path, name in ((course.source(assignment), SOURCE), (course.release(assignment), RELEASED)):
        if path.is_file():
            shutil.copy(path, folder / name)
    return folder


def add_assignment(course: CourseRoot, assignment: str, wheel: Path) -> str:
    """The instructor's notebook, the wheel beside it, and a copy of the lesson's solutions under the release's id; what
    `renew` has to say of these."""
    notebook = make_instructor_notebook(assignment, course.settings)
    source = course.source(assignment)
    source.parent.mkdir(parents=True, exist_ok=True)
    source.write_text(as_text(notebook), encoding="utf-8")
    shutil.copy(wheel, source.with_name(wheel.name))
    return renew(course, assignment, notebook.metadata.vitlab.release_id)


def build_wheel(folder: Path, lessons: list[str] | None = None) -> Path:
    """The vitlab wheel, built from the checkout without a network. The same sources give the same bytes.

    Args:
        folder: where to put it.
        lessons: whose public examples it holds; None for all.

    Raises:
        InitError: pip or setuptools refuses; with their words.
    """
    copy = folder / "course"
    ignore = shutil.ignore_patterns("__pycache__", "*.egg-info", "build", "*.ipynb", "lesson.py")
    shutil.copytree(CHECKOUT / "course", copy, ignore=ignore)
    for fixture in (copy / "vitlab/fixtures").glob("*.npz"):
        if lessons is not None and fixture.stem not in lessons:
            fixture.unlink()
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    done = subprocess.run(
        [*command, "--wheel-dir", str(folder), str(copy)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "SOURCE_DATE_EPOCH": "315532800"},  # 1980, the first year that a zip file knows
    )
    wheel = folder / wheel_name()
    if done.returncode or not wheel.is_file():
        raise InitError(f"Expected pip to build {wheel.name}. It said: {done.stderr.strip()[-1500:]}")
    return wheel


def create_gradebook(root: Path) -> None:
    """An empty gradebook, made before several processes could try to make it at once."""
    from nbgrader.api import Gradebook

    find_alembic()
    with Gradebook(f"sqlite:///{root / 'gradebook.db'}", course_id="vitlab"):
        return
