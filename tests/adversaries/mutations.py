"""Random changes to valid notebooks. Each takes a source of randomness, which hypothesis or a seed may drive."""

import copy
import json

from autograder.gradebook.presentable import joined
from autograder.read.notebook import grade_id_of

PYTHON = [
    "def ", "class ", "return ", "lambda: ", "(", ")", "[", "]", "{", "}", "'", '"', "'''", "\\", "\n", "    ", "\t",
    ":", "%%time\n", "%%bash\n", "!ls\n", "%time ", "?", "@", "=", "await ", "async ", "global x\n", "import *",
    "del x\n", "f'{", "# %%", "raise SystemExit\n", "while True: pass\n", "attention_scores", "softmax_rows", "figure",
    "get_ipython()", "from __future__ import annotations\n", "exec('x')\n", "x = 9**9**9\n", "if x:\n", "try:\n",
    "with demo():\n", ";", "...",
]  # fmt: skip
LETTERS = [
    "\0", "\ud800", "\udfff", "\u2028", "\x85", "\f", "\r", "\x1b[31m", "\u202e", "é", "注", "😀", "<script>", "$", "`",
]  # fmt: skip
KEYS = ["cells", "metadata", "source", "outputs", "cell_type", "nbgrader", "grade_id", "text", "data", "id", "nbformat"]
KINDS = ["code", "markdown", "raw", "heading", "", "unknown"]


def mutate(rng, released, solved):
    """The bytes of a notebook after one to six changes."""
    notebook = copy.deepcopy(rng.choice([released, solved, solved]))
    for _ in range(rng.randint(1, 6)):
        change = rng.choice(CHANGES)
        cells = notebook.get("cells")
        if not isinstance(cells, list) or not cells:
            break
        change(rng, notebook, cells)
    data = json.dumps(notebook).encode()
    return rng.choice([keep, keep, keep, keep, truncate, flip])(rng, data)


def value(rng, depth=3):
    """A random JSON value."""
    kind = rng.randint(0, 9 if depth else 6)
    if kind > 7:
        return {rng.choice([*KEYS, text(rng)]): value(rng, depth - 1) for _ in range(rng.randint(0, 4))}
    if kind == 7:
        return [value(rng, depth - 1) for _ in range(rng.randint(0, 4))]
    simple = [None, True, rng.randint(-9, 9), 10 ** rng.randint(0, 400), float("nan"), float("-inf"), text(rng)]
    return simple[kind]


def text(rng):
    """Random text, much like Python and not."""
    return "".join(rng.choice(rng.choice([PYTHON, LETTERS, KEYS])) for _ in range(rng.randint(0, 12)))


def drop(rng, notebook, cells):
    """Take a cell away."""
    del cells[rng.randrange(len(cells))]


def double(rng, notebook, cells):
    """Put a copy of a cell somewhere."""
    cells.insert(rng.randrange(len(cells) + 1), copy.deepcopy(rng.choice(cells)))


def reorder(rng, notebook, cells):
    """Put all cells into another order."""
    rng.shuffle(cells)


def retype(rng, notebook, cells):
    """Make a cell one of another kind."""
    cell = rng.choice(cells)
    if isinstance(cell, dict):
        cell["cell_type"] = rng.choice(KINDS)


def replace(rng, notebook, cells):
    """Put a random value in the place of one somewhere in the notebook."""
    place = notebook
    while True:
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        key = rng.choice(keys)
        if not isinstance(place[key], dict | list) or not place[key] or rng.randint(0, 5) == 0:
            place[key] = value(rng)
            return
        place = place[key]


def splice(rng, notebook, cells):
    """Put random text into a source."""
    cell = rng.choice(cells)
    source = joined(cell.get("source")) if isinstance(cell, dict) else None
    if source:
        start = rng.randint(0, len(source))
        stop = min(len(source), start + rng.choice([0, 0, 1, 20]))
        cell["source"] = source[:start] + text(rng) + source[stop:]


def swap(rng, notebook, cells):
    """Exchange the marks of two cells."""
    marked = [cell for cell in cells if isinstance(cell, dict) and grade_id_of(cell)]
    if len(marked) > 1:
        one, other = rng.sample(marked, 2)
        one["metadata"], other["metadata"] = other["metadata"], one["metadata"]


def remark(rng, notebook, cells):
    """Change a field of a mark."""
    marked = [cell for cell in cells if isinstance(cell, dict) and grade_id_of(cell)]
    if marked:
        mark = rng.choice(marked)["metadata"]["nbgrader"]
        mark[rng.choice(list(mark))] = value(rng)


def bloat(rng, notebook, cells):
    """Add outputs, large and odd."""
    cell = rng.choice(cells)
    if isinstance(cell, dict):
        kinds = ["stream", "error", "display_data", "execute_result", text(rng)]
        fields = ["text", "data", "traceback", "evalue", "metadata", "name"]
        cell["outputs"] = [
            {"output_type": rng.choice(kinds), rng.choice(fields): rng.choice([value(rng), text(rng) * 500])}
            for _ in range(rng.randint(1, 80))
        ]


def keep(rng, data):
    """The file as it is."""
    return data


def truncate(rng, data):
    """The beginning of the file."""
    return data[: rng.randint(0, len(data))]


def flip(rng, data):
    """The file with some bytes changed."""
    changed = bytearray(data)
    for _ in range(rng.randint(1, 3)):
        changed[rng.randrange(len(changed))] = rng.randint(0, 255)
    return bytes(changed)


CHANGES = [drop, double, reorder, retype, replace, replace, splice, splice, splice, swap, remark, bloat]
