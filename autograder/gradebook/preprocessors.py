"""In place of nbgrader's Execute and of its rule that outputs are scores: verdicts go into notebook and gradebook."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any, ClassVar

import nbformat
from nbgrader.preprocessors import CheckCellMetadata, NbGraderPreprocessor, SaveAutoGrades

from autograder.build.leaks import check_release
from autograder.grade.verdict import parts_of, read_verdict
from autograder.gradebook.card import card_of
from autograder.gradebook.nodes import result
from autograder.lessons import CHECKOUT
from autograder.records import ExerciseVerdict, Verdict
from autograder.root import open_root

VERDICT = "application/vnd.vitlab.verdict+json"
"""Under this type a graded cell's result holds its part of the verdict as data, for the feedback page."""


class NoVerdict(Exception):
    """A submission reached the gradebook without a verdict."""


def verdict_for(preprocessor: Any, resources: Any) -> Verdict:
    """The verdict of the submission that is being converted."""
    marks = resources["nbgrader"]
    root = open_root(Path(preprocessor.parent.parent.coursedir.root))
    verdict = read_verdict(root.verdict(marks["assignment"], marks["student"]))
    if verdict is None:
        raise NoVerdict(f"No verdict for {marks['student']}. Run `autograder grade {marks['assignment']}` and look.")
    return verdict


def exercise_of(cell: Any, verdict: Verdict) -> ExerciseVerdict | None:
    """The part of the verdict that a graded cell shows, or None for cells that a person grades."""
    mark = cell.metadata.get("nbgrader", {})
    if not mark.get("grade") or mark.get("solution"):
        return None
    return part_of(str(mark.get("grade_id", "")), verdict)


def part_of(grade_id: str, verdict: Verdict) -> ExerciseVerdict | None:
    """The part of the verdict for a graded cell: in our lessons check_NAME, in plain notebooks whatever its id is."""
    parts = parts_of(verdict)
    return parts.get(grade_id) or parts.get(grade_id.removeprefix("check_"))


class InsertVerdict(NbGraderPreprocessor):  # type: ignore[misc]
    """Shows in each graded cell what was right, the first difference and the hint, with the points as its result."""

    def preprocess(self, nb: Any, resources: Any) -> Any:
        """Fill the graded cells."""
        insert_verdict(nb, verdict_for(self, resources))
        return nb, resources


def insert_verdict(nb: Any, verdict: Verdict) -> None:
    """Make each part of a verdict the result of its graded cell: as points, for people, and as data."""
    for cell in nb.cells:
        found = exercise_of(cell, verdict)
        if found is not None:
            data = {
                "text/plain": repr(float(found.points)),
                "text/html": card_of(cell.metadata.nbgrader.grade_id, found),
                VERDICT: asdict(found),
            }
            cell.outputs = [result(data)]


class SaveVerdict(SaveAutoGrades):  # type: ignore[misc]
    """Writes the verdict's points as automatic scores; manual scores and comments stay."""

    def preprocess(self, nb: Any, resources: Any) -> Any:
        """Look up the verdict, then as nbgrader's."""
        self.verdict = verdict_for(self, resources)
        return super().preprocess(nb, resources)

    def preprocess_cell(self, cell: Any, resources: Any, cell_index: int) -> Any:
        """As nbgrader's; before the first cell all earlier automatic scores go, so that none outlives its cell."""
        if cell_index == 0:
            self.take_back()
        return super().preprocess_cell(cell, resources, cell_index)

    def take_back(self) -> None:
        """Forget the automatic scores of earlier grading, but where a fault of ours leaves no new one."""
        for grade in self.gradebook.find_submission_notebook(
            self.notebook_id, self.assignment_id, self.student_id
        ).grades:
            found = part_of(grade.cell.name, self.verdict)
            if found is None or found.outcome != "infra_error":
                grade.auto_score = None
        self.gradebook.db.commit()

    def _add_score(self, cell: Any, resources: Any) -> None:
        """The points of one graded cell. Our own faults never cost marks: the earlier score stays, a person looks."""
        found = exercise_of(cell, self.verdict)
        if found is None and cell.metadata["nbgrader"].get("solution"):
            super()._add_score(cell, resources)
            return
        name = cell.metadata["nbgrader"]["grade_id"]
        grade = self.gradebook.find_grade(name, self.notebook_id, self.assignment_id, self.student_id)
        if found is None:  # nbgrader would give full marks to a cell that shows nothing
            grade.auto_score, grade.needs_manual_grade = 0.0, True
        elif found.outcome == "infra_error":
            grade.needs_manual_grade = True
        else:
            grade.auto_score = float(found.points)
            grade.needs_manual_grade = found.by_hand or grade.manual_score is not None
        self.gradebook.db.commit()


class CheckMarks(CheckCellMetadata):  # type: ignore[misc]
    """nbgrader's check of its marks in the cells. All students' are alike, so what passed last is not checked again."""

    passed: ClassVar[str] = ""

    def preprocess(self, nb: Any, resources: Any) -> Any:
        """Check what decides: the kinds of the marked cells, and their marks."""
        marks = repr([(cell.cell_type, cell.metadata.nbgrader) for cell in nb.cells if "nbgrader" in cell.metadata])
        if marks != CheckMarks.passed:
            nb, resources = super().preprocess(nb, resources)
            CheckMarks.passed = marks
        return nb, resources


class RefuseLeaks(NbGraderPreprocessor):  # type: ignore[misc]
    """The last step of generate_assignment: a release that holds an answer or the secret seed is not written."""

    def preprocess(self, nb: Any, resources: Any) -> Any:
        """Look through the released notebook.

        Raises:
            Leak: names the line and where it comes from.
        """
        root = open_root(Path(self.parent.parent.coursedir.root))
        name = f"{resources['nbgrader']['notebook']}.ipynb"
        check_release({name: nbformat.writes(nb).encode()}, CHECKOUT / "solutions", root.secret)
        return nb, resources
