"""A class's scores as plain rows, from the gradebook and what is known of the students in their learning system."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook, MissingEntry

from autograder.collect.collect import ROSTER
from autograder.collect.report import read_record
from autograder.collect.roster import Student, read_roster
from autograder.report.csv_table import harmless


@dataclass(frozen=True)
class Line:
    """One student's scores; None where nothing was handed in."""

    student: Student
    first_name: str = ""
    last_name: str = ""
    scores: dict[str, float | None] = field(default_factory=dict)
    in_roster: bool = False


def neutral(text: str) -> str:
    """A cell that no spreadsheet runs as a formula: names are students' to choose."""
    text = "".join(" " if c in "\r\n\t" and i else c for i, c in enumerate(text))
    bare = text.lstrip(" '\"")
    return text if harmless(bare) == bare else f"'{text}"


def number(score: float | None) -> str:
    """A score with at most two digits after the point; empty where there is none."""
    return "" if score is None else f"{score:.2f}".rstrip("0").rstrip(".")


def collected_students(root: Path) -> dict[str, Student]:
    """Id to what the last collections say of a student; of their numbers, Canvas's only."""
    found: dict[str, Student] = {}
    for path in sorted((root / "collected").glob("*.json")):
        record = read_record(path) or {}
        for row in record.get("rows", ()):
            if row["student"]:
                canvas = row["system_id"] if record.get("system") == "canvas" else ""
                one = Student(row["student"], canvas, row["name"], row["email"])
                found[one.id] = merged(found.get(one.id, one), one)
    return found


def merged(one: Student, other: Student) -> Student:
    """One student from two, field by field: the other's where it is not empty."""
    return Student(**{**vars(one), **{name: value for name, value in vars(other).items() if value}})


def lines_of(gradebook: Gradebook, root: Path, assignments: list[str], wanted: Iterable[str]) -> list[Line]:
    """A line for each student of the gradebook, or for the wanted ones, in the order of their ids."""
    known, chosen = collected_students(root), set(wanted)
    roster = {one.id: one for one in read_roster(root / ROSTER)} if (root / ROSTER).is_file() else {}
    known |= {name: merged(known.get(name, one), one) for name, one in roster.items()}
    lines = []
    for one in sorted(gradebook.students, key=lambda one: str(one.id)):
        if not chosen or one.id in chosen:
            student = merged(Student(one.id, email=one.email or ""), known.get(one.id, Student(one.id)))
            first, last = names_of(one, student)
            scores = {name: score_of(gradebook, name, one.id) for name in assignments}
            lines.append(Line(student, first, last, scores, one.id in roster))
    return lines


def names_of(one: Any, student: Student) -> tuple[str, str]:
    """First and last name, from the gradebook or else the roster."""
    if one.first_name or one.last_name:
        return one.first_name or "", one.last_name or ""
    head, comma, tail = student.name.partition(",")
    if comma:
        return tail.strip(), head.strip()
    first, _, last = student.name.rpartition(" ")
    return first, last


def score_of(gradebook: Gradebook, assignment: str, student: str) -> float | None:
    """The score after late penalties, as nbgrader's own export has it; None where nothing was handed in."""
    try:
        submission = gradebook.find_submission(assignment, student)
    except MissingEntry:
        return None
    return max(0.0, float(submission.score) - float(submission.late_submission_penalty or 0.0))


def write_csv(path: Path, rows: list[list[str]]) -> None:
    """A CSV file, quoted where needed."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
