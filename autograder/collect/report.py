"""What a collection did: one row for each student, as data and as a table."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rich.table import Table
from rich.text import Text

from autograder.collect.unpack import Refusal
from autograder.root import CourseRoot

STYLES = {"refused": "red", "unknown": "red", "missing": "bright_black", "kept": "yellow"}


@dataclass(frozen=True)
class Row:
    """One student."""

    student: str
    """The gradebook's id; "" for somebody whom the roster does not know."""
    outcome: str
    """collected, replaced, unchanged, kept (what lies there is newer), refused, unknown or missing."""
    system_id: str = ""
    name: str = ""
    email: str = ""
    submitted_at: str | None = None
    late: bool = False
    source: str = ""
    """The name in the archive of what the notebook was taken from."""
    renamed: tuple[str, ...] = ()
    repeated: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    refused: tuple[Refusal, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Report:
    """A whole archive."""

    assignment: str
    system: str
    rows: tuple[Row, ...]
    refused: tuple[Refusal, ...]
    """Files that are nobody's."""

    def of(self, *outcomes: str) -> list[Row]:
        """The rows with these outcomes."""
        return [row for row in self.rows if row.outcome in outcomes]


def record_file(root: CourseRoot, assignment: str) -> Path:
    """Where the last collection of an assignment is noted, for sending feedback back the same way."""
    return root.path / "collected" / f"{assignment}.json"


def as_data(report: Report) -> dict[str, Any]:
    """The report as plain values."""
    return {"schema": 1, **asdict(report)}


def read_record(path: Path) -> dict[str, Any] | None:
    """What was noted, or None."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return content if isinstance(content, dict) and content.get("schema") == 1 else None


def earlier_rows(root: CourseRoot, assignment: str, system: str) -> dict[str, dict[str, Any]]:
    """Student to the row of the last collection from the same system."""
    record = read_record(record_file(root, assignment)) or {}
    rows = record.get("rows", ()) if record.get("system") == system else ()
    return {row["student"]: row for row in rows if row["student"]}


def collected_table(report: Report) -> Table:
    """One row a student; what a teacher should know in the last column."""
    table = Table(title=f"{report.assignment} from {report.system}")
    for column in ("student", "outcome", "handed in", "notes"):
        table.add_column(column, overflow="fold")
    for row in report.rows:
        student = row.student or f"{row.name} ({row.system_id})"
        when = (row.submitted_at or "") + (" LATE" if row.late else "")
        table.add_row(Text(student), Text(row.outcome, STYLES.get(row.outcome, "")), Text(when.strip()), notes(row))
    for refusal in report.refused:
        table.add_row("", Text("refused", "red"), "", Text(f"{refusal.file}: {refusal.reason}"))
    return table


def notes(row: Row) -> Text:
    """A row's remarks."""
    found = [row.note] if row.note else []
    found += [f"{word}: {', '.join(names)}" for word, names in words(row) if names]
    found += [f"refused {refusal.file}: {refusal.reason}" for refusal in row.refused]
    return Text("; ".join(found))


def words(row: Row) -> list[tuple[str, tuple[str, ...]]]:
    """The lists of a row under the words for them."""
    return [("renamed", row.renamed), ("older", row.repeated), ("ignored", row.ignored)]


def summary(report: Report) -> str:
    """The counts that matter, in one line."""
    new = len(report.of("collected", "replaced"))
    late, twice = sum(row.late for row in report.rows), sum(bool(row.repeated) for row in report.rows)
    return (
        f"{new} new, {len(report.of('unchanged', 'kept'))} as before, {len(report.of('missing'))} missing, "
        f"{late} late, {twice} with something twice, {len(report.of('refused', 'unknown'))} refused or unknown"
    )
