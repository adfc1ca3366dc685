"""nbgrader's gradebook, opened once for many students instead of nine times for each."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from nbgrader.api import Gradebook
from nbgrader.converters import Autograde
from nbgrader.preprocessors import AssignLatePenalties, GetGrades, OverwriteCells, OverwriteKernelspec, SaveAutoGrades

within = threading.local()
"""A thread's open gradebooks by address, while it is within `one_gradebook`."""


class OpenGradebook(Gradebook):  # type: ignore[misc]
    """As nbgrader's, but a `with` block ends by writing what it changed and forgetting what it read; the file stays
    open. What a block changes reaches the file together or, when it fails, not at all."""

    def __init__(self, db_url: str, course_id: str) -> None:
        """Open the file."""
        super().__init__(db_url, course_id)
        self.courses = {course_id}
        self.db.commit = self.db.flush  # nbgrader commits after each score

    def use(self, course_id: str) -> None:
        """Be the gradebook of this course: nbgrader's steps open it under two names."""
        if course_id not in self.courses:
            self.check_course(course_id)
            self.db().commit()
            self.courses.add(course_id)
        self.course_id = course_id

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        """Commit, or take back when the block failed; nothing of a student's stays in memory."""
        try:
            if kind is None:
                self.db().commit()
        finally:
            self.db.remove()

    def close(self) -> None:
        """Close the file."""
        self.db.remove()
        self.engine.dispose()


@contextmanager
def one_gradebook() -> Iterator[None]:
    """Within the block, and in this thread, nbgrader's steps find the gradebook open, once it was opened."""
    if hasattr(within, "kept"):
        yield
        return
    within.kept = {}
    try:
        yield
    finally:
        for gradebook in within.kept.values():
            gradebook.close()
        del within.kept


def open_gradebook(db_url: str, course_id: str = "default_course") -> Gradebook:
    """What nbgrader's steps call in place of its class Gradebook: the open one, or a new one as ever."""
    if not hasattr(within, "kept"):
        return Gradebook(db_url, course_id)
    if db_url not in within.kept:
        within.kept[db_url] = OpenGradebook(db_url, course_id)
    found = within.kept[db_url]
    found.use(course_id)
    return found


def install_gradebook() -> None:
    """Let nbgrader's steps of autograde and feedback open their gradebook here; nbgrader has no trait for it."""
    for step in (Autograde, OverwriteKernelspec, OverwriteCells, SaveAutoGrades, AssignLatePenalties, GetGrades):
        sys.modules[step.__module__].Gradebook = open_gradebook  # type: ignore[attr-defined]
