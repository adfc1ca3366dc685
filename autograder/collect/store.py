"""Writes a submission's folder whole: its files have names of ours, never of an archive's."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from autograder.read.files import Refused, read_regular

TIMESTAMP = "timestamp.txt"
LARGEST = 2**26


def stamp(time: datetime) -> bytes:
    """A time as nbgrader reads it."""
    return f"{time.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f} UTC\n".encode()


def stored_time(folder: Path) -> datetime | None:
    """When the submission that lies there was handed in, as far as is known."""
    try:
        text = read_regular(folder / TIMESTAMP, 1000).decode().strip().removesuffix("UTC").strip()
        time = datetime.fromisoformat(text)
    except (Refused, ValueError):
        return None
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def store(folder: Path, files: dict[str, bytes], time: datetime | None) -> str:
    """Put a submission in place of what lies there.

    Other files replace those that lie there unless both times are known and theirs is earlier. The same files are never
    kept out: a time that is given is written, an earlier one too, since it corrects the noted one; where none is given,
    the noted one stays.

    Args:
        folder: submitted/STUDENT/ASSIGNMENT.
        files: path in it to content.
        time: when it was handed in, if the system or the roster says so; never from a student's file.

    Returns:
        "collected", "replaced" (files or time), "unchanged", or "kept" where what lies there is newer.
    """
    there = os.path.lexists(folder)
    earlier = stored_time(folder) if there and not folder.is_symlink() else None
    if there and same(folder, files):
        if time in (None, earlier):
            return "unchanged"
    elif earlier and time and earlier > time:
        return "kept"
    wanted = {**files, TIMESTAMP: stamp(time)} if time else files
    incoming = Path(tempfile.mkdtemp(prefix=".incoming-", dir=folder.parent.parent))
    try:
        made = incoming / "new"
        for name, content in wanted.items():
            (made / name).parent.mkdir(parents=True, exist_ok=True)
            (made / name).write_bytes(content)
        folder.parent.mkdir(exist_ok=True)
        if there:
            os.replace(folder, incoming / "old")
        os.replace(made, folder)
    finally:
        with contextlib.suppress(OSError):  # what is left over begins with a dot, and is nobody's submission
            shutil.rmtree(incoming)
    return "replaced" if there else "collected"


def same(folder: Path, files: dict[str, bytes]) -> bool:
    """Whether a folder holds exactly these files, whatever time is noted beside them."""
    if folder.is_symlink():
        return False
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_symlink() or path.is_file()}
    try:
        return found - {TIMESTAMP} == set(files) and all(
            read_regular(folder / name, LARGEST) == content for name, content in files.items()
        )
    except Refused:
        return False
