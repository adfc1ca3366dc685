"""Tables for the terminal."""

from __future__ import annotations

from rich.table import Table
from rich.text import Text

from autograder.doctor.examine import Finding
from autograder.grade.verdict import parts_of
from autograder.read.files import printable
from autograder.records import Bar, ExerciseVerdict, Verdict

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
    "✓ right  ◐ partly  ✗ wrong  – missing  ⏱ out of time  ▣ out of memory  ☠ ended early  ⊘ unreadable  ! our fault  "
    "+ an earlier mistake not counted twice"
)


def class_table(verdicts: dict[str, Verdict]) -> Table:
    """One row a student: points, the outcome of each exercise, and the mistakes that were recognised."""
    names = list(parts_of(next(iter(verdicts.values()))))
    told_by_run = any(part.self_reported for verdict in verdicts.values() for part in verdict.exercises.values())
    numbered = "  ".join(f"{i} {name}" for i, name in enumerate(names, start=1))
    title = "The class (scores are self-reported: tests ran beside student code)" if told_by_run else "The class"
    table = Table(title=title, caption=f"{numbered}\n{LEGEND}", caption_justify="left")
    table.add_column("student", no_wrap=True)
    table.add_column("points", justify="right")
    for i in range(len(names)):
        table.add_column(str(i + 1), justify="center")
    table.add_column("recognised mistakes, flags", overflow="fold")
    for student in sorted(verdicts):
        verdict = verdicts[student]
        parts = parts_of(verdict)
        marks = [mark(parts[name]) for name in names]
        table.add_row(Text(printable(student)), f"{verdict.points:g}", *marks, Text(remarks(verdict)))
    return table


def mark(found: ExerciseVerdict) -> Text:
    """The outcome as one coloured sign; + where an earlier mistake was not counted twice."""
    sign, colour = MARKS[found.outcome]
    return Text(sign + ("+" if found.stand_ins else ""), style=colour)


def remarks(verdict: Verdict) -> str:
    """Misconceptions and flags in one line."""
    exercises = enumerate(verdict.exercises.items(), start=1)
    named = [f"{i} {short(found.misconception)}" for i, (_, found) in exercises if found.misconception]
    flags = ("".join(map(printable, flag)) for flag in verdict.flags)  # sign by sign: nothing is cut off
    return "; ".join([*named, *flags])


def short(misconception: str | None) -> str:
    """A misconception's id without its exercise."""
    return (misconception or "").partition(".")[2]


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
