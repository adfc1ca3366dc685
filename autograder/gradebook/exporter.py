"""What nbgrader reads as a submission: a notebook that is always valid and always complete."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nbconvert.exporters import NotebookExporter

from autograder.gradebook.presentable import presentable
from autograder.read.notebook import read_submission
from autograder.root import open_root


class SubmissionExporter(NotebookExporter):
    """Reads a submitted notebook with our reader; an autograded one as it is."""

    def from_filename(self, filename: str, resources: Any = None, **kwargs: Any) -> Any:
        """Convert one notebook of a student's, which may be missing or broken."""
        parent = self.parent
        assert parent is not None, "nbgrader's converter makes its exporter with itself as parent"
        if not parent._sanitizing:
            return super().from_filename(filename, resources, **kwargs)
        root = open_root(Path(parent.coursedir.root))
        assignment, student = resources["nbgrader"]["assignment"], resources["nbgrader"]["student"]
        submission = read_submission(root.submission(assignment, student), student, assignment)
        released = root.load(root.release(assignment), f"Run `nbgrader generate_assignment {assignment}` first.")
        return self.from_notebook_node(presentable(submission, released), resources, **kwargs)
