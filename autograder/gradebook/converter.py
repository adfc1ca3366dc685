"""nbgrader's Autograde with a careful reader: every submission's folder counts, whatever is in it."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from nbconvert.writers.files import FilesWriter
from nbgrader.converters.autograde import Autograde
from nbgrader.converters.base import NbGraderException
from nbgrader.utils import parse_utc

from autograder.errors import CourseError
from autograder.grade.kept import Look, kept_verdicts
from autograder.gradebook.database import one_gradebook
from autograder.root import CourseRoot, RootError, open_root


class CourseAutograde(Autograde):  # type: ignore[misc]
    """As nbgrader's, but: scores come from verdicts; a folder without a readable notebook gets its zeros too; no file
    of a student's is copied or followed; a folder without our notebooks is refused instead of getting full marks."""

    look: Look | None = None
    """Finds the kept verdict of a student."""

    @property
    def root(self) -> CourseRoot:
        """The course."""
        try:
            return open_root(Path(self.coursedir.root))
        except RootError as error:
            raise NbGraderException(str(error)) from None

    def start(self) -> None:
        """As nbgrader's, with the gradebook opened once."""
        with one_gradebook():
            super().start()

    def init_notebooks(self) -> None:
        """List the submissions, and make sure that each has a verdict that still holds."""
        assignment, wanted = self.coursedir.assignment_id, self.coursedir.student_id
        self.require_known(assignment)
        self.list_notebooks(assignment, [name for name in self.root.students(assignment) if wanted in ("*", name)])

    def require_known(self, assignment: str) -> None:
        """Refuse an assignment that is not this course's."""
        path = self.root.source(assignment)
        if not path.is_file():
            raise self.refusal(f"Expected the teacher's notebook of '{assignment}' in {path}. There is no such file.")

    def list_notebooks(self, assignment: str, students: list[str]) -> None:
        """One notebook for each student, whatever their folder holds; grade what has no verdict that still holds."""
        if not students:
            raise self.refusal(f"There is nothing of {self.coursedir.student_id!r} in submitted/*/{assignment}.")
        folders = {name: self._format_source(assignment, name) for name in students}
        self.assignments = {folder: [os.path.join(folder, f"{assignment}.ipynb")] for folder in folders.values()}
        self.ensure_verdicts(assignment, students)

    def refusal(self, message: str) -> NbGraderException:
        """The error to raise, after logging it."""
        self.log.error(message)
        return NbGraderException(message)

    def ensure_verdicts(self, assignment: str, students: list[str]) -> None:
        """Grade in a process of its own what has no verdict that still holds: Keras stays out of this one."""
        try:
            look = self.look or kept_verdicts(self.root, assignment)
        except CourseError as error:
            raise self.refusal(str(error)) from None
        due = [name for name in students if look(name) is None]
        if not due:
            return
        command = [
            sys.executable,
            "-m",
            "autograder",
            "grade",
            assignment,
            "--root",
            str(self.root.path),
            "--verdicts-only",
        ]
        for name in due:
            command += ["--student", name]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode not in (0, 3):
            raise self.refusal(f"The autograder could not start: {done.stderr.strip()[-2000:]}")

    def init_assignment(self, assignment_id: str, student_id: str) -> None:
        """As nbgrader's, without copying any file of the student's."""
        with self.nothing_copied():
            super().init_assignment(assignment_id, student_id)

    @contextmanager
    def nothing_copied(self) -> Any:
        """Within the block nbgrader ignores all files beside the notebook: links in a submission are never followed."""
        kept = self.coursedir.ignore
        self.coursedir.ignore = ["*"]
        self.coursedir.get_existing_timestamp = self.timestamp_of
        try:
            yield
        finally:
            self.coursedir.ignore = kept
            del self.coursedir.get_existing_timestamp

    def timestamp_of(self, folder: str) -> Any:
        """The time of collection in a folder's timestamp.txt; one that cannot be read counts as none."""
        path = Path(folder, "timestamp.txt")
        try:
            text = path.read_text(encoding="utf-8").strip() if path.is_file() and not path.is_symlink() else ""
            return parse_utc(text) if text else None
        except (OSError, ValueError, OverflowError) as error:
            self.log.warning("%s is no time (%s): the submission counts as handed in without one", path, error)
            return None


class BatchAutograde(CourseAutograde):
    """The same for one student after the other: what does not change between them is made once. Leaves the working
    directory alone, so that other threads may go on; hooks of nbgrader's find it as it is."""

    def __init__(self, assignment: str, **kwargs: Any) -> None:
        """Read and make what all students share.

        Raises:
            NbGraderException: the assignment is not this course's.
        """
        super().__init__(**kwargs)
        self.force = self.create_student = True
        self.coursedir.assignment_id = assignment
        self.require_known(assignment)
        self.look = kept_verdicts(self.root, assignment)
        self.writer = FilesWriter(parent=self, config=self.config)

    def start(self) -> None:
        """Save the student of `coursedir.student_id`."""
        assignment, student = self.coursedir.assignment_id, self.coursedir.student_id
        known = os.path.lexists(self.root.submission(assignment, student))
        self.list_notebooks(assignment, [student] if known else [])
        self.exporter = self.exporter_class(parent=self, config=self.config)  # one for all would remember them all
        self.convert_notebooks()
