"""What a fixture was built from, as one number: a fixture whose sources have not changed need not be built again."""

from __future__ import annotations

import ast
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

BUILDER = "autograder.build.fixtures"
RECORD = "fixture.json"
"""Beside a lesson's reference: the digests of the fixture's sources and of the fixture, as they were when it was built.

It holds neither data files nor the versions of Keras and TensorFlow: `autograder build --check --whole` trusts no
record.
"""


def record_of(checkout: Path, lesson: str, exercises: list[str], fixture: bytes) -> bytes:
    """The record's text, for sources as they are and this fixture."""
    sources = sources_digest(checkout, lesson, exercises)
    digests = {"sources": sources, "fixture": hashlib.sha256(fixture).hexdigest()}
    return (json.dumps(digests, indent=1) + "\n").encode()


def sources_digest(checkout: Path, lesson: str, exercises: list[str]) -> str:
    """SHA-256 over the exercises' names and all modules of ours that the lesson's fixture depends on."""
    digest = hashlib.sha256("\n".join(exercises).encode() + b"\0")
    for name, path in sorted(modules(checkout, lesson).items()):
        digest.update(f"{name}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()


def modules(checkout: Path, lesson: str) -> dict[str, Path]:
    """Name to file of the builder, the lesson's solutions, and everything of ours that they import."""
    roots = [checkout, checkout / "course"]
    folder = checkout / "solutions" / lesson
    own = [path for path in folder.rglob("*.py") if "answers" not in path.relative_to(folder).parts]
    waiting = [BUILDER, *(".".join(path.relative_to(checkout).with_suffix("").parts) for path in own)]
    found: dict[str, Path] = {}
    while waiting:
        name = waiting.pop()
        path = file_of(name, roots)
        if path and name not in found:
            found[name] = path
            waiting += imported(path)
    return found


def file_of(name: str, roots: list[Path]) -> Path | None:
    """The file of one of our modules; None for what is installed, and for a name that is no module."""
    for root in roots:
        stem = root.joinpath(*name.split("."))
        for path in (stem.with_suffix(".py"), stem / "__init__.py"):
            if path.is_file():
                return path
    return None


def imported(path: Path) -> Iterator[str]:
    """The names that a module imports, anywhere in it; of `from a import b` both a and a.b."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (node.module, *(f"{node.module}.{alias.name}" for alias in node.names))
