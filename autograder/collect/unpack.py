"""Zip files and folders as lists of regular files. Nothing is written and no name of an archive becomes a path.

Holds against: paths that lead elsewhere, links and devices, bombs (size, ratio, number of files, zips in zips, other
compressions), encrypted, truncated and damaged members. Does not hold against faults of Python's zlib.
"""

from __future__ import annotations

import os
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from autograder.errors import CourseError
from autograder.read.files import Refused, printable, read_regular

MAX_RATIO, RATIO_FROM = 200, 2**20  # a notebook shrinks to a tenth; small files may shrink more
MAX_DEPTH, MAX_NAME = 20, 1000
MAX_FILES = 200_000  # of a class
MAX_FILES_OF_ONE = 2_000
MAX_DIRECTORY = 2**20  # bytes of the list of files at the end of a student's zip
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError, OverflowError, struct.error)
END, END64 = b"PK\5\6", b"PK\6\7"
TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Signs that show a name in another order than it is written in."""


class BadEntry(Exception):
    """A file is not read; the message says why."""


class ArchiveError(CourseError):
    """The archive as a whole cannot be read."""


@dataclass(frozen=True)
class Entry:
    """A regular file in an archive."""

    name: str
    """Its path, with "/"."""
    read: Callable[[int], bytes]
    """Its content, of at most so many bytes; raises BadEntry."""


@dataclass(frozen=True)
class Refusal:
    """Something that was not taken, and why."""

    file: str
    reason: str


Unpacked = tuple[list[Entry], list[Refusal]]


@contextmanager
def open_archive(path: Path) -> Iterator[Unpacked]:
    """The files of a bulk download: a zip, or the folder that a browser made of it.

    Raises:
        ArchiveError: it is neither, or damaged.
    """
    if path.is_dir():
        yield list_folder(path)
        return
    try:
        file = path.open("rb")
    except OSError as error:
        raise ArchiveError(f"Expected a zip file or a folder. {path}: {error.strerror}.") from None
    with file:
        try:
            found = list_zip(file, MAX_FILES)
        except BadEntry as error:
            raise ArchiveError(f"{path} cannot be read: {error}. Download it again.") from None
        yield found


def list_folder(top: Path) -> Unpacked:
    """The files below a folder; links are not followed."""
    entries, refusals = [], []
    for folder, names, files in os.walk(top):
        names.sort()
        for name in sorted(files):
            path = Path(folder, name)
            inside = path.relative_to(top).as_posix()
            if stat.S_ISREG(path.lstat().st_mode):
                entries.append(Entry(unicodedata.normalize("NFC", inside), reader_of(path)))
            else:
                refusals.append(Refusal(printable(inside), "a link or a device"))
    return entries, refusals


def reader_of(path: Path) -> Callable[[int], bytes]:
    """Reads a file of a folder."""

    def read(limit: int) -> bytes:
        try:
            return read_regular(path, limit)
        except Refused as error:
            raise BadEntry(str(error)) from None

    return read


def list_zip(file: BinaryIO, most: int, small: bool = False) -> Unpacked:
    """The files of a zip.

    Args:
        file: an open, seekable file; it stays open while entries are read.
        most: files that it may have.
        small: whether its list of files must be small: a student's own zip.

    Raises:
        BadEntry: it is no zip, or damaged, or has too many files.
    """
    if small and directory_size(file) > MAX_DIRECTORY:
        raise BadEntry("its list of files is larger than any student's work")
    try:
        archive = zipfile.ZipFile(file)
        members = archive.infolist()
    except BROKEN as error:
        raise BadEntry(f"not a whole zip file ({error})") from None
    if len(members) > most:
        raise BadEntry(f"expected at most {most} files, found {len(members)}")
    entries, refusals = [], []
    for member in members:
        name = name_of(member)
        reason = why_not(member, name)
        if reason:
            refusals.append(Refusal(printable(name), reason))
        elif not member.is_dir():
            entries.append(Entry(name, member_reader(archive, member)))
    return entries, refusals


def directory_size(file: BinaryIO) -> int:
    """Bytes of a zip's list of files, as its end says; read before zipfile turns each into an object.

    Raises:
        BadEntry: there is no end, or one for archives beyond 4 GB.
    """
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - 2**16 - 42))
    tail = file.read()
    plain = tail[-22:-18] == END and tail[-2:] == b"\0\0"
    at = len(tail) - 22 if plain else tail.rfind(END)
    if at < 0 or len(tail) < at + 22:
        raise BadEntry("not a whole zip file (it has no end)")
    if tail[max(0, at - 20) :].startswith(END64):
        raise BadEntry("a zip for archives beyond 4 GB")
    return int(struct.unpack_from("<L", tail, at + 12)[0])


def name_of(member: zipfile.ZipInfo) -> str:
    """A member's path. Many tools write UTF-8 without saying so, and macOS takes letters and accents apart."""
    name = member.filename
    if not member.flag_bits & 0x800:
        try:
            name = name.encode("cp437").decode("utf-8")
        except UnicodeError:
            name = member.filename
    return unicodedata.normalize("NFC", name.replace("\\", "/"))


def why_not(member: zipfile.ZipInfo, name: str) -> str:
    """Why a member is not taken; "" when it is."""
    mode = stat.S_IFMT(member.external_attr >> 16)
    parts = name.rstrip("/").split("/")
    if mode not in (0, stat.S_IFREG, stat.S_IFDIR):
        return "a link or a device"
    if any(part in ("", ".", "..") for part in parts) or (len(parts[0]) == 2 and parts[0][1] == ":"):
        return "a path that leads out of the archive"
    if len(parts) > MAX_DEPTH or len(name) > MAX_NAME or is_misleading(name):
        return "a path that no student's file has"
    if member.is_dir():
        return ""
    if member.flag_bits & 0x1:
        return "encrypted: hand in a zip without a password"
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return "compressed in an unusual way: hand in an ordinary zip"
    if member.file_size > RATIO_FROM and member.file_size > MAX_RATIO * max(1, member.compress_size):
        return f"it would grow more than {MAX_RATIO} times"
    return ""


def is_misleading(name: str) -> bool:
    """Whether a name holds control characters or halves of signs, or is shown in another order than it is written."""
    return any(c in TURNING or unicodedata.category(c) in ("Cc", "Cs") for c in name)


def member_reader(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Callable[[int], bytes]:
    """Reads a member of a zip; what its header says of its size is not believed."""

    def read(limit: int) -> bytes:
        try:
            with archive.open(member) as file:
                content = file.read(limit + 1)
        except BROKEN as error:
            raise BadEntry(f"damaged ({error})") from None
        if len(content) > limit:
            raise BadEntry(f"larger than {limit / 2**20:g} MB")
        return content

    return read
