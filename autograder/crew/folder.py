"""The folder for all that a grading run writes for itself; one whose grader was killed is removed by the next run."""

from __future__ import annotations

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from autograder.run.stage import remove_if_possible

PREFIX = "autograder-crew-"
LOCK = "in-use"


@contextmanager
def own_folder() -> Iterator[str]:
    """A temporary folder that is marked as in use until the block or this process ends."""
    remove_abandoned()
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    with (folder / LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            yield str(folder)
        finally:
            remove_if_possible(folder)


def remove_abandoned() -> None:
    """Remove this user's folders whose graders are gone: the kernel took their locks back."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        try:
            if folder.lstat().st_uid != os.getuid():
                continue
            with (folder / LOCK).open("r") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                remove_if_possible(folder)
        except OSError:
            continue  # in use, just being made, or just being removed
