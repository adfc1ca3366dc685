"""autograder collect: from an archive to submitted/, and a report of everybody."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from autograder.collect.choose import choose
from autograder.collect.report import Report, Row, as_data, earlier_rows, record_file
from autograder.collect.roster import Directory, Student, is_student_id, read_roster
from autograder.collect.store import store
from autograder.collect.systems import SYSTEMS, Person, Piece, is_noise
from autograder.collect.unpack import Refusal, open_archive
from autograder.errors import CourseError
from autograder.grade.verdict import write_whole
from autograder.read.files import printable
from autograder.root import CourseRoot

ROSTER = "roster.csv"
UNKNOWN = "not in the roster: add a line for them, or their system_id to the line they have, then collect again"
BAD_ID = "cannot be a folder's name: give an id in the roster"
NO_NOTEBOOK = "there is no notebook to grade"
EARLIER = "not in this download; what was collected before stays"
TWICE = "two people of the archive are this student in the roster: write their system_id there"


class CollectError(CourseError):
    """Nothing can be collected this way; says what to do."""


@dataclass(frozen=True)
class Class:
    """Who is expected, and until when."""

    students: list[Student]
    due: datetime | None = None
    extensions: dict[str, float] | None = None
    """Student to extra days."""
    known_only: bool = False
    """Whether the students come from a roster, so that anybody else is unknown."""
    own_ids: bool = False
    """Whether the archive may name students by the gradebook's ids, whatever else the roster says of them."""

    def is_late(self, student: str, time: datetime | None) -> bool:
        """Whether a time is after the due date with the student's extension; unknown times are not."""
        days = float((self.extensions or {}).get(student, 0))
        return bool(self.due and time and time > self.due + timedelta(days=days))


def collect(
    root: CourseRoot,
    archive: Path,
    assignment: str,
    system: str,
    roster: Path | None = None,
    due: datetime | None = None,
    enrolled: tuple[str, ...] = (),
) -> Report:
    """Bring an archive's submissions into submitted/. What is bad in it stops nothing else.

    Args:
        root: the course.
        archive: a system's bulk download: a zip, or the folder it was unpacked to.
        assignment: e.g. "01_attention".
        system: canvas, moodle, gradescope or plain.
        roster: CSV of the class; None for roster.csv in the course, if there is one.
        due: when the submissions were due; None for unknown.
        enrolled: ids of those who are expected, where there is no roster.

    Raises:
        CollectError: no such system or assignment.
        ArchiveError: the archive as a whole cannot be read. RosterError: the roster cannot.
    """
    if system not in SYSTEMS:
        raise CollectError(f"Expected a format of {', '.join(SYSTEMS)}. Received: {system}.")
    if not root.source(assignment).is_file():
        raise CollectError(f"Expected an assignment of {root.path / 'source'}. Received: {assignment}.")
    course = replace(class_of(root, roster, due, enrolled), own_ids=system == "plain")
    with open_archive(archive) as (entries, refusals):
        pieces, nobodys = SYSTEMS[system]([entry for entry in entries if not is_noise(entry.name)])
        rows = list(rows_of(root, assignment, group(pieces), course))
    here, before = {row.student for row in rows}, earlier_rows(root, assignment, system)
    rows += [missing(one, before.get(one.id, {})) for one in course.students if one.id not in here]
    strays = [Refusal(printable(one.file), one.reason) for one in [*refusals, *nobodys]]
    report = Report(assignment, system, tuple(sorted(rows, key=lambda row: (row.student, row.name))), tuple(strays))
    text = json.dumps(as_data(report), indent=1, ensure_ascii=False) + "\n"
    write_whole(record_file(root, assignment), text.encode(errors="backslashreplace"))
    return report


def class_of(root: CourseRoot, roster: Path | None, due: datetime | None, enrolled: tuple[str, ...]) -> Class:
    """The class from the roster; without one, those who are enrolled and those who handed in anything before."""
    path = roster or root.path / ROSTER
    extensions = root.settings.extensions
    if roster or path.is_file():
        return Class(read_roster(path), due, extensions, known_only=True)
    before = {folder.name for folder in (root.path / "submitted").glob("*") if is_student_id(folder.name)}
    return Class([Student(name) for name in sorted(before | set(enrolled))], due, extensions)


def group(pieces: list[Piece]) -> list[list[Piece]]:
    """The pieces of each person, by the system's id; of those to whom it gives none, by the name."""
    found: dict[tuple[str, str], list[Piece]] = {}
    for piece in pieces:
        person = piece.person
        found.setdefault((person.system_id, "" if person.system_id else person.name), []).append(piece)
    return list(found.values())


def rows_of(root: CourseRoot, assignment: str, people: list[list[Piece]], course: Class) -> Iterable[Row]:
    """Store each person's submission; one row for each. Two who are one student in the roster are both refused."""
    directory = Directory(course.students)
    found = [student_of(pieces[0].person, directory, course) for pieces in people]
    ids = [student.id for student in found if student]
    for pieces, student in zip(people, found, strict=True):
        person = pieces[0].person
        row = Row("", "unknown", person.system_id, printable(person.name), printable(person.email))
        if student is None:
            known = course.known_only or is_student_id(person.system_id)
            yield replace(row, note=UNKNOWN if known else BAD_ID)
        elif ids.count(student.id) > 1:
            yield replace(row, student=student.id, outcome="refused", note=TWICE)
        else:
            yield safely_stored(root, assignment, pieces, student, replace(row, student=student.id), course)


def student_of(person: Person, directory: Directory, course: Class) -> Student | None:
    """The student that a person is; without a roster, the system's own id is the student's."""
    if course.known_only:
        own = directory.by_id.get(person.system_id) if course.own_ids else None
        return own or directory.find(person)
    return Student(person.system_id) if is_student_id(person.system_id) else None


def safely_stored(
    root: CourseRoot, assignment: str, pieces: list[Piece], student: Student, row: Row, course: Class
) -> Row:
    """The row of a student; should even our own code fail on a submission, all others go on."""
    try:
        return stored(root, assignment, pieces, student, row, course)
    except Exception as error:
        logging.getLogger(__name__).exception("Collecting the submission of %r failed.", student.id)
        return replace(row, outcome="refused", note=f"could not be collected ({type(error).__name__}): see the log")


def stored(root: CourseRoot, assignment: str, pieces: list[Piece], student: Student, row: Row, course: Class) -> Row:
    """Choose what counts, store it, and say what was done."""
    newest = max(pieces, key=lambda piece: piece.attempt)
    chosen = choose(pieces, assignment, root.settings.weights_mb * 2**20)
    time = newest.time or student.time
    late = newest.late or any(piece.late for piece in pieces) or course.is_late(student.id, time)
    outcome = store(root.submission(assignment, student.id), chosen.files, time) if chosen.files else "refused"
    notes = [] if chosen.files else [NO_NOTEBOOK]
    if late and not time:
        notes.append("the system says late, but not how late: put submitted_at into the roster for late penalties")
    return row_of(
        student,
        replace(
            row,
            outcome=outcome,
            submitted_at=time.isoformat(" ", "seconds") if time else None,
            late=late,
            source=chosen.sources.get(f"{assignment}.ipynb", ""),
            renamed=tuple(chosen.renamed),
            repeated=tuple(chosen.repeated),
            ignored=tuple(chosen.ignored),
            refused=tuple(chosen.refused),
            note="; ".join(notes),
        ),
    )


def missing(student: Student, before: dict[str, Any]) -> Row:
    """The row of a student of whom the archive holds nothing; where their earlier work came from stays noted."""
    number, source = before.get("system_id") or "", before.get("source") or ""
    return row_of(student, Row(student.id, "missing", number, source=source, note=EARLIER if source else ""))


def row_of(student: Student, row: Row) -> Row:
    """A row with what the roster knows."""
    return replace(
        row,
        system_id=row.system_id or student.system_id,
        name=student.name or row.name,
        email=student.email or row.email,
    )
