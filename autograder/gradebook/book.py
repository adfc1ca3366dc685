"""The gradebook of a class that is being graded: each student's scores go in while others are still at work."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from importlib import import_module

from autograder.gradebook.steps import StepFailed, gradebook_writer, not_saved
from autograder.root import CourseRoot


class Book:
    """The one writer of a course's gradebook; opened when there is something to write."""

    def __init__(self, root: CourseRoot, assignment: str, stack: ExitStack, importing: threading.Thread) -> None:
        """Nothing is opened yet.

        Args:
            root: the course.
            assignment: e.g. "01_attention".
            stack: closes the gradebook in the end.
            importing: imports nbgrader, whose modules import one another: two threads at once get half of them.
        """
        self.root, self.assignment, self.stack, self.importing = root, assignment, stack, importing
        self.write: Callable[[str], None] | None = None
        self.reasons: dict[str, str] = {}

    def save(self, student: str) -> None:
        """Bring a student's verdict into the gradebook; one that nbgrader cannot hold stops nobody else."""
        if self.write is None:
            self.importing.join()
            self.write = self.stack.enter_context(gradebook_writer(self.root, self.assignment))
        try:
            self.write(student)
        except StepFailed as error:
            self.reasons[student] = str(error)

    def tell(self) -> None:
        """Say whose scores are missing.

        Raises:
            NotSaved: names them, and why.
        """
        if self.reasons:
            raise not_saved(self.reasons)


@contextmanager
def open_book(root: CourseRoot, assignment: str) -> Iterator[Book]:
    """A course's gradebook. nbgrader, which takes seconds to import, is imported while the workers start."""
    importing = threading.Thread(target=import_module, args=("autograder.gradebook.converter",), daemon=True)
    importing.start()
    with ExitStack() as stack:
        yield Book(root, assignment, stack, importing)
    importing.join()
