"""What nbgrader reads as a submission: a notebook that is always valid and always complete."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nbconvert.exporters import NotebookExporter

from autograder.gradebook.presentable import presentable
from autograder.read.notebook import read_submission
from autograder.root import open_root


class SubmissionExporter(NotebookExporter):  # type: ignore[misc]
    """Reads a submitted notebook with our reader; an autograded one as it is."""

    def from_filename(self, filename: str, resources: Any = None, **kwargs: Any) -> Any:
        """Convert one notebook of a student's, which may be missing or broken."""
        if not self.parent._sanitizing:
            return super().from_filename(filename, resources, **kwargs)
        root = open_root(Path(self.parent.coursedir.root))
        assignment, student = resources["nbgrader"]["assignment"], resources["nbgrader"]["student"]
        submission = read_submission(root.submission(assignment, student), student, assignment)
        released = root.load(root.release(assignment), f"Run `nbgrader generate_assignment {assignment}` first.")
        return self.from_notebook_node(presentable(submission, released), resources, **kwargs)
