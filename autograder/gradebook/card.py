"""An exercise's verdict for people: the card in the feedback page, and the same as text. No Keras, no nbgrader."""

from __future__ import annotations

from html import escape

from autograder.records import CaseVerdict, ExerciseVerdict

GREEN, RED, AMBER = "#1a7f37", "#c5221f", "#9a6700"
COLOURS = {"passed": GREEN, "partial": AMBER, "infra_error": AMBER}
WORDS = {
    "passed": "all right",
    "partial": "partly right",
    "failed": "not right yet",
    "missing": "missing",
    "timeout": "stopped: out of time",
    "out_of_memory": "stopped: out of memory",
    "crashed": "ended early",
    "refused": "not readable",
    "infra_error": "not graded: a fault of ours, a person will look",
}


def card_of(grade_id: str, found: ExerciseVerdict) -> str:
    """HTML that reads well on any page; every word of the student's is escaped."""
    colour = COLOURS.get(found.outcome, RED)
    name = grade_id.removeprefix("check_")
    head = f"{name}: {WORDS[found.outcome]}, {found.points:g} of {found.max_points:g} points"
    notes = stand_in_note(found) + hint_note(found)
    return (
        f'<div style="border-left:4px solid {colour};padding:.4em .9em;margin:.4em 0;max-width:52em;line-height:1.45">'
        f"<b>{escape(head)}</b>{''.join(line(case) for case in found.cases)}{notes}</div>"
    )


def line(case: CaseVerdict) -> str:
    """One case; a failed one says what differed."""
    mark, colour = ("✓", GREEN) if case.passed else ("✗", RED)
    message = f'<div style="margin-left:1.5em"><code>{escape(case.message)}</code></div>' if case.message else ""
    return f'<div><b style="color:{colour}">{mark}</b> {escape(case.name)}{message}</div>'


def hint_note(found: ExerciseVerdict) -> str:
    """The hint of the recognised mistake."""
    return f'<div style="margin-top:.5em"><b>Hint.</b> {escape(found.hint)}</div>' if found.hint else ""


def stand_in_note(found: ExerciseVerdict) -> str:
    """Says that an earlier mistake did not count twice."""
    if not found.stand_ins:
        return ""
    names = ", ".join(found.stand_ins)
    text = f"Graded with a right version of {names} in place of yours, so that the earlier mistake counts only once."
    return f'<div style="margin-top:.5em">{escape(text)}</div>'


def text_of(found: ExerciseVerdict) -> str:
    """The same in plain text, for a terminal."""
    failed = [case for case in found.cases if not case.passed]
    first = f"; {failed[0].name}: {failed[0].message}" if failed else ""
    hint = f" Hint: {found.hint}" if found.hint else ""
    return f"{WORDS[found.outcome]}, {found.points:g} of {found.max_points:g}{first}.{hint}"
