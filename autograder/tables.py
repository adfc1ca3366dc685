"""Tables for the terminal."""

from __future__ import annotations

from rich.table import Table
from rich.text import Text

from autograder.doctor.examine import Finding
from autograder.grade.verdict import parts_of
from autograder.records import Bar, ExerciseVerdict, Verdict
from autograder.verify import Row, named_share

MARKS = {
    "passed": ("✓", "green"),
    "partial": ("◐", "yellow"),
    "failed": ("✗", "red"),
    "missing": ("–", "bright_black"),
    "timeout": ("⏱", "red"),
    "out_of_memory": ("▣", "red"),
    "crashed": ("☠", "red"),
    "refused": ("⊘", "red"),
    "infra_error": ("!", "magenta"),
}

LEGEND = (
    "✓ right  ◐ partly  ✗ wrong  – missing  ⏱ out of time  ☠ ended early  ⊘ unreadable  ! our fault  "
    "+ an earlier mistake not counted twice"
)


def class_table(verdicts: dict[str, Verdict]) -> Table:
    """One row a student: points, the outcome of each exercise, and the mistakes that were recognised."""
    names = list(parts_of(next(iter(verdicts.values()))))
    numbered = "  ".join(f"{i} {name}" for i, name in enumerate(names, start=1))
    table = Table(title="The class", caption=f"{numbered}\n{LEGEND}", caption_justify="left")
    table.add_column("student", no_wrap=True)
    table.add_column("points", justify="right")
    for i in range(len(names)):
        table.add_column(str(i + 1), justify="center")
    table.add_column("recognised mistakes, flags", overflow="fold")
    for student in sorted(verdicts):
        verdict = verdicts[student]
        parts = parts_of(verdict)
        marks = [mark(parts[name]) for name in names]
        table.add_row(Text(student), f"{verdict.points:g}", *marks, Text(remarks(verdict)))
    return table


def mark(found: ExerciseVerdict) -> Text:
    """The outcome as one coloured sign; + where an earlier mistake was not counted twice."""
    sign, colour = MARKS[found.outcome]
    return Text(sign + ("+" if found.stand_ins else ""), style=colour)


def remarks(verdict: Verdict) -> str:
    """Misconceptions and flags in one line."""
    exercises = enumerate(verdict.exercises.items(), start=1)
    named = [f"{i} {short(found.misconception)}" for i, (_, found) in exercises if found.misconception]
    return "; ".join([*named, *verdict.flags])


def short(misconception: str | None) -> str:
    """A misconception's id without its exercise."""
    return (misconception or "").partition(".")[2]


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


def matrix_summary(rows: list[Row]) -> str:
    """The counts that matter."""
    variants = [row for row in rows if row.kind == "variant"]
    accepted = [row for row in rows if row.kind == "accepted"]
    caught = sum(row.outcome != "passed" for row in variants)
    wrongly = sum(not row.fine and row.named is not None for row in rows)
    passed = sum(row.outcome == "passed" for row in accepted)
    untaught = [row for row in rows if row.kind == "trained"]
    nothing = sum(row.fine for row in untaught)
    tail = f", weights without the training that earn nothing {nothing} of {len(untaught)}" if untaught else ""
    return (
        f"caught {caught} of {len(variants)}, named {named_share(rows):.0%}, wrongly named {wrongly}, "
        f"references and accepted ones passed {passed} of {len(accepted)}{tail}"
    )


def doctor_table(findings: list[Finding]) -> Table:
    """One row an attack: whether the sandbox held, and what stopped it."""
    table = Table(title="Attacks on this machine's sandbox, tried just now")
    for heading in ("student code", "", "what stopped it, or what got through"):
        table.add_column(heading)
    for found in findings:
        mark = Text("✓ held", "green") if found.holds else Text("✗ GOT THROUGH", "bold red")
        table.add_row(found.attack, mark, Text(found.how))
    return table


def bars_table(bars: list[Bar]) -> Table:
    """One row a bar: what was measured, and what follows for points."""
    table = Table(title="Bars")
    for column in ("item", "data set", "budget", "seeds", "mean", "sd", "baseline", "no marks at", "full marks at"):
        table.add_column(column)
    for bar in bars:
        numbers = (f"{bar.mean:.4f}", f"{bar.sd:.4f}", bar.baseline, f"{bar.zero_at:.4f}", f"{bar.full_marks_at:.4f}")
        table.add_row(bar.item, bar.dataset, bar.budget, str(bar.seeds), *numbers)
    return table
