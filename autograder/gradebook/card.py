"""An exercise's verdict for people: the same card as in the notebook, with the points."""

from __future__ import annotations

from vitlab.result import AMBER, GREEN, RED, CaseResult, render

from autograder.records import ExerciseVerdict

COLOURS = {"passed": GREEN, "partial": AMBER, "infra_error": AMBER}
WORDS = {
    "passed": "all right",
    "partial": "partly right",
    "failed": "not right yet",
    "missing": "not written",
    "timeout": "stopped: out of time",
    "out_of_memory": "stopped: out of memory",
    "crashed": "ended early",
    "refused": "not readable",
    "infra_error": "not graded: a fault of ours, a person will look",
}


def card_of(grade_id: str, found: ExerciseVerdict) -> str:
    """HTML that reads well on any page; every word of the student's is escaped."""
    name = grade_id.removeprefix("check_")
    mark = " (self-reported)" if found.self_reported else ""
    title = f"{name}: {WORDS[found.outcome]}, {found.points:g} of {found.max_points:g} points{mark}"
    cases = [CaseResult(case.name, case.passed, case.message) for case in found.cases]
    card: str = render(title, cases, stand_in_note(found), found.hint, COLOURS.get(found.outcome, RED))
    return card


def stand_in_note(found: ExerciseVerdict) -> str:
    """Says that an earlier mistake did not count twice."""
    if not found.stand_ins:
        return ""
    names = ", ".join(found.stand_ins)
    return f"Graded with a right version of {names} in place of yours, so that the earlier mistake counts only once."
