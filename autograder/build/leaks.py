"""Refuse to release anything that holds an answer: a solution's line, a wrong variant's code, the secret seed."""

from __future__ import annotations

import ast
import io
import json
import re
import zipfile
from pathlib import Path

import numpy as np

from autograder.errors import CourseError

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
LESSON = re.compile(r"(?:^|/)(\d\d)_\w+(?:/lesson\.py|\.ipynb|\.npz)$")
SHORTEST = 12  # characters; "else:" or "return x" give nothing away


class Leak(CourseError):
    """A release holds what students must not see; names the line and where it stands."""


def secret_lines(solutions: Path) -> dict[str, set[str]]:
    """Every line that must not be released, with the places that it comes from.

    Lines between solution marks, unless they stand outside the marks in the same file too (the stub has them), and
    lines of the misconceptions' functions.
    """
    places: dict[str, set[str]] = {}
    for reference in solutions.glob("*/reference.py"):
        inside, outside = split_at_marks(reference.read_text(encoding="utf-8"))
        places[f"{reference.parent.name}/reference.py"] = inside - outside
    for path in solutions.glob("*/misconceptions/*.py"):
        places[path.relative_to(solutions).as_posix()] = body_lines(path.read_text(encoding="utf-8"))
    found: dict[str, set[str]] = {}
    for place, lines in places.items():
        for line in lines:
            if len(line) >= SHORTEST:
                found.setdefault(line, set()).add(place)
    return found


def lesson_numbers(solutions: Path) -> dict[str, int]:
    """Folder of solutions/ to the number of its lesson, as in course/."""
    folders = (solutions.parent / "course").glob("[0-9][0-9]_*")
    return {folder.name.partition("_")[2]: int(folder.name[:2]) for folder in folders}


def split_at_marks(text: str) -> tuple[set[str], set[str]]:
    """The stripped lines between solution marks, and those outside."""
    inside: set[str] = set()
    outside: set[str] = set()
    current = outside
    for line in text.splitlines():
        if BEGIN in line or END in line:
            current = inside if BEGIN in line else outside
        else:
            current.add(line.strip())
    return inside, outside


def body_lines(text: str) -> set[str]:
    """The stripped lines of all functions' bodies, nested ones and classes included, but no signature."""
    lines, found = text.splitlines(), set[str]()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            for statement in node.body:
                if not isinstance(statement, ast.Expr | ast.FunctionDef):
                    found |= {line.strip() for line in lines[statement.lineno - 1 : statement.end_lineno]}
    return found


def check_release(files: dict[str, bytes], solutions: Path, secret: str = "") -> None:
    """Look through everything that students get. A lesson's own files may hold what earlier lessons asked for, which
    are released before it, unless it asks for the same line again.

    Args:
        files: name to content of each file of the release.
        solutions: the folder solutions/.
        secret: the course's secret seed, if there is one.

    Raises:
        Leak: names the first line found, its file and where it comes from.
    """
    forbidden, order = secret_lines(solutions), lesson_numbers(solutions)
    for name, packed in files.items():
        number = int(found[1]) if (found := LESSON.search(name)) else 0
        own = {f"{folder}/reference.py" for folder, other in order.items() if other == number}
        earlier = {f"{folder}/reference.py" for folder, other in order.items() if other < number}
        content = opened(name, packed)
        if secret and secret.encode() in content:
            raise Leak(f"{name} holds the course's secret seed. Make a new one before you publish anything.")
        for line in readable_lines(content):
            places = forbidden.get(line, set())
            if places & own or (places and not places & earlier):
                raise Leak(f"{name} holds a line of {min(places)}: `{line}`. Students would read an answer.")


def readable_lines(content: bytes) -> set[str]:
    """The stripped lines of a text; in a notebook's JSON the lines of its cells."""
    text = content.decode("utf-8", errors="ignore")
    lines = {line.strip() for line in text.splitlines()}
    quoted = (unquoted(item) for item in re.findall(r'"(?:[^"\\]|\\.)*"', text))
    return lines | {piece.strip() for item in quoted for piece in item.splitlines()}


def unquoted(item: str) -> str:
    """A JSON text's content; a piece that is none gives nothing away."""
    try:
        return str(json.loads(item, strict=False))
    except ValueError:
        return ""


def opened(name: str, content: bytes) -> bytes:
    """What is to be searched: the raw arrays of an archive and a fixture's manifest, any other file as it is."""
    if not name.endswith(".npz"):
        return content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = [archive.read(part) for part in archive.namelist()]
    with np.load(io.BytesIO(content)) as stored:
        manifest = str(stored["manifest"]) if "manifest" in stored.files else ""
        return b"\n".join([*parts, manifest.encode()])
