"""A course's folder (ROOT): where things lie in it, and what is read from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import CourseError
from autograder.grade.rules import Rules
from autograder.lessons import kept_solutions
from autograder.read.files import Refused, read_regular
from autograder.read.notebook import Submission, parse, read_cells, read_submission, read_with_artifacts
from autograder.records import TRAINED, Limits
from autograder.releases import Solutions
from autograder.settings import Settings, read_settings

MAX_RELEASE = 50 * 2**20
SOURCE, RELEASED = "source.ipynb", "released.ipynb"
"""In a kept release's folder: the instructor's notebook and the students', once a newer release has replaced them."""


class RootError(CourseError):
    """The folder is not a course made by `autograder init`, or a step is missing; says which command to run."""


@dataclass(frozen=True)
class CourseRoot:
    """Paths and settings of one course."""

    path: Path

    @property
    def settings(self) -> Settings:
        """The course's course.toml."""
        return read_settings(self.path / "course.toml")

    @property
    def secret(self) -> str:
        """The secret seed of the hidden inputs."""
        try:
            return (self.path / "secret_seed").read_text(encoding="ascii").strip()
        except OSError:
            raise RootError(f"{self.path} has no secret_seed. Expected a course made by `autograder init`.") from None

    def source(self, assignment: str) -> Path:
        """The instructor's notebook."""
        return self.path / "source" / assignment / f"{assignment}.ipynb"

    def release(self, assignment: str) -> Path:
        """The notebook that nbgrader's generate_assignment made for students."""
        return self.path / "release" / assignment / f"{assignment}.ipynb"

    def submission(self, assignment: str, student: str) -> Path:
        """The folder of what a student handed in."""
        return self.path / "submitted" / student / assignment

    def verdict(self, assignment: str, student: str) -> Path:
        """The file of a student's verdict."""
        return self.path / "verdicts" / assignment / f"{student}.json"

    def report(self, assignment: str) -> Path:
        """The page of the class report."""
        return self.path / "reports" / f"{assignment}.html"

    def kept(self, assignment: str, student: str) -> Path:
        """The file of what a student's code returned, so that it need not run again."""
        return self.path / "answers" / assignment / f"{student}.npz"

    def reader(self, assignment: str) -> Callable[[str], Submission]:
        """A function from a student to what they handed in; whatever is wrong with it becomes a problem in words."""
        trained, most = self.trained(assignment), self.settings.weights_mb * 2**20

        def read(student: str) -> Submission:
            folder = self.submission(assignment, student)
            if trained:
                return read_with_artifacts(folder, student, assignment, trained, most)
            return read_submission(folder, student, assignment)

        return read

    def students(self, assignment: str) -> list[str]:
        """Everybody who handed something in, in alphabetical order."""
        folders = (self.path / "submitted").glob(f"*/{assignment}")
        return sorted(folder.parent.name for folder in folders if not folder.parent.name.startswith("."))

    def points(self, assignment: str) -> dict[str, float]:
        """Points of every exercise, from the instructor's notebook."""
        found = {}
        for cell in self.load(self.source(assignment), f"Expected the assignment {assignment} in source/.")["cells"]:
            mark = cell.get("metadata", {}).get("nbgrader", {})
            name = str(mark.get("grade_id", ""))
            if mark.get("grade") and not mark.get("solution") and name.startswith("check_"):
                found[name.removeprefix("check_")] = float(mark["points"])
        return found

    def trained(self, assignment: str) -> str | None:
        """The name of the assignment's trained item, or None."""
        found = self.load(self.source(assignment), f"Expected the assignment {assignment} in source/.")["metadata"]
        name: str | None = found.get("vitlab", {}).get(TRAINED)
        return name

    def is_ours(self, assignment: str) -> bool:
        """Whether the assignment's notebook was made by `autograder init`; others are plain nbgrader notebooks."""
        return self.source(assignment).is_file() and not self.is_plain(assignment)

    def is_plain(self, assignment: str) -> bool:
        """Whether the assignment is a plain nbgrader notebook of the teacher's own."""
        path = self.source(assignment)
        return path.is_file() and "vitlab" not in self.load(path, "").get("metadata", {})

    def newest(self, assignment: str) -> str | None:
        """Id of the newest release; None where the instructor's notebook has no mark."""
        found = self.load(self.source(assignment), f"Expected the assignment {assignment} in source/.")["metadata"]
        name: str | None = found.get("vitlab", {}).get("release_id")
        return name

    def kept_release(self, assignment: str, release: str) -> Path:
        """The folder of what the course keeps of a release."""
        return self.path / "releases" / assignment / release

    def kept_solutions(self, assignment: str, release: str) -> Solutions | None:
        """A release's cases, reference and so on, or None where they are not kept."""
        return kept_solutions(assignment, self.kept_release(assignment, release))

    def kept_stubs(self, assignment: str, release: str) -> dict[str, str]:
        """The stubs of an older release; none where its notebook is not kept."""
        path = self.kept_release(assignment, release) / RELEASED
        return stubs_in(self.load(path, "")) if path.is_file() else {}

    def rules(self, assignment: str) -> Rules:
        """What decides a verdict beside the lesson."""
        document = self.load(self.release(assignment), f"Run `nbgrader generate_assignment {assignment}` first.")
        settings = self.settings
        releases = {folder.name for folder in (self.path / "releases" / assignment).glob("*") if folder.is_dir()}
        points = self.points(assignment)
        seconds = settings.seconds_per_exercise * len(points.keys() - {TRAINED})
        seconds += settings.seconds_trained if TRAINED in points else 0.0
        return Rules(
            self.secret,
            settings.seconds_per_exercise,
            settings.hints,
            stubs_in(document),
            frozenset(releases),
            settings.seconds_per_submission or seconds,
            settings.seconds_trained,
            self.limits(),
            self.newest(assignment),
        )

    def limits(self) -> Limits:
        """What a child may use."""
        settings = self.settings
        memory, disk, returned = int(settings.memory_gb * 2**30), settings.disk_mb * 2**20, settings.returned_mb * 2**20
        return Limits(memory, settings.processes, disk, returned)

    def load(self, path: Path, advice: str) -> dict:  # type: ignore[type-arg]
        """A notebook of the instructor's own, as a dict.

        Raises:
            RootError: it is missing or broken; with the advice.
        """
        try:
            return parse(read_regular(path, MAX_RELEASE))
        except Refused as error:
            raise RootError(f"{path}: {error} {advice}") from None


def stubs_in(document: dict) -> dict[str, str]:  # type: ignore[type-arg]
    """Exercise to stub, from a released notebook."""
    return {cell.grade_id: cell.source for cell in read_cells(document) if cell.grade_id}


def open_root(path: Path) -> CourseRoot:
    """The course in a folder.

    Raises:
        RootError: there is none.
    """
    path = path.resolve()
    if not (path / "nbgrader_config.py").is_file() or not (path / "secret_seed").is_file():
        raise RootError(f"{path} is not a course. Make one with `autograder init {path}`, or name one with --root.")
    return CourseRoot(path)
