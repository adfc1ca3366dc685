"""nbgrader's GenerateFeedback with the gradebook opened once, and with what a page says beside the points."""

from __future__ import annotations

from typing import Any

from nbgrader.converters.generate_feedback import GenerateFeedback
from nbgrader.preprocessors import GetGrades
from traitlets import List

from autograder.gradebook.database import one_gradebook


class CourseGrades(GetGrades):  # type: ignore[misc]
    """Points as nbgrader's, and who gave them; comments that a person wrote."""

    def _get_comment(self, cell: Any, resources: Any) -> None:
        """A person's comment; nbgrader's own "No response." says nothing that the page does not say better."""
        name = cell.metadata["nbgrader"]["grade_id"]
        comment = self.gradebook.find_comment(name, self.notebook_id, self.assignment_id, self.student_id)
        cell.metadata.nbgrader["comment"] = comment.manual_comment

    def _get_score(self, cell: Any, resources: Any) -> None:
        """The points of a graded cell; `by_machine` and `by_hand` are None where nobody gave any."""
        super()._get_score(cell, resources)
        name = cell.metadata["nbgrader"]["grade_id"]
        grade = self.gradebook.find_grade(name, self.notebook_id, self.assignment_id, self.student_id)
        cell.metadata.nbgrader["by_machine"] = grade.auto_score
        cell.metadata.nbgrader["by_hand"] = grade.manual_score


class CourseFeedback(GenerateFeedback):  # type: ignore[misc]
    """As nbgrader's, for our exporter."""

    preprocessors = List([CourseGrades])

    def start(self) -> None:
        """As nbgrader's, with the gradebook opened once."""
        with one_gradebook():
            super().start()
