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
from autograder.releases import BARS, Solutions, import_kept, read_kept, read_solutions
from autograder.run.lean import import_keras

# of vitlab's modules
DECIDING = ("compare", "diagnose", "learning", "library", "packing", "parts", "probe", "trained")
IMPORTED = re.compile(r"^\s*(?:from|import) vitlab(?:\.(\w+)| import ([\w, ]+))", re.MULTILINE)
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


def solutions_of(assignment: str) -> Solutions:
    """The checkout's solutions of a lesson as files.

    Raises:
        UnknownLesson: there is none.
    """
    folder = solution_folder(assignment)
    return read_solutions(folder.name, folder, folder.parent)


def kept_solutions(assignment: str, folder: Path) -> Solutions | None:
    """The solutions that a course keeps of a release, or None where it has none.

    Args:
        assignment: e.g. "01_attention".
        folder: of the release.
    """
    return read_kept(assignment.partition("_")[2], folder, CHECKOUT / "solutions")


def solution_module(folder: Path, part: str) -> Any:
    """One of a lesson's modules. Imports Keras, which takes seconds.

    Args:
        folder: the lesson's solutions.
        part: e.g. "cases".
    """
    with quiet_stderr():
        import_keras()
    return importlib.import_module(f"solutions.{folder.name}.{part}")


def load_lesson(assignment: str, points: dict[str, float], release: Solutions | None = None) -> Lesson:
    """Import a lesson's solutions. Imports Keras, which takes seconds.

    Args:
        assignment: e.g. "01_attention".
        points: of every exercise; exercises without any are left out.
        release: solutions of an older release; None for the checkout's.

    Raises:
        UnknownLesson: there is no such lesson.
    """
    found = release or solutions_of(assignment)

    def module(part: str) -> Any:
        return kept_module(release, part) if release else solution_module(solution_folder(assignment), part)

    reference, cases, misconceptions, stand_ins = map(module, ("reference", "cases", "misconceptions", "stand_ins"))
    has_trained = TRAINED in points and found.content("trained.py") is not None
    exercises = {exercise.name: exercise for exercise in cases.EXERCISES if exercise.name in points}
    known: tuple[Misconception, ...] = tuple(misconceptions.MISCONCEPTIONS)
    trained: Trained | None = module("trained").TRAINED if has_trained else None
    first = (*exercises, *([TRAINED] if has_trained else ()))
    return Lesson(
        assignment,
        {name: getattr(reference, name) for name in exercises},
        exercises,
        known,
        dict(stand_ins.STAND_INS),
        {name: float(points[name]) for name in (*first, *(name for name in points if name not in first))},
        fingerprint(assignment, points, release),
        trained,
        bars_in(found.content(BARS)) if has_trained else (),
    )


def kept_module(release: Solutions, part: str) -> Any:
    """A module of an older release. Imports Keras, which takes seconds."""
    with quiet_stderr():
        import_keras()
    return import_kept(release, part)


def read_bars(folder: Path) -> tuple[Bar, ...]:
    """The calibrated bars of a lesson; none before `autograder calibrate` was run."""
    path = folder / BARS
    return bars_in(path.read_bytes() if path.is_file() else None)


def bars_in(content: bytes | None) -> tuple[Bar, ...]:
    """The bars in a file's content."""
    return tuple(Bar(**entry) for entry in json.loads(content)) if content else ()


def fingerprint(assignment: str, points: dict[str, float], release: Solutions | None = None) -> str:
    """Hash of the lesson's files and bars, the engine's, vitlab's, and the points: all that decides a verdict.

    Args:
        assignment: e.g. "01_attention".
        points: of every exercise.
        release: solutions of an older release; None for the checkout's.
    """
    found = release or solutions_of(assignment)
    digest = hashlib.sha256(repr((sorted(points.items()), found.sha256)).encode())
    engine = Path(__file__).parent
    deciding = [engine / name for name in ("read", "run", "judge", "grade")]
    files = [file for top in deciding for file in sorted(top.glob("*.py"))]
    files += vitlab_files({*DECIDING, *used_of_vitlab([content for path, content in found.files if "/" in path])})
    for file in files:
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def training_hash(folder: Path) -> str:
    """Hash of the code that decides how well a lesson's reference training does.

    Args:
        folder: the lesson's solutions.
    """
    own = [path for name in ("reference.py", "trained.py", "../datasets.py") if (path := folder / name).is_file()]
    digest = hashlib.sha256()
    for file in [*own, *vitlab_files(used_of_vitlab([path.read_bytes() for path in own]))]:
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def used_of_vitlab(modules: list[bytes]) -> set[str]:
    """Names of vitlab's modules that some of our own import."""
    found = [pair for content in modules for pair in IMPORTED.findall(content.decode())]
    return {name.strip() for one, several in found for name in (one or several).split(",")}


def vitlab_files(names: set[str]) -> list[Path]:
    """Files of vitlab's modules and packages; other names, and modules of an older release's, are passed over."""
    top = Path(vitlab.__file__).parent
    found = ([top / f"{name}.py", *sorted((top / name).glob("*.py"))] for name in sorted(names))
    return [path for paths in found for path in paths if path.is_file()]
