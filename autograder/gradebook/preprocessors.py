"""In place of nbgrader's Execute and of its rule that outputs are scores: verdicts go into notebook and gradebook."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_output
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor, SaveAutoGrades

from autograder.build.leaks import check_release
from autograder.grade.verdict import read_verdict
from autograder.gradebook.card import card_of
from autograder.lessons import CHECKOUT
from autograder.records import ExerciseVerdict, Verdict
from autograder.root import open_root


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
    return verdict.exercises.get(str(mark.get("grade_id", "")).removeprefix("check_"))


class InsertVerdict(NbGraderPreprocessor):  # type: ignore[misc]
    """Shows in each graded cell what was right, the first difference and the hint, with the points as its result."""

    def preprocess(self, nb: Any, resources: Any) -> Any:
        """Fill the graded cells."""
        verdict = verdict_for(self, resources)
        for cell in nb.cells:
            found = exercise_of(cell, verdict)
            if found is not None:
                data = {
                    "text/plain": repr(float(found.points)),
                    "text/html": card_of(cell.metadata.nbgrader.grade_id, found),
                }
                cell.outputs = [new_output("execute_result", data=data, execution_count=None)]
        return nb, resources


class SaveVerdict(SaveAutoGrades):  # type: ignore[misc]
    """Writes the verdict's points as automatic scores; manual scores and comments stay."""

    def preprocess(self, nb: Any, resources: Any) -> Any:
        """Take back all earlier automatic scores first, so that none outlives its cell."""
        self.verdict = verdict_for(self, resources)
        marks = resources["nbgrader"]
        with Gradebook(marks["db_url"]) as gradebook:
            for grade in gradebook.find_submission_notebook(
                marks["notebook"], marks["assignment"], marks["student"]
            ).grades:
                found = self.verdict.exercises.get(grade.cell.name.removeprefix("check_"))
                if found is None or found.outcome != "infra_error":
                    grade.auto_score = None
            gradebook.db.commit()
        return super().preprocess(nb, resources)

    def _add_score(self, cell: Any, resources: Any) -> None:
        """The points of one graded cell. Our own faults never cost marks: the earlier score stays, a person looks."""
        found = exercise_of(cell, self.verdict)
        if found is None:
            super()._add_score(cell, resources)
            return
        name = cell.metadata["nbgrader"]["grade_id"]
        grade = self.gradebook.find_grade(name, self.notebook_id, self.assignment_id, self.student_id)
        if found.outcome == "infra_error":
            grade.needs_manual_grade = True
        else:
            grade.auto_score = float(found.points)
            grade.needs_manual_grade = grade.manual_score is not None
        self.gradebook.db.commit()


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
