"""What verify found, as data and as a table for a terminal."""

from __future__ import annotations

from dataclasses import dataclass

from rich.table import Table


@dataclass(frozen=True)
class Row:
    """What the engine made of one answer."""

    id: str
    exercise: str
    kind: str
    outcome: str
    share: float
    named: str | None
    fine: bool
    reason: str = ""
    """Why a right answer did not pass, or a known mistake was not named."""


def named_share(rows: list[Row]) -> float:
    """The share of distinct variants that were named as themselves."""
    variants = [row for row in rows if row.kind == "variant"]
    return sum(row.named is not None for row in variants) / max(1, len(variants))


def matrix_table(assignment: str, rows: list[Row]) -> Table:
    """The matrix of verify."""
    table = Table(title=f"verify {assignment}")
    for column in ("exercise", "answer", "kind", "outcome", "points", "named as"):
        table.add_column(column, justify="right" if column == "points" else "left")
    for row in rows:
        style = "" if row.fine else "bold red"
        name = row.id.removeprefix(f"{row.exercise}.")
        named = (row.named or "").removeprefix(f"{row.exercise}.")
        table.add_row(row.exercise, name, row.kind, row.outcome, f"{row.share:.0%}", named, style=style)
    return table


def reasons(rows: list[Row]) -> list[str]:
    """What to mend, one line each."""
    return [f"{row.exercise}, {row.id.removeprefix(f'{row.exercise}.')}: {row.reason}" for row in rows if row.reason]


def matrix_summary(rows: list[Row]) -> str:
    """The counts that matter."""
    variants = [row for row in rows if row.kind == "variant"]
    accepted = [row for row in rows if row.kind == "accepted"]
    caught = sum(row.outcome != "passed" for row in variants)
    wrongly = sum(not row.fine and row.named is not None for row in rows)
    passed = sum(row.outcome == "passed" for row in accepted)
    untaught = [row for row in rows if row.kind == "trained"]
    nothing = sum(row.fine for row in untaught)
    tail = f", weights without the training kept from its points {nothing} of {len(untaught)}" if untaught else ""
    return (
        f"caught {caught} of {len(variants)}, named {named_share(rows):.0%}, wrongly named {wrongly}, "
        f"references and accepted ones passed {passed} of {len(accepted)}{tail}"
    )
