"""From one student's files to what is graded: one notebook, and the files of trained models."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import PurePosixPath

from autograder.collect.systems import Piece, is_noise
from autograder.collect.unpack import MAX_FILES_OF_ONE, BadEntry, Entry, Refusal, list_zip
from autograder.read.files import printable
from autograder.read.notebook import MAX_NOTEBOOK

WEIGHTS = 40 * 2**20
# twice what is graded: the grader then tells the student by how much it is too large
LIMITS = {"notebook": 2 * MAX_NOTEBOOK, "weights": 2 * WEIGHTS, "arguments": 2**20}
MAX_BUNDLE, MAX_IN_ALL = 200 * 2**20, 600 * 2**20
MAX_NESTED, MAX_ARTIFACTS, MAX_LISTED = 2, 8, 20
COPY = re.compile(r"(?: ?\(\d+\)|-\d+|-Copy\d+|_copy| copy(?: \d+)?)+$")
ARTIFACT = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}")
NO_ZIP = (".7z", ".gz", ".rar", ".tar", ".tgz", ".xz")


@dataclass(frozen=True)
class Leaf:
    """A file that may be graded."""

    piece: Piece
    path: str
    entry: Entry
    kind: str
    name: str
    """What it is a copy of: "01_attention (1).ipynb" has the name "01_attention"."""


@dataclass
class Chosen:
    """What is graded of a student, and what is not."""

    files: dict[str, bytes] = field(default_factory=dict)
    """Path in the submission's folder to content; none when there is nothing to grade."""
    sources: dict[str, str] = field(default_factory=dict)
    """The same paths to the names in the archive."""
    renamed: list[str] = field(default_factory=list)
    repeated: list[str] = field(default_factory=list)
    """Handed in, but something newer counts."""
    ignored: list[str] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    limits: dict[str, int] = field(default_factory=LIMITS.copy)
    """Bytes that a file of each kind may have."""
    room: int = MAX_IN_ALL
    """Bytes that may still be read."""

    def read(self, entry: Entry, limit: int) -> bytes:
        """An entry's content, within what one student may bring in all.

        Raises:
            BadEntry: it is larger, or damaged.
        """
        content = entry.read(min(limit, self.room))
        self.room -= len(content)
        return content


def choose(pieces: list[Piece], assignment: str, weights: int = WEIGHTS) -> Chosen:
    """Choose from all files of one student.

    The newest submission counts. Of several files for one place the newest counts where the system says which it is;
    else the one under the right name; else none: that would be a guess, unless all are alike.

    Args:
        pieces: of one student.
        assignment: e.g. "01_attention".
        weights: bytes that the weights of a trained model may have.
    """
    chosen = Chosen(limits={**LIMITS, "weights": 2 * weights})
    newest = max(piece.attempt for piece in pieces)
    chosen.repeated += sorted({printable(piece.entry.name) for piece in pieces if piece.attempt != newest})
    leaves: list[Leaf] = []
    for piece in pieces:
        if piece.attempt == newest:
            add_leaves(chosen, leaves, piece, piece.file, piece.entry, 0)
    notebooks = [leaf for leaf in leaves if leaf.kind == "notebook"]
    exact = [leaf for leaf in notebooks if is_copy(PurePosixPath(leaf.path).stem, assignment)]
    chosen.ignored += [printable(leaf.path) for leaf in notebooks if exact and leaf not in exact][:MAX_LISTED]
    take(chosen, exact or notebooks, f"{assignment}.ipynb")
    if not chosen.files:
        return chosen
    targets: dict[str, list[Leaf]] = {}
    for leaf in leaves:
        if leaf.kind != "notebook":
            ending = ".weights.h5" if leaf.kind == "weights" else ".json"
            targets.setdefault(f"artifacts/{leaf.name}{ending}", []).append(leaf)
    for number, (target, found) in enumerate(sorted(targets.items())):
        if number < 2 * MAX_ARTIFACTS:
            take(chosen, found, target)
        else:
            chosen.ignored.append(printable(found[0].path))
    return chosen


def add_leaves(chosen: Chosen, leaves: list[Leaf], piece: Piece, path: str, entry: Entry, depth: int) -> None:
    """Add what a file holds: itself, or the members of a zip."""
    inner = PurePosixPath(path)
    suffix = inner.suffix.lower()
    if is_noise(path) or len(leaves) > MAX_FILES_OF_ONE:
        return
    if suffix == ".zip":
        try:
            if depth >= MAX_NESTED:
                raise BadEntry("a zip in a zip in a zip")
            entries, refusals = list_zip(BytesIO(chosen.read(entry, MAX_BUNDLE)), MAX_FILES_OF_ONE, small=True)
        except BadEntry as error:
            refuse(chosen, path, str(error))
            return
        for refusal in refusals:
            refuse(chosen, f"{path}/{refusal.file}", refusal.reason)
        for member in entries:
            add_leaves(chosen, leaves, piece, f"{path}/{member.name}", member, depth + 1)
        return
    kind, name = kind_of(inner.name)
    if kind:
        leaves.append(Leaf(piece, path, entry, kind, name))
    elif suffix in NO_ZIP:
        refuse(chosen, path, "expected a zip or the files themselves")
    elif suffix == ".keras":
        refuse(chosen, path, "a whole Keras model can hold code: expected its .weights.h5")
    elif len(chosen.ignored) < MAX_LISTED:
        chosen.ignored.append(printable(path))


def is_copy(stem: str, assignment: str) -> bool:
    """Whether a notebook has the assignment's name, or that with a copy's mark; "hw-2" may be an assignment's own."""
    head, mark = stem[: len(assignment)], stem[len(assignment) :]
    return head.casefold() == assignment.casefold() and (not mark or bool(COPY.fullmatch(mark)))


def kind_of(file: str) -> tuple[str, str]:
    """("notebook", "weights" or "arguments", name) of a file, or ("", "")."""
    stem, _, suffix = file.rpartition(".")
    name = COPY.sub("", stem)
    if suffix.lower() == "ipynb":
        return "notebook", name
    if suffix.lower() == "h5":
        name, kind = COPY.sub("", name.removesuffix(".weights")), "weights"
    elif suffix.lower() == "json":
        kind = "arguments"
    else:
        return "", ""
    return (kind, name) if ARTIFACT.fullmatch(name) else ("", "")


def take(chosen: Chosen, leaves: list[Leaf], target: str) -> None:
    """Take the newest of several files for one place."""
    readable: list[tuple[Leaf, bytes]] = []
    for leaf in sorted(leaves, key=lambda leaf: leaf.piece.order, reverse=True):
        older = readable and readable[0][0].piece.order > leaf.piece.order
        if older or len(readable) > MAX_ARTIFACTS:
            chosen.repeated.append(printable(leaf.path))
            continue
        try:
            readable.append((leaf, chosen.read(leaf.entry, chosen.limits[leaf.kind])))
        except BadEntry as error:
            refuse(chosen, leaf.path, str(error))
    best = pick(readable, PurePosixPath(target).name)
    if best is None:
        for leaf, _ in readable:
            refuse(chosen, leaf.path, f"one of {len(readable)} for {target}, and nothing says which is the newest")
        return
    leaf, content = best
    chosen.files[target], chosen.sources[target] = content, leaf.piece.entry.name
    chosen.repeated += [printable(other.path) for other, _ in readable if other is not leaf]
    if PurePosixPath(leaf.path).name != PurePosixPath(target).name:
        chosen.renamed.append(printable(leaf.path))


def pick(readable: list[tuple[Leaf, bytes]], wanted: str) -> tuple[Leaf, bytes] | None:
    """The one to take of equally new files, or None where that would be a guess."""
    under_its_name = [one for one in readable if PurePosixPath(one[0].path).name == wanted]
    left = under_its_name or readable
    return left[0] if len({content for _, content in left}) == 1 else None


def refuse(chosen: Chosen, path: str, reason: str) -> None:
    """Note why a file is not taken; a bad archive does not fill the report."""
    if len(chosen.refused) < MAX_LISTED:
        chosen.refused.append(Refusal(printable(path), reason))
