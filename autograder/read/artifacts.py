"""The files of a trained model beside a notebook: bytes, never parsed here but for a few arguments in JSON."""

from __future__ import annotations

import hashlib
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from vitlab.trained import FOLDER, MAX_TEXT, file_names, read_arguments

from autograder.read.files import MAX_SHOWN, Refused, printable, read_regular
from autograder.records import Trained, Value


@dataclass(frozen=True)
class Artifacts:
    """The two files of a trained model as they were handed in."""

    weights: bytes | None = None
    arguments: bytes | None = None
    problems: tuple[str, ...] = ()
    """Why a file that is there was not read, in words."""
    flags: tuple[str, ...] = ()

    @property
    def sha256(self) -> str:
        """Hash of all of it."""
        parts = [*(hashlib.sha256(part or b"").hexdigest() for part in (self.weights, self.arguments)), *self.problems]
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def read_artifacts(submission: Path, name: str, most: int) -> Artifacts:
    """Read the files of the trained item `name`, if they are regular ones of moderate size; follow no link.

    Args:
        submission: the folder that holds the notebook.
        name: of the training function.
        most: bytes that the weights may have.
    """
    try:
        folder = os.open(submission / FOLDER, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except FileNotFoundError:
        return Artifacts()
    except OSError:
        return Artifacts(
            problems=(f"Expected a folder {FOLDER}/. Received: a link or a file. Hand in the folder itself.",)
        )
    wanted, problems, found = file_names(name), list[str](), dict[str, bytes]()
    try:
        names = sorted(os.listdir(folder))
        for file, limit in zip(wanted, (most, MAX_TEXT), strict=True):
            try:
                if file in names:
                    found[file] = read_regular(file, limit, folder, "a file")
            except Refused as error:
                problems.append(f"{FOLDER}/{file}: {error}")
    finally:
        os.close(folder)
    others = [printable(other) for other in names if other not in wanted and not other.startswith(".")]
    flags = tuple(f"ignored: {FOLDER}/{other}" for other in others[:MAX_SHOWN])
    return Artifacts(found.get(wanted[0]), found.get(wanted[1]), tuple(problems), flags)


def rules_of(trained: Trained) -> dict[str, Any]:
    """What may stand in the JSON of a trained model, as check_trained and the grader read it."""
    return {name: asdict(argument) for name, argument in trained.arguments.items()}


def arguments_in(text: bytes, trained: Trained) -> dict[str, Value]:
    """The arguments that rebuild a model.

    Raises:
        NotAllowed: the text holds anything else.
    """
    found: dict[str, Value] = read_arguments(text, rules_of(trained))
    return found
