"""A student's notebook as a person may look at it: complete, valid, and with nothing in it that runs in a browser."""

from __future__ import annotations

import base64
import binascii
import re
from typing import Any

import nbformat

from autograder.gradebook.markdown import Pictures, as_typed, safe_markdown
from autograder.gradebook.nodes import code_cell, display, markdown_cell, notebook, stream
from autograder.read.notebook import Submission, grade_id_of

PICTURES = ("image/png", "image/jpeg")
MAX_TEXT, MAX_PICTURE, MAX_OUTPUTS, MAX_CELLS = 20_000, 4 * 2**20, 50, 2_000
MAX_PROSE = 10_000  # in one cell: markdown takes nbconvert a time that grows with the square of its length
MAX_SHOWN = {"code": 400_000, "markdown": 100_000}  # letters in all cells together
CUT = "\n... cut: see the file that was handed in"
LANGUAGE = {"name": "python", "pygments_lexer": "python3"}  # IPython's own takes minutes for a line of full stops
ANSI = re.compile(r"\x1b\[[0-9;]*m")


def presentable(submission: Submission, released: dict[str, Any]) -> Any:
    """The submitted notebook with every graded cell of the release exactly once, and sanitised.

    Args:
        submission: as it was read; without a document, the release itself is shown under a note.
        released: the released notebook.
    """
    marked = {mark: cell for cell in released["cells"] if (mark := grade_id_of(cell))}
    untouched = {text_of(cell) for cell in released["cells"]}
    cells = submission.document["cells"] if submission.document and not submission.problem else []
    last = {grade_id_of(cell): i for i, cell in enumerate(cells) if isinstance(cell, dict)}
    made: list[Any] = []
    room = dict(MAX_SHOWN)
    for i, cell in enumerate(cells):
        graded = marked.get(grade_id_of(cell) or "") if isinstance(cell, dict) else None
        graded = graded if graded and last[grade_id_of(cell)] == i else None
        if isinstance(cell, dict) and (len(made) < MAX_CELLS or graded):
            shown = safe_cell(cell, graded, untouched, None if graded else room)
            room[shown.cell_type] = max(0, room[shown.cell_type] - len(shown.source))
            made.append(shown)
    for position, (name, cell) in enumerate(marked.items()):
        if name not in last:
            made.insert(place_for(name, list(marked)[:position], made), safe_cell(cell, cell, untouched))
    if submission.problem:
        note = f"**This submission could not be read.**\n\n{as_typed(plain(submission.problem))}"
        made.insert(0, markdown_cell(note))
    return notebook(made, {"kernelspec": released["metadata"].get("kernelspec", {}), "language_info": LANGUAGE})


def place_for(name: str, before: list[str], made: list[Any]) -> int:
    """Where to put a cell that is missing: after the nearest graded cell that comes before it in the release."""
    places = {grade_id_of(cell): i for i, cell in enumerate(made)}
    return max([places[other] + 1 for other in before if other in places], default=len(made) if not before else 0)


def safe_cell(
    cell: dict[str, Any], released: dict[str, Any] | None, untouched: set[str], room: dict[str, int] | None = None
) -> Any:
    """A new cell with the student's source and safe outputs; the marks of the release, where it is a graded cell.

    Args:
        cell: the student's.
        released: the graded cell of the release whose place it takes, if any.
        untouched: texts of the release, shown as they are.
        room: how many more letters of code and of markdown are shown; None for the most that one cell may have.
    """
    kind = released["cell_type"] if released else cell.get("cell_type")
    locked = released is not None and not released["metadata"]["nbgrader"].get("solution")
    source = text_of(released if locked and released else cell)
    if source not in untouched:
        most, form = (MAX_TEXT, "code") if kind == "code" else (MAX_PROSE, "markdown")
        source = cut(source, min(most, (room or MAX_SHOWN)[form]))
    if kind == "markdown":
        pictures = pictures_of(cell)
        made = markdown_cell(source if source in untouched else safe_markdown(source, pictures))
        if pictures:
            made.attachments = {name: {mime: content} for name, mime, content in pictures}
    elif kind == "code":
        made = code_cell(source, safe_outputs(cell.get("outputs")))
    else:
        made = markdown_cell(as_typed(source))
    if released:
        made.metadata = nbformat.from_dict(released["metadata"])
    return made


def text_of(cell: dict[str, Any]) -> str:
    """A cell's source as one text that can be written to a file."""
    return joined(cell.get("source", "")).encode(errors="replace").decode()


def cut(text: str, room: int) -> str:
    """The beginning of a text."""
    return text if len(text) <= room else text[:room] + CUT


def pictures_of(cell: dict[str, Any]) -> Pictures:
    """Pictures that were pasted into a markdown cell."""
    attachments = cell.get("attachments")
    found = []
    for name, contents in attachments.items() if isinstance(attachments, dict) else ():
        for mime in PICTURES:
            content = joined(contents.get(mime)) if isinstance(contents, dict) else ""
            if is_picture(content) and name.isprintable():
                found.append((name, mime, content))
    return tuple(found)


def safe_outputs(outputs: Any) -> list[Any]:
    """What the student saw, as text and pictures; HTML, SVG and scripts are dropped."""
    made = []
    for output in (outputs if isinstance(outputs, list) else [])[:MAX_OUTPUTS]:
        if isinstance(output, dict):
            made += safe_output(output)
    return made


def safe_output(output: dict[str, Any]) -> list[Any]:
    """One output in a safe form, or none."""
    kind = output.get("output_type")
    if kind == "stream":
        return [stream(plain(joined(output.get("text"))))]
    if kind == "error":
        lines = output.get("traceback")
        trace = "\n".join(part for part in lines if isinstance(part, str)) if isinstance(lines, list) else ""
        return [stream(plain(trace or joined(output.get("evalue"))))]
    data = output.get("data")
    if kind not in ("display_data", "execute_result") or not isinstance(data, dict):
        return []
    shown = {key: joined(data[key]) for key in PICTURES if key in data and is_picture(joined(data[key]))}
    if not shown and "text/plain" in data:
        shown = {"text/plain": plain(joined(data["text/plain"]))}
    return [display(shown)] if shown else []


def joined(text: Any) -> str:
    """A text that may come as a list of lines."""
    if isinstance(text, list):
        text = "".join(part for part in text if isinstance(part, str))
    return text if isinstance(text, str) else ""


def plain(text: str) -> str:
    """Printable text of bounded length, without terminal codes."""
    text = "".join(c for c in ANSI.sub("", text[: 2 * MAX_TEXT]) if c.isprintable() or c in "\n\t")
    return cut(text, MAX_TEXT)


def is_picture(text: str) -> bool:
    """Whether a text is base64 of a moderate size."""
    try:
        return 0 < len(text) <= MAX_PICTURE and bool(base64.b64decode(text.replace("\n", ""), validate=True))
    except (binascii.Error, ValueError):
        return False
