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

FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Line:
    """One student's scores; None where nothing was handed in."""

    student: Student
    first_name: str = ""
    last_name: str = ""
    scores: dict[str, float | None] = field(default_factory=dict)


def neutral(text: str) -> str:
    """A cell that no spreadsheet runs as a formula: names are students' to choose."""
    text = "".join(" " if c in "\r\n\t" and i else c for i, c in enumerate(text))
    return f"'{text}" if text.lstrip(" '\"").startswith(FORMULA) or text.startswith(FORMULA) else text


def number(score: float | None) -> str:
    """A score with at most two digits after the point; empty where there is none."""
    return "" if score is None else f"{score:.2f}".rstrip("0").rstrip(".")


def known_students(root: Path) -> dict[str, Student]:
    """Id to what the roster, else the last collections, say of a student."""
    found: dict[str, Student] = {}
    for path in sorted((root / "collected").glob("*.json")):
        for row in (read_record(path) or {}).get("rows", ()):
            if row["student"]:
                found[row["student"]] = Student(row["student"], row["system_id"], row["name"], row["email"])
    if (root / ROSTER).is_file():
        found |= {one.id: one for one in read_roster(root / ROSTER)}
    return found


def lines_of(gradebook: Gradebook, root: Path, assignments: list[str], wanted: Iterable[str]) -> list[Line]:
    """A line for each student of the gradebook, or for the wanted ones, in the order of their ids."""
    known, chosen = known_students(root), set(wanted)
    lines = []
    for one in sorted(gradebook.students, key=lambda one: str(one.id)):
        if not chosen or one.id in chosen:
            student = known.get(one.id, Student(one.id))
            student = Student(**{**vars(student), "email": student.email or one.email or ""})
            first, last = names_of(one, student)
            scores = {name: score_of(gradebook, name, one.id) for name in assignments}
            lines.append(Line(student, first, last, scores))
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
