"""A lesson's solutions as files: kept for each release, compared, sent to workers, and imported beside today's.

The files are the instructor's own and are run as the grader is; nothing that students hand in is ever among them.
"""

from __future__ import annotations

import ast
import hashlib
import importlib
import importlib.abc
import importlib.util
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any

SHARED = "shared"
"""In a release's folder: modules that all lessons use."""
PACKAGE = "solutions"
BARS = "bars.json"
AS_KEPT = "as_kept.sha256"
"""In a release's folder: the hash of its solutions when they were put there."""


@dataclass(frozen=True)
class Solutions:
    """Reference, cases, misconceptions, stand-ins and bars of one lesson, and what all lessons share."""

    lesson: str
    """Name of its folder, e.g. "attention"."""
    files: tuple[tuple[str, bytes], ...]
    """Path below solutions/, e.g. "attention/cases.py" or "registry.py", and content; sorted."""

    @property
    def sha256(self) -> str:
        """Hash of all files."""
        digest = hashlib.sha256()
        for path, content in self.files:
            digest.update(f"{path}\0{len(content)}\0".encode() + content)
        return digest.hexdigest()

    def content(self, name: str) -> bytes | None:
        """One of the lesson's own files, or None where it has none of this name."""
        return dict(self.files).get(f"{self.lesson}/{name}")


def lesson_files(folder: Path) -> list[Path]:
    """A lesson's own modules; kept answers of students are none."""
    return sorted([*folder.glob("*.py"), *(folder / "misconceptions").glob("*.py")])


def read_solutions(lesson: str, folder: Path, shared: Path) -> Solutions:
    """A lesson's solutions from their folder and that of the shared modules."""
    own = [path for path in (*lesson_files(folder), folder / BARS) if path.is_file()]
    files = {f"{lesson}/{path.relative_to(folder).as_posix()}": path.read_bytes() for path in own}
    files |= {path.name: path.read_bytes() for path in shared.glob("*.py")}
    return Solutions(lesson, tuple(sorted(files.items())))


def keep(solutions: Solutions, folder: Path) -> None:
    """Put a release's solutions into its folder, in place of all that are there; other files stay in it.

    They are written beside it, and the two are swapped: whenever this is stopped, the folder holds the earlier ones or
    these, or is found again by the next call.
    """
    new, old = (folder.with_name(f".{folder.name}.{age}") for age in ("new", "old"))
    if old.is_dir() and not folder.is_dir():
        old.rename(folder)  # a call was stopped in the middle of the swap
    for left in (new, old):
        shutil.rmtree(left, ignore_errors=True)
    if folder.is_dir():
        shutil.copytree(folder, new, symlinks=True)
    write_solutions(solutions, new)
    if folder.is_dir():
        folder.rename(old)
    new.rename(folder)
    shutil.rmtree(old, ignore_errors=True)


def write_solutions(solutions: Solutions, folder: Path) -> None:
    """Write solutions and their hash into a folder, without those that were there."""
    shared = folder / SHARED
    for former in (*lesson_files(folder), folder / BARS, *shared.glob("*.py")):
        former.unlink(missing_ok=True)
    for path, content in solutions.files:
        top, _, rest = path.partition("/")
        place = folder / rest if top == solutions.lesson else shared / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    (folder / AS_KEPT).write_text(solutions.sha256 + "\n", encoding="ascii")


def is_mended(solutions: Solutions, folder: Path) -> bool:
    """Whether the solutions that were read from a release's folder were changed there since they were kept, or nothing
    tells that they were not."""
    noted = folder / AS_KEPT
    return not noted.is_file() or noted.read_text(encoding="ascii").strip() != solutions.sha256


def read_kept(lesson: str, folder: Path, today: Path) -> Solutions | None:
    """The solutions in a release's folder, or None where there are none.

    Args:
        lesson: name of its folder in solutions/.
        folder: of the release.
        today: where the shared modules are taken from if the release keeps none.
    """
    if not (folder / "reference.py").is_file():
        return None
    shared = folder / SHARED
    return read_solutions(lesson, folder, shared if shared.is_dir() else today)


def import_kept(solutions: Solutions, part: str) -> Any:
    """A module of a release's solutions, under a package of its own: two releases can be in one process.

    Args:
        solutions: of the release.
        part: e.g. "cases".
    """
    package = f"{PACKAGE}_{solutions.sha256[:16]}"
    if package not in sys.modules:
        sys.meta_path.insert(0, KeptModules(package, solutions))
    return importlib.import_module(f"{package}.{solutions.lesson}.{part}")


class KeptModules(importlib.abc.MetaPathFinder, importlib.abc.InspectLoader):
    """Finds and loads a release's modules from memory; what they import from each other is theirs as well. A module
    that the release does not hold is today's."""

    def __init__(self, package: str, solutions: Solutions) -> None:
        """Nothing is imported yet."""
        self.package, self.files = package, {f"{package}/{path}": content for path, content in solutions.files}

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The spec of a module of this release."""
        if not self.is_package(fullname) and self.file_of(fullname) is None:
            return None
        name = self.file_of(fullname) or fullname
        return importlib.util.spec_from_loader(fullname, self, origin=f"<{name}>", is_package=self.is_package(fullname))

    def file_of(self, fullname: str) -> str | None:
        """The file of a module, or None where it is a folder without one, or not of this release."""
        path = fullname.replace(".", "/")
        return next((name for name in (f"{path}.py", f"{path}/__init__.py") if name in self.files), None)

    def is_package(self, fullname: str) -> bool:
        """Whether a module has modules below it."""
        folder = fullname.replace(".", "/") + "/"
        return any(name.startswith(folder) for name in self.files)

    def get_source(self, fullname: str) -> str:
        """A module's text."""
        name = self.file_of(fullname)
        return self.files[name].decode() if name else ""

    def get_code(self, fullname: str) -> Any:
        """A module's code, in which imports from solutions are imports from this release."""
        tree = Renamed(self).visit(ast.parse(self.get_source(fullname)))
        return compile(tree, f"<{self.file_of(fullname) or fullname}>", "exec")

    def renamed(self, module: str) -> str:
        """The name under which a module of solutions is found."""
        top, _, rest = module.partition(".")
        own = f"{self.package}.{rest}" if rest else self.package
        return own if top == PACKAGE and (self.is_package(own) or self.file_of(own)) else module


class Renamed(ast.NodeTransformer):
    """Turns imports from solutions into imports from one release of them, wherever they stand."""

    def __init__(self, modules: KeptModules) -> None:
        """Args: the release's modules."""
        self.modules = modules

    def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.ImportFrom:
        """from solutions.x import y."""
        if node.module and not node.level:
            node.module = self.modules.renamed(node.module)
        return node

    def visit_Import(self, node: ast.Import) -> ast.Import:
        """import solutions.x.y as z."""
        for alias in node.names:
            alias.name = self.modules.renamed(alias.name) if alias.asname else alias.name
        return node
