"""What the file names in each system's bulk download say: whose, which attempt, late or not.

Canvas (lib/content_zipper.rb): lastfirst[_LATE]_USERID_ATTACHMENTID_filename, anonymous ones anon_ID_ATTACHMENTID_...;
it holds the last attempt only, whose files end in -1, -2 where an earlier attempt had the same name.
Moodle (mod/assign/classes/downloader.php): "Full Name_PARTICIPANTID_assignsubmission_file[_]/path", or without folders
"Full Name_PARTICIPANTID_assignsubmission_file_name"; the last attempt only.
Gradescope: submission_ID/path, and submission_metadata.yml with submitters and times.
plain: STUDENT/path, STUDENT.zip or STUDENT.ipynb.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath

from autograder.collect.gradescope import METADATA, read_metadata
from autograder.collect.unpack import Entry, Refusal

CANVAS = r"(?:(?!LATE_|anon_)(?P<name>[^/]*?)_)?(?:(?P<late>LATE)_)?(?P<student_id>\d+|anon_[A-Za-z0-9]+)"
CANVAS_FILE = re.compile(rf"{CANVAS}_(?P<attachment>\d+)_(?P<file_id>.+)")
CANVAS_TEXT = re.compile(rf"{CANVAS}_(?:link|text)\.html")
MOODLE_PART = re.compile(
    r"(?P<name>[^/_]*)_(?P<student_id>\d+)_assignsubmission_(?P<kind>[a-z0-9]+)(?:_(?P<file_id>.*))?"
)
GRADESCOPE_FOLDER = re.compile(r"submission_\d+")
AGAIN = re.compile(r"-(\d+)$")
NO_PATTERN = "its name is not one that this system gives: is the format right?"
NOISE = ("__MACOSX", ".ipynb_checkpoints", "__pycache__")


@dataclass(frozen=True)
class Person:
    """A student as a system knows them."""

    system_id: str
    name: str = ""
    email: str = ""


@dataclass(frozen=True)
class Piece:
    """One file of a bulk download, and what its name says."""

    person: Person
    file: str
    """The path that the student gave it."""
    entry: Entry
    attempt: tuple[float, ...] = ()
    """Grows from one submission to the next; only the newest submission counts."""
    order: tuple[int, ...] = ()
    """Grows from one file to the next within a submission, where the system says so."""
    late: bool = False
    time: datetime | None = None


Sorted = tuple[list[Piece], list[Refusal]]


def is_noise(name: str) -> bool:
    """Whether a path is what computers leave behind; passed over in silence."""
    return any(part in NOISE or part.startswith("._") or part == ".DS_Store" for part in name.split("/"))


def from_canvas(entries: list[Entry]) -> Sorted:
    """Pieces of a Canvas download."""
    pieces, refusals = [], []
    for entry in entries:
        name = PurePosixPath(entry.name).name
        found = CANVAS_FILE.fullmatch(name)
        if found:
            again = AGAIN.search(PurePosixPath(found["file_id"]).stem)
            order = (int(found["attachment"]), int(again[1]) if again else 0)
            person = Person(found["student_id"], found["name"] or "")
            pieces.append(Piece(person, found["file_id"], entry, (), order, bool(found["late"])))
        elif CANVAS_TEXT.fullmatch(name):
            refusals.append(Refusal(name, "a text or a link was handed in, no file"))
        else:
            refusals.append(Refusal(entry.name, NO_PATTERN))
    return pieces, refusals


def from_moodle(entries: list[Entry]) -> Sorted:
    """Pieces of a Moodle download, with folders or without."""
    pieces, refusals = [], []
    for entry in entries:
        parts = entry.name.split("/")
        places = [(i, found) for i, part in enumerate(parts) if (found := MOODLE_PART.fullmatch(part))]
        if not places:
            refusals.append(Refusal(entry.name, NO_PATTERN))
            continue
        i, found = places[0]
        file = "/".join(filter(None, [found["file_id"], *parts[i + 1 :]]))
        if found["kind"] != "file" or not file:
            refusals.append(Refusal(entry.name, "a text was handed in, no file"))
        else:
            pieces.append(Piece(Person(found["student_id"], found["name"]), file, entry))
    return pieces, refusals


def from_gradescope(entries: list[Entry]) -> Sorted:
    """Pieces of a Gradescope export; a group's files are each member's.

    Raises:
        ArchiveError: there is no metadata file that can be read, so nobody knows whose files these are.
    """
    submissions = read_metadata(entries)
    pieces, refusals = [], []
    for entry in entries:
        parts = entry.name.split("/")
        i = next((i for i, part in enumerate(parts[:-1]) if GRADESCOPE_FOLDER.fullmatch(part)), None)
        if parts[-1] == METADATA:
            continue
        if i is None or parts[i] not in submissions:
            refusals.append(Refusal(entry.name, f"{METADATA} does not say whose it is"))
            continue
        submission = submissions[parts[i]]
        attempt = (submission.time.timestamp() if submission.time else 0.0, float(parts[i].partition("_")[2]))
        for number, name, email in submission.submitters:
            person, file = Person(number or email, name, email), "/".join(parts[i + 1 :])
            pieces.append(Piece(person, file, entry, attempt, (), False, submission.time))
    return pieces, refusals


def from_plain(entries: list[Entry]) -> Sorted:
    """Pieces of a folder for each student, or one file for each."""
    pieces, refusals = [], []
    for entry in entries:
        student, _, file = entry.name.partition("/")
        path = PurePosixPath(student)
        if file:
            pieces.append(Piece(Person(student), file, entry))
        elif path.suffix.lower() in (".zip", ".ipynb"):
            pieces.append(Piece(Person(path.stem), student, entry))
        else:
            refusals.append(Refusal(entry.name, "expected STUDENT/file, STUDENT.zip or STUDENT.ipynb"))
    return pieces, refusals


SYSTEMS: dict[str, Callable[[list[Entry]], Sorted]] = {
    "canvas": from_canvas,
    "moodle": from_moodle,
    "gradescope": from_gradescope,
    "plain": from_plain,
}
