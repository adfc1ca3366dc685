"""The simulated class: honest students of all kinds, and the cheats that beat stock nbgrader."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import Any

from autograder.lessons import solution_folder
from autograder.read.notebook import grade_id_of
from autograder.records import TRAINED
from autograder.simulate import as_bytes, edited, from_answers, library_cell, mistake_line

Notebook = dict[str, Any]
MOST_MISTAKEN = 24
"""Students with known mistakes in a class that is no larger than a real one."""


@dataclass(frozen=True)
class Student:
    """One submission of the simulated class."""

    name: str
    story: str
    content: bytes
    points: float | None
    """What the grader should give; None where only less than full marks is sure."""
    harmful: bool = False
    """Only to be run in a sandbox."""
    trained: bool = False
    """Whether the reference's trained weights are handed in too, where the lesson asks for some."""


@dataclass(frozen=True)
class Material:
    """What submissions are made of."""

    assignment: str
    released: Notebook
    answers: dict[str, str]
    """Exercise to the reference's source."""
    points: dict[str, float]
    mistakes: tuple[str, ...]
    """Ids of all variants, in the lesson's order."""

    @property
    def full(self) -> float:
        """All automatic points."""
        return sum(self.points.values())

    def solved(self, **sources: str) -> Notebook:
        """The notebook with the reference's answers, some of them replaced."""
        return edited(self.released, {**self.answers, **sources})


def simulated_class(material: Material) -> list[Student]:
    """Everybody."""
    return [*right_ones(material), *mistaken_ones(material), *unlucky_ones(material), *cheats(material)]


def right_ones(material: Material) -> list[Student]:
    """Right answers: the reference's, and two other styles from the kept answers."""
    found = [
        Student(
            "right-as-reference",
            "the reference's own answers",
            as_bytes(material.solved()),
            material.full,
            trained=True,
        )
    ]
    kept = sorted((solution_folder(material.assignment) / "answers" / "right").glob("*.py"))
    for path in kept[2:4]:
        notebook = from_answers(path, material.released, material.answers)
        name = "right-" + path.stem.partition("_")[2].replace("_", "-")
        found.append(Student(name, "right, in another style", as_bytes(notebook), material.full, trained=True))
    return found


def mistaken_ones(material: Material) -> list[Student]:
    """Known mistakes: each student makes one in every exercise that has one left.

    Where an exercise has more than a class has students, every so many of its mistakes is made; `verify` tries all.
    """
    by_exercise: dict[str, list[str]] = {}
    for mistake in material.mistakes:
        by_exercise.setdefault(mistake.partition(".")[0], []).append(mistake)
    made = {name: every_so_many(ids, MOST_MISTAKEN) for name, ids in by_exercise.items()}
    found = []
    for k in range(max(map(len, made.values()))):
        own = {name: ids[k] for name, ids in made.items() if k < len(ids)}
        sources = {**material.answers, **{name: mistake_line(mistake) for name, mistake in own.items()}}
        notebook = edited(material.released, sources, after=[library_cell(material.assignment)])
        found.append(Student(f"mistakes-{k + 1:02}", ", ".join(own.values()), as_bytes(notebook), None))
    return found


def every_so_many(items: list[str], most: int) -> list[str]:
    """At most so many of the items, from the first on, at equal distances."""
    return [items[k * len(items) // most] for k in range(most)] if len(items) > most else items


def unlucky_ones(material: Material) -> list[Student]:
    """Honest work in all the shapes in which it arrives."""
    names = list(material.answers)
    first, second, third = (names * 3)[:3]  # a lesson may have one exercise
    half = {name: material.answers[name] for name in names[: len(names) // 2]}
    half_points = sum(material.points[name] for name in half)
    noise = 'import sys, warnings\nprint("starting", file=sys.stderr)\nwarnings.warn("a harmless warning")\n'
    moved = material.answers[second]
    loop = f"def {first}(*args, **kwargs):\n    while True:\n        pass"
    raises = f"def {first}(*args, **kwargs):\n    raise RuntimeError('I do not understand the shapes')"
    rest = material.full - material.points[first] - material.points.get(TRAINED, 0.0)
    made: list[tuple[str, str, bytes, float | None]] = [
        ("untouched", "handed in as released", as_bytes(material.released), 0.0),
        ("half-done", "the first half of the exercises", as_bytes(edited(material.released, half)), half_points),
        (
            "helpers-in-cells",
            "a helper in a cell of its own, below",
            as_bytes(
                edited(
                    material.released,
                    {**material.answers, second: f"{second} = helper_below"},
                    after=[renamed(moved, second)],
                )
            ),
            material.full,
        ),
        (
            "magics",
            "%%time and !pip lines",
            as_bytes(material.solved(**{first: "%%time\n!pip install einops\n" + material.answers[first]})),
            material.full,
        ),
        (
            "noise-on-stderr",
            "warnings in every cell",
            as_bytes(material.solved(**{first: noise + material.answers[first]})),
            material.full,
        ),
        (
            "syntax-error",
            "one cell that is not Python",
            as_bytes(material.solved(**{third: f"def {third}(:\n    return"})),
            None,
        ),
        ("exception", "one exercise raises", as_bytes(material.solved(**{first: raises})), rest),
        ("endless-loop", "one exercise never ends", as_bytes(material.solved(**{first: loop})), rest),
        ("copied-cell", "a cell was copied", as_bytes(with_copy(material.solved(), third)), material.full),
        ("deleted-cell", "an exercise and its check are gone", as_bytes(without(material.solved(), third)), None),
        ("broken-json", "half a file", as_bytes(material.solved())[:5000], 0.0),
    ]
    untrained = ("untouched", "half-done", "exception", "endless-loop")  # no model of theirs can be
    return [
        Student(name, story, content, points, trained=name not in untrained) for name, story, content, points in made
    ]


def renamed(source: str, name: str) -> str:
    """A definition under the name `helper_below`."""
    return source.replace(f"def {name}(", "def helper_below(").replace(f"class {name}(", "class helper_below(")


def with_copy(notebook: Notebook, name: str) -> Notebook:
    """A notebook in which a graded cell and its check stand twice."""
    cells = notebook["cells"]
    place = next(i for i, cell in enumerate(cells) if grade_id_of(cell) == name)
    notebook["cells"][place + 2 : place + 2] = copy.deepcopy(cells[place : place + 2])
    return notebook


def without(notebook: Notebook, name: str) -> Notebook:
    """A notebook without an exercise and its check."""
    notebook["cells"] = [cell for cell in notebook["cells"] if grade_id_of(cell) not in (name, f"check_{name}")]
    return notebook


def cheats(material: Material) -> list[Student]:
    """What beats stock nbgrader; each solves the first exercise honestly and cheats in all others."""
    first = next(iter(material.answers))
    return [
        Student(f"cheat-{name}", story, as_bytes(cheat(material, text)), material.points[first], harmful=True)
        for name, story, text in CHEATS
    ]


def cheat(material: Material, text: str) -> Notebook:
    """The notebook in which all exercises but the first hold the cheat's text."""
    names = list(material.answers)
    return material.solved(**{name: text.replace("EXERCISE", name) for name in names[1:]})


CHEATS: tuple[tuple[str, str, str], ...] = (
    (
        "display-hook",
        "shows the points as its output, then fails",
        "import sys\ndef EXERCISE(*args, **kwargs):\n    sys.displayhook('15')\n    raise SystemExit",
    ),
    (
        "input-transformer",
        "makes every later cell empty, so that no test runs",
        "get_ipython().input_transformers_cleanup.append(lambda lines: [])\n"
        "def EXERCISE(*args, **kwargs):\n    return 0",
    ),
    (
        "equal-to-everything",
        "returns an object that says it is equal to anything",
        "class Yes:\n    shape = ()\n    def __eq__(self, other): return True\n"
        "    def __array__(self, *a, **k): raise TypeError\n"
        "    __hash__ = object.__hash__\ndef EXERCISE(*args, **kwargs):\n    return Yes()",
    ),
    (
        "reads-the-disk",
        "looks for the reference, the gradebook and the tests, and uses what it finds",
        "import os\ndef EXERCISE(*args, **kwargs):\n"
        "    skipped = {'usr', 'proc', 'sys', 'dev', 'lib', '.venv', '.pyenv'}\n"
        "    for folder, folders, files in os.walk('/'):\n"
        "        folders[:] = [name for name in folders if name not in skipped]\n"
        "        for path in (os.path.join(folder, name) for name in files):\n"
        "            if path.endswith('reference.py'):\n                space = {}\n"
        "                exec(open(path).read(), space)\n                return space['EXERCISE'](*args, **kwargs)\n"
        "            if path.endswith(('.ipynb', 'gradebook.db', 'secret_seed')):\n"
        "                return open(path, 'rb').read().hex()\n    return 0",
    ),
    ("leaves-early", "ends the process before the tests", "import os\ndef EXERCISE(*args, **kwargs):\n    os._exit(0)"),
)
