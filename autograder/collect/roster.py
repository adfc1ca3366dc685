"""The class list: which of the gradebook's students is which of the learning system's."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from pathlib import Path

from autograder.collect.systems import Person
from autograder.errors import CourseError

STUDENT_ID = re.compile(r"[^\W_][\w .@'+,()-]{0,98}[\w.@'+,()-]|[^\W_]")


class RosterError(CourseError):
    """The roster cannot be read; names the line."""


@dataclass(frozen=True)
class Student:
    """One line of the roster. `id` is the gradebook's; all else may be empty."""

    id: str
    system_id: str = ""
    """The learning system's number: Canvas's user id, Moodle's participant id, Gradescope's student number."""
    name: str = ""
    email: str = ""
    login: str = ""
    section: str = ""
    submitted_at: str = ""
    """Where the system's download tells no time: when it was handed in, e.g. 2026-03-02 23:10+09:00."""

    @property
    def time(self) -> datetime | None:
        """When it was handed in, if the roster says so."""
        return read_time(self.submitted_at) if self.submitted_at else None


COLUMNS = tuple(field.name for field in fields(Student))


def read_roster(path: Path) -> list[Student]:
    """The students of a CSV file with a column `id` and any of the others; further columns are ignored.

    Raises:
        RosterError: no such file or column, an id that cannot be a folder's name, somebody twice.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeError, csv.Error) as error:
        raise RosterError(f"{path}: expected a CSV file in UTF-8. {error}") from None
    if not rows or "id" not in rows[0]:
        raise RosterError(f"{path}: expected a line with a column `id`, and any of {', '.join(COLUMNS[1:])}.")
    found = [Student(**{name: (row.get(name) or "").strip() for name in COLUMNS}) for row in rows]
    for student in found:
        if not is_student_id(student.id):
            raise RosterError(f"{path}: {student.id!r} cannot be a student's id. Use letters, digits and . _ - @.")
        if student.submitted_at:
            read_time(student.submitted_at)
    for key in ("id", "system_id"):
        twice = [value for value, count in Counter(getattr(one, key) for one in found).items() if value and count > 1]
        if twice:
            raise RosterError(f"{path}: {', '.join(twice)} is there twice as {key}. Keep one line for each student.")
    return found


def read_time(text: str) -> datetime:
    """A time with its zone; without one it is UTC.

    Raises:
        RosterError: it is no time.
    """
    try:
        time = datetime.fromisoformat(text.strip())
    except ValueError:
        raise RosterError(f"Expected a time such as 2026-03-02 23:10+09:00. Received: {text!r}.") from None
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def is_student_id(text: str) -> bool:
    """Whether a text can be a folder's name, on every system, and an id of nbgrader's."""
    return bool(STUDENT_ID.fullmatch(text))


class Directory:
    """Finds students by what a system says of them: its number, else the e-mail, else a name that nobody shares, else
    its number as an id, where the names do not contradict: it may be somebody else's matriculation number."""

    def __init__(self, students: list[Student]) -> None:
        """Nobody is found by an e-mail or a name that two have."""
        self.by_number = {one.system_id: one for one in students if one.system_id}
        emails = Counter(one.email.casefold() for one in students)
        self.by_email = {key: one for one in students if (key := one.email.casefold()) and emails[key] == 1}
        self.by_id = {one.id: one for one in students}
        keys = Counter(key for one in students for key in name_keys(one.name))
        self.by_name = {key: one for one in students for key in name_keys(one.name) if keys[key] == 1}

    def find(self, person: Person) -> Student | None:
        """The student, or None for somebody unknown."""
        found = self.by_number.get(person.system_id) or self.by_email.get(person.email.casefold())
        if not found:
            own = self.by_id.get(person.system_id)
            named = self.by_name.get(squashed(person.name)) or (own if own and may_be(own, person) else None)
            found = named if named and not named.system_id else None
        return found


def may_be(student: Student, person: Person) -> bool:
    """Whether the names agree, as far as both have one."""
    one, other = name_keys(student.name), name_keys(person.name)
    return not one or not other or bool(one & other)


def squashed(name: str) -> str:
    """A name's letters and digits in lower case, as Canvas writes it into file names."""
    return "".join(c for c in unicodedata.normalize("NFC", name).casefold() if c.isalnum())


def name_keys(name: str) -> set[str]:
    """A name in both orders: "Ada Lovelace" and "Lovelace, Ada" are the same."""
    first, comma, last = name.partition(",")
    head, _, tail = name.strip().rpartition(" ")
    return {squashed(name), squashed(last + first if comma else tail + head)} - {""}
