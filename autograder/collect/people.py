"""The names of the roster, told to the gradebook: nbgrader's formgrader lists people by them."""

from __future__ import annotations

from collections.abc import Iterable

from autograder.collect.roster import Student
from autograder.gradebook.steps import api_of
from autograder.root import CourseRoot


def introduce(root: CourseRoot, students: Iterable[Student]) -> list[str]:
    """Write names and addresses into the gradebook where it has none; the ids of those who were given any.

    What a teacher has entered there stays. Somebody whom the gradebook does not know yet is added.
    """
    named = [student for student in students if student.name or student.email]
    if not named:
        return []
    told = []
    with api_of(root.path) as api, api.gradebook as book:
        from nbgrader.api import MissingEntry

        for student in named:
            first, last = in_two(student.name)
            wanted = {"first_name": first, "last_name": last, "email": student.email}
            try:
                known = book.find_student(student.id)
            except MissingEntry:
                known = None
            new = {key: value for key, value in wanted.items() if value and not getattr(known, key, None)}
            if new:
                book.update_or_create_student(student.id, **new)
                told.append(student.id)
    return told


def in_two(name: str) -> tuple[str, str]:
    """First and last name: "Ada Lovelace" and "Lovelace, Ada" are the same person; a single name is a last name."""
    last, comma, first = name.partition(",")
    if not comma:
        first, _, last = name.rpartition(" ")
    return first.strip(), last.strip()
