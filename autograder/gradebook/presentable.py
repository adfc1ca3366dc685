"""A student's notebook as a person may look at it: complete, valid, and with nothing in it that runs in a browser."""

from __future__ import annotations

import base64
import binascii
import html
import re
from typing import Any

import bleach
import nbformat

from autograder.read.notebook import Submission, grade_id_of

PICTURES = ("image/png", "image/jpeg")
MAX_TEXT, MAX_PICTURE, MAX_OUTPUTS, MAX_CELLS = 20_000, 4 * 2**20, 50, 2_000
RUNNING_LINKS = ("javascript:", "vbscript:", "data:")
TAG = re.compile(r"<[a-zA-Z/!?]")
ALLOWED_TAGS = frozenset(
    [
        "a", "b", "blockquote", "br", "code", "details", "em", "h1", "h2", "h3", "h4", "hr", "i", "li", "ol", "p",
        "pre", "strong", "sub", "summary", "sup", "table", "tbody", "td", "th", "thead", "tr", "ul",
    ]
)  # fmt: skip
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
    for i, cell in enumerate(cells):
        if isinstance(cell, dict) and (len(made) < MAX_CELLS or grade_id_of(cell) in marked):
            name = grade_id_of(cell)
            made.append(safe_cell(cell, marked[name] if name in marked and last[name] == i else None, untouched))
    for position, (name, cell) in enumerate(marked.items()):
        if name not in last:
            made.insert(place_for(name, list(marked)[:position], made), safe_cell(cell, cell, untouched))
    if submission.problem:
        made.insert(
            0, nbformat.v4.new_markdown_cell(f"**This submission could not be read.** {plain(submission.problem)}")
        )
    notebook = nbformat.v4.new_notebook(cells=made, metadata={"kernelspec": released["metadata"].get("kernelspec", {})})
    for i, cell in enumerate(notebook.cells):
        cell.id = f"cell-{i}"
    return notebook


def place_for(name: str, before: list[str], made: list[Any]) -> int:
    """Where to put a cell that is missing: after the nearest graded cell that comes before it in the release."""
    places = {grade_id_of(cell): i for i, cell in enumerate(made)}
    return max([places[other] + 1 for other in before if other in places], default=len(made) if not before else 0)


def safe_cell(cell: dict[str, Any], released: dict[str, Any] | None, untouched: set[str]) -> Any:
    """A new cell with the student's source and safe outputs; the marks of the release, where it is a graded cell."""
    kind = released["cell_type"] if released else cell.get("cell_type")
    locked = released is not None and not released["metadata"]["nbgrader"].get("solution")
    source = text_of(released if locked and released else cell)
    if kind == "markdown":
        shown = source if source in untouched else safe_markdown(source)
        made = nbformat.v4.new_markdown_cell(shown)
    elif kind == "code":
        made = nbformat.v4.new_code_cell(source, outputs=safe_outputs(cell.get("outputs")))
    else:
        made = nbformat.v4.new_raw_cell(source)
    if released:
        made.metadata = nbformat.from_dict(released["metadata"])
    return made


def text_of(cell: dict[str, Any]) -> str:
    """A cell's source as one text."""
    source = cell.get("source", "")
    if isinstance(source, list):
        source = "".join(part for part in source if isinstance(part, str))
    return source if isinstance(source, str) else ""


def safe_markdown(text: str) -> str:
    """Markdown that cannot run: tags outside a short list are shown as text, and links that would run are broken."""
    flat = re.sub(r"[\s\\\x00-\x1f]", "", html.unescape(html.unescape(text))).lower()
    if any(scheme in flat for scheme in RUNNING_LINKS):
        text = text.replace("](", "] (").replace("]:", "] :").replace("<", "&lt;")
    return bleach.clean(text, tags=ALLOWED_TAGS, attributes={"a": ["href"]}) if TAG.search(text) else text


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
        return [nbformat.v4.new_output("stream", name="stdout", text=plain(joined(output.get("text"))))]
    if kind == "error":
        trace = "\n".join(part for part in output.get("traceback") or [] if isinstance(part, str))
        return [nbformat.v4.new_output("stream", name="stdout", text=plain(trace or str(output.get("evalue", ""))))]
    data = output.get("data")
    if kind not in ("display_data", "execute_result") or not isinstance(data, dict):
        return []
    shown = {key: joined(data[key]) for key in PICTURES if key in data and is_picture(joined(data[key]))}
    if not shown and "text/plain" in data:
        shown = {"text/plain": plain(joined(data["text/plain"]))}
    return [nbformat.v4.new_output("display_data", data=shown)] if shown else []


def joined(text: Any) -> str:
    """A text that may come as a list of lines."""
    if isinstance(text, list):
        text = "".join(part for part in text if isinstance(part, str))
    return text if isinstance(text, str) else ""


def plain(text: str) -> str:
    """Printable text of bounded length, without terminal codes."""
    text = "".join(c for c in ANSI.sub("", text[: 2 * MAX_TEXT]) if c.isprintable() or c in "\n\t")
    return text if len(text) <= MAX_TEXT else text[:MAX_TEXT] + "\n... cut"


def is_picture(text: str) -> bool:
    """Whether a text is base64 of a moderate size."""
    try:
        return 0 < len(text) <= MAX_PICTURE and bool(base64.b64decode(text.replace("\n", ""), validate=True))
    except (binascii.Error, ValueError):
        return False
