"""The gradebook of a class that is being graded: each student's scores go in while others are still at work."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from queue import SimpleQueue

from autograder.gradebook.steps import StepFailed, gradebook_writer, not_saved
from autograder.root import CourseRoot
from autograder.run.lean import absent

END = None
FORMATS = "rfc3987_syntax"
"""With it jsonschema tells internet addresses from other texts. Notebooks have none; it takes half a second."""


class Book:
    """The one writer of a course's gradebook, in a thread of its own: whoever hands out work never waits for it."""

    def __init__(self, root: CourseRoot, assignment: str, saved: Callable[[], None]) -> None:
        """Nothing is opened yet.

        Args:
            root: the course.
            assignment: e.g. "01_attention".
            saved: called after each student.
        """
        self.root, self.assignment, self.saved = root, assignment, saved
        self.waiting: SimpleQueue[str | None] = SimpleQueue()
        self.reasons: dict[str, str] = {}
        self.failure: BaseException | None = None
        self.thread = threading.Thread(target=self.write_all, daemon=True)

    def save(self, student: str) -> None:
        """Bring a student's verdict into the gradebook soon.

        Raises:
            BaseException: what has ended the writer.
        """
        if self.failure:
            raise self.failure
        self.waiting.put(student)

    def write_all(self) -> None:
        """Write until there is nothing more to come; one whom nbgrader cannot hold stops nobody else."""
        try:
            students = iter(self.waiting.get, END)
            first = next(students, None)
            if first is None:
                return
            with absent(FORMATS):
                import_module("autograder.gradebook.converter")  # not before: workers that start need the cores
            with gradebook_writer(self.root, self.assignment) as write:
                self.write(write, first)
                for student in students:
                    self.write(write, student)
        except BaseException as error:
            self.failure = error

    def write(self, write: Callable[[str], None], student: str) -> None:
        """Write one student."""
        try:
            write(student)
        except StepFailed as error:
            self.reasons[student] = str(error)
        self.saved()

    def finish(self) -> None:
        """Wait until everything is written.

        Raises:
            BaseException: what has ended the writer.
        """
        self.waiting.put(END)
        self.thread.join()
        if self.failure:
            raise self.failure

    def tell(self) -> None:
        """Say whose scores are missing.

        Raises:
            NotSaved: names them, and why.
        """
        if self.reasons:
            raise not_saved(self.reasons)


@contextmanager
def open_book(root: CourseRoot, assignment: str, saved: Callable[[], None] = lambda: None) -> Iterator[Book]:
    """A course's gradebook; at the end of the block everything is in it."""
    book = Book(root, assignment, saved)
    book.thread.start()
    try:
        yield book
    finally:
        book.finish()
