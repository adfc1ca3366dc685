"""The folder that a zygote runs from: the few modules that it needs, and a scratch folder for its jobs."""

from __future__ import annotations

import logging
import shutil
import subprocess
import tempfile
from pathlib import Path

INSIDE = ("__init__.py", "records.py")
"""Modules beside run/ that the zygote imports."""


class Stage:
    """A temporary folder with engine/ and scratch/."""

    def __init__(self, inside: str | None = None) -> None:
        """Make the folder and fill engine/: this package's run modules, and vitlab without its fixtures.

        Args:
            inside: where to make it; None: where temporary folders lie.
        """
        import vitlab

        self.folder = Path(tempfile.mkdtemp(prefix="autograder-", dir=inside))
        self.engine, self.scratch = self.folder / "engine", self.folder / "scratch"
        package, no_caches = Path(__file__).parent.parent, shutil.ignore_patterns("__pycache__")
        shutil.copytree(package / "run", self.engine / "autograder" / "run", ignore=no_caches)
        for name in INSIDE:
            shutil.copy(package / name, self.engine / "autograder" / name)
        no_answers = shutil.ignore_patterns("__pycache__", "*.npz")
        shutil.copytree(Path(vitlab.__file__).parent, self.engine / "vitlab", ignore=no_answers)
        self.scratch.mkdir()

    def empty_scratch(self) -> None:
        """Take away what a job left, however deep and locked it is."""
        if any(self.scratch.iterdir()):
            remove(self.scratch)
            self.scratch.mkdir()

    def remove(self) -> None:
        """Take everything away, or say in the log what stayed."""
        remove_if_possible(self.folder)


def remove_if_possible(folder: Path) -> None:
    """Remove a folder, or say in the log what stayed."""
    try:
        remove(folder)
    except subprocess.CalledProcessError as error:
        logging.getLogger(__name__).error("%s could not be removed: %s", folder, error.stderr.decode())


def remove(folder: Path) -> None:
    """Remove a folder that student code may have filled: chmod and rm manage any depth, Python's own does not.

    Raises:
        CalledProcessError: something could not be removed.
    """
    subprocess.run(["chmod", "-R", "u+rwx", "--", str(folder)], capture_output=True)
    subprocess.run(["rm", "-rf", "--", str(folder)], capture_output=True, check=True)
