"""Why a person should look at a submission."""

from __future__ import annotations

from collections.abc import Mapping

from autograder.grade.verdict import parts_of
from autograder.records import Verdict
from autograder.report.records import Look

WORTH_A_LOOK = {
    "timeout": "never ended, or took too long",
    "crashed": "ended its process",
    "out_of_memory": "used up its memory",
    "refused": "cannot be read",
    "infra_error": "could not be graded, for reasons of ours: grade again",
}


def reasons_for(verdict: Verdict) -> list[str]:
    """Ends that are not plain wrong answers, and flags."""
    parts = parts_of(verdict)
    outcomes = {part.outcome for part in parts.values()}
    if outcomes == {"refused"}:
        found = ["the file cannot be read: ask for it again"]
    elif outcomes == {"infra_error"}:
        found = [f"the whole submission {WORTH_A_LOOK['infra_error']}"]
    elif outcomes == {"missing"}:
        found = ["nothing was written: does this student need help to begin?"]
    else:
        found = [f"{name}: {WORTH_A_LOOK[p.outcome]}" for name, p in parts.items() if p.outcome in WORTH_A_LOOK]
    return found + list(verdict.flags)


def looks_of(verdicts: Mapping[str, Verdict]) -> tuple[Look, ...]:
    """The students worth a look, in alphabetical order."""
    found = {student: tuple(reasons_for(verdict)) for student, verdict in sorted(verdicts.items())}
    return tuple(Look(student, reasons) for student, reasons in found.items() if reasons)
