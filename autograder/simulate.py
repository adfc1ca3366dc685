"""Notebooks as students would hand them in, made from a lesson's release, its known mistakes and its kept answers."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from autograder.lessons import solution_folder
from autograder.read.notebook import grade_id_of

CELL_MARK = re.compile(r"^# %%.*$", re.MULTILINE)

LIBRARY = """# The known mistakes of this lesson: this cell stands for what a simulated student would have written.
SOURCES = {sources!r}


def simulated(name):
    import sys
    import tempfile
    from pathlib import Path

    if not any("known-mistakes-" in path for path in sys.path):
        folder = Path(tempfile.mkdtemp(prefix="known-mistakes-"))
        for path, text in SOURCES.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text, encoding="utf-8")
        sys.path.insert(0, str(folder))
    from solutions.{lesson}.misconceptions import MISCONCEPTIONS

    return next(known.function for known in MISCONCEPTIONS if known.id == name)
"""
"""Turns no text into code by itself: such a notebook would be run whole, with its demos, for each exercise."""


def library_cell(assignment: str) -> str:
    """A cell's source that can make any known mistake of a lesson: simulated("exercise.mistake")."""
    folder = solution_folder(assignment)
    top = folder.parent
    files = [top / "__init__.py", top / "registry.py", folder / "__init__.py", folder / "reference.py"]
    files += sorted((folder / "misconceptions").glob("*.py"))
    sources = {path.relative_to(top.parent).as_posix(): path.read_text(encoding="utf-8") for path in files}
    return LIBRARY.format(sources=sources, lesson=folder.name)


def mistake_line(name: str) -> str:
    """The source of a solution cell that gives the answer of a known mistake."""
    return f'{name.partition(".")[0]} = simulated("{name}")'


def edited(
    released: dict[str, Any], sources: dict[str, str], before: Iterable[str] = (), after: Iterable[str] = ()
) -> dict[str, Any]:
    """The released notebook with other sources in some of its cells, and further code cells.

    Args:
        released: the notebook as a dict.
        sources: grade id to source.
        before: sources of cells to put in front of the first exercise.
        after: sources of cells to put at the end.
    """
    notebook = copy.deepcopy(released)
    for cell in notebook["cells"]:
        name = grade_id_of(cell)
        if name in sources:
            cell["source"] = sources[name]
    first = next(i for i, cell in enumerate(notebook["cells"]) if grade_id_of(cell) in sources) if sources else 1
    notebook["cells"][first:first] = [code_cell(source, f"before-{i}") for i, source in enumerate(before)]
    notebook["cells"] += [code_cell(source, f"after-{i}") for i, source in enumerate(after)]
    return notebook


def code_cell(source: str, name: str) -> dict[str, Any]:
    """A code cell of the student's own."""
    return {"cell_type": "code", "execution_count": None, "id": name, "metadata": {}, "outputs": [], "source": source}


def from_answers(path: Path, released: dict[str, Any], sources: dict[str, str]) -> dict[str, Any]:
    """The released notebook solved by a kept answer: a Python file whose cells begin with "# %%".

    A cell that defines an exercise goes into that exercise's cell; helpers keep their side of the first exercise.

    Args:
        path: the file.
        released: the notebook as a dict.
        sources: what the other exercises hold, e.g. the reference's code.
    """
    own = dict(sources)
    before: list[str] = []
    after: list[str] = []
    for text in CELL_MARK.split(path.read_text(encoding="utf-8")):
        defined = [name for name in sources if re.search(rf"^(def|class) {name}\b|^{name}\s*=[^=]", text, re.MULTILINE)]
        for name in defined:
            own[name] = text.strip() if name == defined[0] else f"# {name} is defined with {defined[0]}"
        if not defined and text.strip():
            (after if any(own[name] != sources[name] for name in sources) else before).append(text.strip())
    return edited(released, own, before, after)


def as_bytes(notebook: dict[str, Any]) -> bytes:
    """A notebook's file."""
    return (json.dumps(notebook, indent=1, ensure_ascii=False) + "\n").encode()
