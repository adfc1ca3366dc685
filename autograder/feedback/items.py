"""From a graded notebook to the records of its page: pure functions."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from markupsafe import Markup

from autograder.feedback.prose import code, prose
from autograder.feedback.records import Cell, Figure, Item, Page
from autograder.grade.verdict import READABLE_CASE, read_exercise
from autograder.gradebook.card import WORDS, stand_in_note
from autograder.gradebook.markdown import Pictures
from autograder.gradebook.preprocessors import VERDICT
from autograder.gradebook.presentable import PICTURES, is_picture, joined, plain
from autograder.records import TRAINED, ExerciseVerdict, Outcome

STATES: dict[Outcome, str] = {
    "passed": "right",
    "partial": "partly",
    "failed": "wrong",
    "missing": "empty",
    "infra_error": "waiting",
}
NAMES = {TRAINED: "The trained model"}


def page_of(nb: Any, marks: dict[str, Any]) -> Page:
    """The records of a page.

    Args:
        nb: the graded notebook, after `CourseGrades`.
        marks: `resources["nbgrader"]`: student, score, max_score, late_penalty.
    """
    cells = list(nb.cells)
    places = [i for i, cell in enumerate(cells) if is_graded(cell)]
    figures = figures_of(cells)
    starts = [start_of(cells, places, k) for k in range(len(places))]
    ends = [*starts[1:], len(cells)]
    items = tuple(
        item_of(cells, place, starts[k], [f for i in range(starts[k], ends[k]) for f in figures.get(i, ())])
        for k, place in enumerate(places)
    )
    owner = {i: items[k].id for k in range(len(places)) for i in range(starts[k], places[k] + 1)}
    return Page(
        title_of(cells, marks["notebook"]),
        marks["student"],
        float(marks["score"]),
        float(marks["max_score"]),
        float(marks["late_penalty"]),
        problem_of(items),
        items,
        tuple(f for i in range(min(starts, default=len(cells))) for f in figures.get(i, ())),
        tuple(shown_cell(cell, figures.get(i, ()), owner.get(i, "")) for i, cell in enumerate(cells)),
    )


def mark_of(cell: Any) -> dict[str, Any]:
    """nbgrader's marks of a cell."""
    found: dict[str, Any] = cell.metadata.get("nbgrader", {})
    return found


def is_graded(cell: Any) -> bool:
    """Whether a cell has points."""
    mark = mark_of(cell)
    return bool(mark.get("grade") or mark.get("task"))


def start_of(cells: list[Any], places: list[int], k: int) -> int:
    """The first cell of the k-th graded part: its solution cell, which stands between the last part and its check."""
    place, after = places[k], places[k - 1] + 1 if k else 0
    wanted = str(mark_of(cells[place]).get("grade_id", "")).removeprefix("check_")
    solutions = [i for i in range(after, place) if mark_of(cells[i]).get("solution")]
    named = [i for i in solutions if mark_of(cells[i]).get("grade_id") == wanted]
    return next(iter(named or solutions), place)


def item_of(cells: list[Any], place: int, start: int, figures: list[Figure]) -> Item:
    """One graded part."""
    cell = cells[place]
    mark = mark_of(cell)
    name = str(mark["grade_id"]).removeprefix("check_")
    verdict = verdict_in(cell)
    score, most = float(mark.get("score") or 0.0), float(mark.get("points") or 0.0)
    state, words = ended(verdict, mark, score, most)
    written = answers_to(cells, start, place, name)
    return Item(
        str(mark["grade_id"]),
        NAMES.get(name, name if verdict else name.replace("_", " ").capitalize()),
        verdict is not None and name not in NAMES,
        state,
        words,
        score,
        most,
        verdict,
        verdict is not None and mark.get("by_hand") is not None and abs(score - verdict.points) > 1e-9,
        stand_in_note(verdict) if verdict else "",
        tuple(answer_of(other) for other in written),
        tuple(prose(mark_of(other)["comment"]) for other in written if mark_of(other).get("comment")),
        tuple(figures),
        () if verdict else texts_of(cell),
    )


def answers_to(cells: list[Any], start: int, place: int, name: str) -> list[Any]:
    """The cells in which a part was to be written; one that was moved elsewhere is found by its name."""
    near = [cell for cell in cells[start : place + 1] if mark_of(cell).get("solution") or mark_of(cell).get("task")]
    return near or [cell for cell in cells if mark_of(cell).get("solution") and mark_of(cell).get("grade_id") == name]


def verdict_in(cell: Any) -> ExerciseVerdict | None:
    """The verdict that a graded cell carries."""
    for output in cell.get("outputs", ()):
        content = output.get("data", {}).get(VERDICT)
        if content:
            return read_exercise(json.loads(content) if isinstance(content, str) else content)
    return None


def ended(verdict: ExerciseVerdict | None, mark: dict[str, Any], score: float, most: float) -> tuple[str, str]:
    """State and words of a part."""
    by_hand = mark.get("by_hand") is not None
    if verdict and not (by_hand and verdict.outcome in ("infra_error", "refused")):
        reported = " (self-reported)" if verdict.self_reported else ""
        return STATES.get(verdict.outcome, "stopped"), WORDS[verdict.outcome] + reported
    if by_hand:
        return ("right" if score >= most else "by-hand"), "graded by a person"
    if mark.get("by_machine") is None:
        return "waiting", "a person has yet to grade this"
    if mark.get("solution") and not score:
        return "empty", "left as it was"
    outcome: Outcome = "passed" if score >= most else "partial" if score else "failed"
    return STATES[outcome], WORDS[outcome]


def answer_of(cell: Any) -> Markup:
    """What a student wrote in a cell."""
    if cell.cell_type == "code":
        return Markup('<pre class="code">{}</pre>').format(code(cell.source))
    return Markup('<div class="prose">{}</div>').format(prose(cell.source, attached_to(cell)))


def attached_to(cell: Any) -> Pictures:
    """The pictures pasted into a cell, which `presentable` has looked at."""
    found = cell.get("attachments") or {}
    return tuple((name, mime, content) for name, data in found.items() for mime, content in data.items())


def figures_of(cells: list[Any]) -> dict[int, tuple[Figure, ...]]:
    """Place of a cell to the pictures that it showed, numbered through the notebook."""
    found, number = {}, 0
    for i, cell in enumerate(cells):
        sources = list(picture_sources(cell))
        if sources:
            found[i] = tuple(Figure(number + k, source) for k, source in enumerate(sources, 1))
            number += len(sources)
    return found


def picture_sources(cell: Any) -> Iterator[str]:
    """The pictures among a cell's outputs as data addresses."""
    for output in cell.get("outputs", ()):
        for mime in PICTURES:
            content = joined(output.get("data", {}).get(mime)).replace("\n", "")
            if is_picture(content):
                yield f"data:{mime};base64,{content}"
                break


def texts_of(cell: Any) -> tuple[str, ...]:
    """The texts among a cell's outputs."""
    found = []
    for output in cell.get("outputs", ()):
        data = output.get("data", {})
        text = joined(output.get("text")) or ("" if VERDICT in data else joined(data.get("text/plain")))
        text = text or plain("\n".join(output.get("traceback", ())))
        if text and not any(mime in data for mime in PICTURES):
            found.append(text)
    return tuple(found)


def shown_cell(cell: Any, figures: tuple[Figure, ...], item: str) -> Cell:
    """A cell of the whole notebook."""
    if cell.cell_type == "code":
        return Cell("code", answer_of(cell), (*texts_of(cell), *figures), item)
    return Cell("text", answer_of(cell), (), item)


def title_of(cells: list[Any], notebook: str) -> str:
    """The notebook's first heading, or its name."""
    lines = [line for cell in cells if cell.cell_type == "markdown" for line in cell.source.splitlines()]
    return next((line[2:].strip() for line in lines if line.startswith("# ")), notebook)


def problem_of(items: tuple[Item, ...]) -> str:
    """Why nothing could be graded, or ""; the verdicts of all parts say it alike."""
    cases = (case for item in items if item.verdict for case in item.verdict.cases)
    return next((case.message for case in cases if case.name == READABLE_CASE), "")
