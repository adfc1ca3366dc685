"""nbgrader's own zip_collect with our care: its two plug-ins for a course made by `autograder init`.

`autograder collect` does more (times, rosters, resubmissions, bundles, a report). This is for those who call nbgrader:
put the archive into downloaded/ASSIGNMENT/archive/, then `nbgrader zip_collect ASSIGNMENT
--CourseCollector.system=canvas`.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from nbgrader.plugins.zipcollect import ExtractorPlugin, FileNameCollectorPlugin
from traitlets import Enum, default

from autograder.collect.choose import LIMITS, kind_of
from autograder.collect.systems import CANVAS, is_noise
from autograder.collect.unpack import ArchiveError, BadEntry, open_archive
from autograder.read.files import printable

FILE = r"(?P<file_id>[^/]+)$"
PATTERNS = {
    "canvas": rf".*/{CANVAS}_\d+_(?P<file_id>[^/]+?)(?:-\d+)?(?P<ending>\.\w+)$",
    "moodle": rf".*/[^/_]*_(?P<student_id>\d+)_assignsubmission_file_?(?:/.*)?/?{FILE}",
    "plain": rf".*/extracted/[^/]+/(?P<student_id>[^/]+)/(?:.*/)?{FILE}",
}


class SafeExtractor(ExtractorPlugin):  # type: ignore[misc]
    """Writes the notebooks and artifacts of each archive, and nothing else of it; zips within are left out."""

    def extract(self, archive_path: str, extracted_path: str) -> None:
        """Each archive into a folder of its own name."""
        for path in sorted(Path(archive_path).iterdir()):
            if path.is_symlink() or path.suffix.lower() != ".zip":
                self.log.warning("Expected a zip. Left out: %s", path)
                continue
            try:
                self.extract_one(path, Path(extracted_path, path.stem))
            except ArchiveError as error:
                self.log.error("%s", error)

    def extract_one(self, archive: Path, folder: Path) -> None:
        """The files of one archive."""
        with open_archive(archive) as (entries, refusals):
            for refusal in refusals:
                self.log.warning("Left out: %s: %s", refusal.file, refusal.reason)
            for entry in entries:
                kind, _ = kind_of(entry.name.rpartition("/")[2])
                if not kind or is_noise(entry.name):
                    continue
                try:
                    write_new(folder / entry.name, entry.read(LIMITS[kind]))
                except (BadEntry, OSError) as error:
                    self.log.warning("Left out: %s: %s", printable(entry.name), error)


def write_new(path: Path, content: bytes) -> None:
    """Write a file that is not there yet; its folders are made. The path was checked when the archive was read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)


class CourseCollector(FileNameCollectorPlugin):  # type: ignore[misc]
    """The student and the file from a name of Canvas, Moodle, or a folder for each student."""

    system = Enum(list(PATTERNS), default_value="plain", help="canvas, moodle or plain").tag(config=True)

    @default("named_regexp")
    def _named_regexp(self) -> str:
        """The system's pattern."""
        return PATTERNS[self.system]

    @default("valid_ext")
    def _valid_ext(self) -> list[str]:
        """What may be graded."""
        return [".ipynb", ".h5", ".json"]

    def collect(self, submitted_file: str) -> dict[str, Any] | None:
        """As nbgrader's; files of trained models go into artifacts/."""
        found: dict[str, Any] | None = super().collect(submitted_file)
        if found and not submitted_file.endswith(".ipynb"):
            found["file_id"] = f"artifacts/{found['file_id'].rpartition('/')[2]}"
        return found
