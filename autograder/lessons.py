"""The one module that reaches solutions/: loads all that the engine knows of a lesson."""

from __future__ import annotations

import hashlib
import importlib
import json
import re
import sys
from pathlib import Path
from typing import Any

import vitlab
from vitlab.quiet import quiet_stderr

from autograder.errors import CourseError
from autograder.records import TRAINED, Bar, Lesson, Misconception, Trained
from autograder.run.lean import import_keras

DECIDING = ("compare", "diagnose", "library", "packing", "parts", "probe", "trained")  # of vitlab's modules
IMPORTED = re.compile(r"^\s*(?:from|import) vitlab(?:\.(\w+)| import ([\w, ]+))", re.MULTILINE)
BARS = "bars.json"
CHECKOUT = Path(__file__).resolve().parent.parent


class UnknownLesson(CourseError):
    """There is no lesson of this name here."""


def known_lessons() -> list[str]:
    """The assignments that can be built and graded, in order."""
    folders = (CHECKOUT / "course").glob("[0-9][0-9]_*")
    return sorted(folder.name for folder in folders if (folder / "lesson.py").is_file())


def solution_folder(assignment: str) -> Path:
    """The folder of a lesson's reference, cases and misconceptions.

    Raises:
        UnknownLesson: there is none.
    """
    name = assignment.partition("_")[2]
    folder = CHECKOUT / "solutions" / name
    if not name or not (folder / "reference.py").is_file():
        raise UnknownLesson(f"Expected one of {', '.join(known_lessons())}. Received: {assignment}.")
    return folder


def hidden_folders() -> list[Path]:
    """What a sandbox must not show, wherever the checkout lies: all of its folders but that of the environment."""
    kept = [Path(prefix).resolve() for prefix in (sys.prefix, sys.base_prefix)]
    folders = [child for child in CHECKOUT.iterdir() if child.is_dir()]
    return [folder for folder in folders if not any(prefix.is_relative_to(folder) for prefix in kept)]


def solution_files(folder: Path) -> list[Path]:
    """A lesson's own modules; kept answers of students are none."""
    return sorted([*folder.glob("*.py"), *(folder / "misconceptions").glob("*.py")])


def solution_module(folder: Path, part: str) -> Any:
    """One of a lesson's modules. Imports Keras, which takes seconds.

    Args:
        folder: the lesson's solutions.
        part: e.g. "cases".
    """
    with quiet_stderr():
        import_keras()
    return importlib.import_module(f"solutions.{folder.name}.{part}")


def load_lesson(assignment: str, points: dict[str, float]) -> Lesson:
    """Import a lesson's solutions. Imports Keras, which takes seconds.

    Args:
        assignment: e.g. "01_attention".
        points: of every exercise.

    Raises:
        UnknownLesson: there is no such lesson.
    """
    folder = solution_folder(assignment)
    reference, cases, misconceptions, stand_ins = (
        solution_module(folder, part) for part in ("reference", "cases", "misconceptions", "stand_ins")
    )
    trained = trained_item(folder) if TRAINED in points else None
    exercises = {exercise.name: exercise for exercise in cases.EXERCISES}
    known: tuple[Misconception, ...] = tuple(misconceptions.MISCONCEPTIONS)
    return Lesson(
        assignment,
        {name: getattr(reference, name) for name in exercises},
        exercises,
        known,
        dict(stand_ins.STAND_INS),
        {name: float(points[name]) for name in (*exercises, *([TRAINED] if trained else ()))},
        fingerprint(assignment, points),
        trained,
        read_bars(folder) if trained else (),
    )


def trained_item(folder: Path) -> Trained | None:
    """A lesson's trained item, or None where it has none."""
    if not (folder / "trained.py").is_file():
        return None
    found: Trained = solution_module(folder, "trained").TRAINED
    return found


def read_bars(folder: Path) -> tuple[Bar, ...]:
    """The calibrated bars of a lesson; none before `autograder calibrate` was run."""
    path = folder / BARS
    return tuple(Bar(**entry) for entry in json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else ()


def fingerprint(assignment: str, points: dict[str, float]) -> str:
    """Hash of the lesson's files and bars, the engine's, vitlab's, and the points: all that decides a verdict."""
    folder = solution_folder(assignment)
    digest = hashlib.sha256(repr(sorted(points.items())).encode())
    engine = Path(__file__).parent
    deciding = [engine / name for name in ("read", "run", "judge", "grade")]
    own, bars = solution_files(folder), folder / BARS
    files = [
        *own,
        *sorted(folder.parent.glob("*.py")),
        *([bars] if bars.is_file() else []),
        *(file for top in deciding for file in sorted(top.glob("*.py"))),
    ]
    files += vitlab_files({*DECIDING, *used_of_vitlab(own)})
    for file in files:
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def training_hash(folder: Path) -> str:
    """Hash of the code that decides how well a lesson's reference training does.

    Args:
        folder: the lesson's solutions.
    """
    own = [path for name in ("reference.py", "trained.py") if (path := folder / name).is_file()]
    digest = hashlib.sha256()
    for file in [*own, *vitlab_files(used_of_vitlab(own))]:
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def used_of_vitlab(files: list[Path]) -> set[str]:
    """Names of vitlab's modules that some of our own files import."""
    found = [pair for file in files for pair in IMPORTED.findall(file.read_text(encoding="utf-8"))]
    return {name.strip() for one, several in found for name in (one or several).split(",")}


def vitlab_files(names: set[str]) -> list[Path]:
    """Files of vitlab's modules and packages; other names are passed over."""
    top = Path(vitlab.__file__).parent
    found = ([top / f"{name}.py", *sorted((top / name).glob("*.py"))] for name in sorted(names))
    return [path for paths in found for path in paths if path.is_file()]
