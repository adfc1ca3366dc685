"""nbgrader's Autograde with a careful reader: every submission's folder counts, whatever is in it."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from nbgrader.converters.autograde import Autograde
from nbgrader.converters.base import NbGraderException
from nbgrader.utils import parse_utc

from autograder.grade.kept import fresh_verdicts
from autograder.root import CourseRoot, RootError, open_root


class CourseAutograde(Autograde):  # type: ignore[misc]
    """As nbgrader's, but: scores come from verdicts; a folder without a readable notebook gets its zeros too; no file
    of a student's is copied or followed; a folder without our notebooks is refused instead of getting full marks."""

    @property
    def root(self) -> CourseRoot:
        """The course."""
        try:
            return open_root(Path(self.coursedir.root))
        except RootError as error:
            raise NbGraderException(str(error)) from None

    def init_notebooks(self) -> None:
        """List the submissions, and make sure that each has a verdict that still holds."""
        assignment, wanted = self.coursedir.assignment_id, self.coursedir.student_id
        if not self.root.is_ours(assignment):
            raise self.refusal(
                f"The notebook of '{assignment}' was not made by `autograder init`, so nothing of it can be graded "
                "here. Grade plain nbgrader notebooks in a course of their own."
            )
        students = [name for name in self.root.students(assignment) if wanted in ("*", name)]
        if not students:
            raise self.refusal(f"There is nothing of {wanted!r} in submitted/*/{assignment}.")
        folders = {name: self._format_source(assignment, name) for name in students}
        self.assignments = {folder: [os.path.join(folder, f"{assignment}.ipynb")] for folder in folders.values()}
        self.ensure_verdicts(assignment, students)

    def refusal(self, message: str) -> NbGraderException:
        """The error to raise, after logging it."""
        self.log.error(message)
        return NbGraderException(message)

    def ensure_verdicts(self, assignment: str, students: list[str]) -> None:
        """Grade in a process of its own what has no verdict that still holds: Keras stays out of this one."""
        fresh = fresh_verdicts(self.root, assignment, students, with_faults=True)
        due = [name for name in students if name not in fresh]
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
