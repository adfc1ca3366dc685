"""A folder that is written again and again: our own files are kept up to date, nobody else's are touched."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from autograder.grade.verdict import write_whole
from autograder.lessons import CHECKOUT
from autograder.publish.contents import PublishError
from autograder.root import CourseRoot

MANIFEST = ".vitlab-public.json"
MADE_BY = "autograder publish"


@dataclass(frozen=True)
class Published:
    """What changed in the folder, as paths in it."""

    written: tuple[str, ...]
    removed: tuple[str, ...]
    kept: tuple[str, ...]
    """No longer part of the course, but changed by hand: a person decides."""


def update(folder: Path, files: dict[str, bytes], root: CourseRoot | None = None) -> Published:
    """Make the folder hold these files; of ours, remove those that it should not hold any more.

    Args:
        folder: new, empty, a fresh clone, or published before.
        files: path to content.
        root: the course, whose own folder is never published into.

    Raises:
        PublishError: the folder is not ours, or a file of somebody else's is in the way. Nothing is written.
    """
    folder = folder.resolve()
    refuse_private(folder, root)
    ours = read_manifest(folder)
    changed = tuple(sorted(name for name, content in files.items() if content_of(folder / name) != content))
    for name in changed:
        refuse_foreign(folder, name, ours)
    stale = sorted(name for name in ours if name not in files and os.path.lexists(folder / name))
    removed = tuple(name for name in stale if sha256(content_of(folder / name)) == ours[name])
    kept = tuple(name for name in stale if name not in removed)
    hashes = {name: sha256(content) for name, content in files.items()} | {name: ours[name] for name in kept}
    note(folder, ours | hashes)  # before anything else: stopped in the middle, all of it is still ours
    for name in changed:
        write_public(folder / name, files[name])
    for name in removed:
        remove(folder, name)
    note(folder, hashes)
    return Published(changed, removed, kept)


def refuse_private(folder: Path, root: CourseRoot | None) -> None:
    """Refuse a folder that holds, or is, what students must not see."""
    private = [CHECKOUT, *([root.path] if root else [])]
    if folder.is_relative_to(CHECKOUT) or any(path.is_relative_to(folder) for path in private):
        raise PublishError(f"Expected a folder apart from solutions and course. Received: {folder}. Choose another.")


def read_manifest(folder: Path) -> dict[str, str]:
    """Path to hash of the files that an earlier publish wrote; empty for a new folder.

    Raises:
        PublishError: the folder holds something, and not from us.
    """
    if os.path.lexists(folder) and not folder.is_dir():
        raise PublishError(f"Expected a folder. {folder} is a file: choose another name.")
    present = {entry.name for entry in folder.iterdir()} if folder.is_dir() else set()
    if present <= {".git"}:
        return {}
    try:
        content = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        files = {str(name): str(digest) for name, digest in content["files"].items()}
        known = content["made_by"] == MADE_BY and all(map(is_inside, files))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        known = False
    if not known:
        raise PublishError(
            f"Expected a new or empty folder, or one made by `{MADE_BY}`. {folder} holds other files, which are never "
            "overwritten: choose another."
        )
    return files


def is_inside(name: str) -> bool:
    """Whether a path of the manifest stays in the folder."""
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts and path.parts[:1] not in ((), (".git",))


def refuse_foreign(folder: Path, name: str, ours: dict[str, str]) -> None:
    """Refuse to write where somebody else's file or link stands."""
    path = folder / name
    parents = [parent for parent in path.parents if parent.is_relative_to(folder) and parent != folder]
    in_the_way = [parent for parent in parents if parent.is_symlink() or (parent.exists() and not parent.is_dir())]
    if os.path.lexists(path) and (name not in ours or path.is_dir()):
        in_the_way.append(path)
    if in_the_way:
        raise PublishError(f"{in_the_way[0]} is in the way and not from `{MADE_BY}`. Move it, then publish again.")


def content_of(path: Path) -> bytes:
    """A regular file's content; of anything else, something that no file of ours holds."""
    return path.read_bytes() if path.is_file() and not path.is_symlink() else b"\0not a file"


def sha256(content: bytes) -> str:
    """A file's hash."""
    return hashlib.sha256(content).hexdigest()


def write_public(path: Path, content: bytes) -> None:
    """Write a file whole; everybody may read it."""
    write_whole(path, content)
    path.chmod(0o644)


def note(folder: Path, hashes: dict[str, str]) -> None:
    """Write down which files are ours."""
    text = json.dumps({"made_by": MADE_BY, "files": hashes}, indent=1, sort_keys=True) + "\n"
    if content_of(folder / MANIFEST) != text.encode():
        write_public(folder / MANIFEST, text.encode())


def remove(folder: Path, name: str) -> None:
    """Remove a file of ours, and its folder when nothing else is left in it."""
    path = folder / name
    path.unlink()
    if path.parent != folder and not any(path.parent.iterdir()):
        path.parent.rmdir()
