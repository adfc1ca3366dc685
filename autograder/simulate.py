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
    import types

    package = "solutions.{lesson}.misconceptions"
    if package not in sys.modules:
        modules = {{module: types.ModuleType(module) for module in SOURCES}}
        sys.modules.update(modules)
        for module, text in SOURCES.items():
            modules[module].__path__ = []
            exec(compile(text, module, "exec"), vars(modules[module]))
    return next(known.function for known in sys.modules[package].MISCONCEPTIONS if known.id == name)
"""


def library_cell(assignment: str) -> str:
    """A cell's source that can make any known mistake of a lesson: simulated("exercise.mistake")."""
    folder = solution_folder(assignment)
    top, parts = folder.parent, (folder / "misconceptions").glob("*.py")
    files = [top / "__init__.py", top / "registry.py", folder / "__init__.py", folder / "reference.py"]
    files += sorted(parts, key=lambda path: (path.stem == "__init__", path.stem != "building"))
    sources = {module_name(path, top): path.read_text(encoding="utf-8") for path in files}
    return LIBRARY.format(sources=sources, lesson=folder.name)


def module_name(path: Path, solutions: Path) -> str:
    """The dotted name of a file below solutions/."""
    parts = path.relative_to(solutions.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


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
