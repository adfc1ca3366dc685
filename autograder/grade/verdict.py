"""Verdicts as files: written whole or not at all, read back with care."""

from __future__ import annotations

import json
import os
import platform
import tempfile
from dataclasses import asdict
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from autograder.records import TRAINED, CaseVerdict, ExerciseVerdict, TrainedVerdict, Verdict

READABLE_CASE = "the notebook can be read"
TRAINED_CASE = "the trained model on inputs that it has not seen"


def write_verdict(path: Path, verdict: Verdict) -> None:
    """Write a verdict atomically: a reader sees the old file or the new one."""
    text = json.dumps(asdict(verdict), indent=1, ensure_ascii=False) + "\n"
    write_whole(path, text.encode(errors="backslashreplace"))


def write_whole(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, however the process ends; its folder is made where it is missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".unfinished-")
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    os.replace(name, path)


def read_verdict(path: Path) -> Verdict | None:
    """The verdict in a file, or None where there is none that this version understands."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        exercises = {name: read_exercise(found) for name, found in content["exercises"].items()}
        for name in ("layers", "flags"):
            content[name] = tuple(content[name])
        trained = content["trained"] and TrainedVerdict(**content["trained"])
        parts = {"exercises": exercises, "trained": trained}
        return Verdict(**{**content, **parts}) if content["schema"] == 1 else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def read_exercise(content: dict[str, Any]) -> ExerciseVerdict:
    """One exercise's part of a verdict."""
    cases = tuple(CaseVerdict(**case) for case in content["cases"])
    return ExerciseVerdict(**{**content, "cases": cases, "stand_ins": tuple(content["stand_ins"])})


def has_infra_error(verdict: Verdict) -> bool:
    """Whether a part could not be graded for reasons that are not the student's."""
    return any(found.outcome == "infra_error" for found in parts_of(verdict).values())


def parts_of(verdict: Verdict) -> dict[str, ExerciseVerdict]:
    """All that has a graded cell of its own: the exercises and, in the form of one, the trained item."""
    if verdict.trained is None:
        return verdict.exercises
    return {**verdict.exercises, TRAINED: as_exercise(verdict.trained)}


def as_exercise(trained: TrainedVerdict) -> ExerciseVerdict:
    """The trained item as an exercise with one case."""
    case = CaseVerdict(TRAINED_CASE, trained.outcome == "passed", trained.message)
    return ExerciseVerdict(
        trained.outcome, trained.points, trained.max_points, cases=(case,), seconds=trained.seconds,
        by_hand=trained.by_hand,
    )  # fmt: skip


@cache
def versions() -> dict[str, str]:
    """Versions that a verdict may depend on."""
    names = ("autograder", "vitlab", "tensorflow", "keras", "numpy")
    return {"python": platform.python_version(), **{name: version(name) for name in names}}
