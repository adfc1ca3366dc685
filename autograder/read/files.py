"""Read a file that somebody handed in: a regular one of moderate size, no link, no device."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

MAX_SHOWN = 5
"""Names of files in one message."""


class Refused(Exception):
    """The file cannot be read as what it should be; the message says what to do."""


class TooLarge(Refused):
    """The file has too many bytes."""


def printable(name: str) -> str:
    """A file name that can be shown and stored, whatever bytes it is made of."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in name)[:100]


def read_regular(path: Path | str, limit: int, folder: int | None = None, kind: str = "a notebook file") -> bytes:
    """The bytes of a regular file of at most `limit` bytes; links are never followed.

    Args:
        path: the file's.
        limit: bytes.
        folder: descriptor of the folder in which a relative path begins; None for the working directory.
        kind: what is expected, for people.

    Raises:
        Refused: it is a link, a device, too large, or cannot be read.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=folder)
    except OSError as error:
        what = "a link" if error.errno == errno.ELOOP else f"a file that cannot be read ({error.strerror})"
        raise Refused(f"Expected {kind}. Received: {what}. Hand in the file itself.") from None
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        os.close(descriptor)
        raise Refused(f"Expected {kind}. Received: a folder or a device. Hand in the file itself.")
    with os.fdopen(descriptor, "rb") as file:
        data = file.read(limit + 1)
    if len(data) > limit:
        raise TooLarge(f"Expected at most {size_of(limit)}. Received: {size_of(status.st_size)}.")
    return data


def size_of(count: int) -> str:
    """A number of bytes for people."""
    return f"{count / 2**20:.0f} MB" if count >= 2**20 else f"{count / 2**10:.0f} kB"
