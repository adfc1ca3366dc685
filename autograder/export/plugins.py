"""Plug-ins of `nbgrader export`: --exporter=autograder.export.plugins.CanvasExport, MoodleExport or GradescopeExport.

--to names the file, or for Gradescope the folder; --assignment and --student choose, as in nbgrader's own.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.plugins.export import ExportPlugin
from traitlets import Dict

from autograder.collect.roster import is_student_id
from autograder.export.results import results_of
from autograder.export.scores import Line, lines_of, neutral, number, write_csv


class CourseExport(ExportPlugin):  # type: ignore[misc]
    """What the three have in common."""

    default_name = ""
    columns = Dict(
        help="Assignment to its column's title, e.g. {'01_attention': 'Attention by hand (4314282)'}: Canvas finds its "
        "assignment by the number in parentheses, Moodle by the title."
    ).tag(config=True)

    def root(self) -> Path:
        """The course's folder."""
        return Path(self.parent.coursedir.root)

    def chosen(self, gradebook: Gradebook) -> list[Any]:
        """The assignments to export."""
        names = [str(name) for name in self.assignment]
        return [one for one in gradebook.assignments if not names or one.name in names]

    def lines(self, gradebook: Gradebook) -> list[Line]:
        """The students to export; names those whom a person must still grade."""
        names = [one.name for one in self.chosen(gradebook)]
        lines = lines_of(gradebook, self.root(), names, map(str, self.student))
        for name in names:
            waiting = sorted(one.student.id for one in gradebook.assignment_submissions(name) if one.needs_manual_grade)
            if waiting:
                self.log.warning("%s: a person has still to grade %s", name, ", ".join(waiting))
        return lines

    def title(self, assignment: str) -> str:
        """The title of an assignment's column."""
        return neutral(str(self.columns.get(assignment, assignment)))

    def write(self, rows: list[list[str]]) -> None:
        """The file."""
        path = Path(self.to or self.default_name)
        write_csv(path, rows)
        self.log.info("Wrote %s", path)


class CanvasExport(CourseExport):
    """The CSV that Canvas imports under Grades > Import: students by its own number, else by their login.

    Without a roster line a number as id is Canvas's own, by which `collect` knew them; with one it may be anybody's.
    """

    default_name = "canvas.csv"

    def export(self, gradebook: Gradebook) -> None:
        """Write the file; an empty cell leaves Canvas's grade as it is."""
        assignments = self.chosen(gradebook)
        head = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
        most = [number(float(one.max_score)) for one in assignments]
        rows = [head + [self.title(one.name) for one in assignments], ["    Points Possible", "", "", "", "", *most]]
        for line in self.lines(gradebook):
            student = line.student
            canvas = student.system_id or (student.id if student.id.isdecimal() and not line.in_roster else "")
            login = student.login or ("" if canvas else student.id)
            name = ", ".join(filter(None, [line.last_name, line.first_name])) or student.id
            cells = [neutral(text) for text in (name, canvas, "", login, student.section)]
            rows.append(cells + [number(line.scores[one.name]) for one in assignments])
        self.write(rows)


class MoodleExport(CourseExport):
    """The CSV that Moodle imports under Grades > Import > CSV file: students by ID number, username or e-mail."""

    default_name = "moodle.csv"

    def export(self, gradebook: Gradebook) -> None:
        """Write the file."""
        assignments = self.chosen(gradebook)
        rows = [["ID number", "Username", "First name", "Last name", "Email address"]]
        rows[0] += [self.title(one.name) for one in assignments]
        for line in self.lines(gradebook):
            student = line.student
            names = (student.id, student.login, line.first_name, line.last_name, student.email)
            scores = [number(line.scores[one.name]) for one in assignments]
            rows.append([neutral(text) for text in names] + scores)
        self.write(rows)


class GradescopeExport(CourseExport):
    """A results.json for each student, as an autograder of Gradescope's would write it: TO/STUDENT/ASSIGNMENT/."""

    default_name = "gradescope"

    def export(self, gradebook: Gradebook) -> None:
        """Write the files."""
        for assignment in self.chosen(gradebook):
            for line in self.lines(gradebook):
                if not is_student_id(line.student.id):
                    self.log.warning("%r cannot be a folder's name: left out", line.student.id)
                    continue
                try:
                    submission = gradebook.find_submission(assignment.name, line.student.id)
                except MissingEntry:
                    continue
                folder = Path(self.to or self.default_name, line.student.id, assignment.name)
                folder.mkdir(parents=True, exist_ok=True)
                text = json.dumps(results_of(submission, self.root()), indent=1, ensure_ascii=False)
                (folder / "results.json").write_text(text + "\n", encoding="utf-8")
