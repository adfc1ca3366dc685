"""autograder return: one zip of feedback, in the shape that the learning system uploads.

Canvas (generate_comments_from_files): files named as in its download, shown to the student under the name of what they
handed in. So a notebook comes back as the graded notebook with points and comments above it, a zip as a zip with the
page.
Moodle (assignfeedback_file): Full Name_PARTICIPANTID_assignfeedback_file_/page.
Gradescope takes no feedback files: the zip is an autograder that hands out results and runs nothing of a student's.
plain: STUDENT/page.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, TypeVar

import nbformat

from autograder.collect.report import read_record, record_file
from autograder.errors import CourseError
from autograder.export.results import results_of, summary_of
from autograder.grade.verdict import write_whole
from autograder.gradebook.steps import api_of
from autograder.read.files import Refused, read_regular
from autograder.root import CourseRoot

MAX_PAGE = 2**26
CANVAS_PREFIX = re.compile(r".*?(?:\d+|anon_[A-Za-z0-9]+)_\d+_")

RUN = """#!/usr/bin/env python3
\"\"\"Hands out results that were made elsewhere; looks at nothing of the submission.\"\"\"
import json
import pathlib

here = pathlib.Path("/autograder")
results = json.loads((here / "source/results.json").read_text(encoding="utf-8"))
users = json.loads((here / "submission_metadata.json").read_text(encoding="utf-8")).get("users", [])
keys = [str(user.get(key) or "").casefold() for user in users for key in ("sid", "email")]
found = next((results[key] for key in keys if key and key in results), None)
nothing = {"score": 0, "output": "Not graded yet.", "visibility": "visible", "tests": []}
(here / "results").mkdir(exist_ok=True)
(here / "results/results.json").write_text(json.dumps(found or nothing), encoding="utf-8")
"""
SETUP = "#!/usr/bin/env bash\n"


class ReturnError(CourseError):
    """There is nothing to return, or no way to know whose it is; says which command to run first."""


@dataclass(frozen=True)
class Returned:
    """The zip, whose feedback is in it, and who handed in but has none."""

    path: Path
    students: tuple[str, ...]
    without: tuple[str, ...]


Files = dict[str, bytes]
Made = TypeVar("Made")


def give_back(root: CourseRoot, assignment: str, system: str, path: Path | None = None) -> Returned:
    """Write the zip.

    Args:
        root: the course.
        assignment: e.g. "01_attention".
        system: canvas, moodle, gradescope or plain.
        path: of the zip; None for returned/ASSIGNMENT-SYSTEM.zip in the course.

    Raises:
        ReturnError: an unknown system, no feedback, or no collection from that system.
    """
    if system not in MAKERS:
        raise ReturnError(f"Expected a format of {', '.join(MAKERS)}. Received: {system}.")
    students = root.students(assignment)
    record = read_record(record_file(root, assignment)) or {}
    if system != "plain" and record.get("system") != system:
        raise ReturnError(
            f"Expected an earlier `autograder collect ... --assignment {assignment} --format {system}`, which notes "
            f"how {system} names its students. Found: {record.get('system', 'none')}."
        )
    rows = {row["student"]: row for row in record.get("rows", ()) if row["student"]}
    made = MAKERS[system](root, assignment, {name: rows.get(name, {}) for name in students})
    if not made:
        raise ReturnError(f"There is no feedback on {assignment}. Run `nbgrader generate_feedback {assignment}` first.")
    path = path or root.path / "returned" / f"{assignment}-{system}.zip"
    files = {name: content for part in made.values() for name, content in part.items()}
    write_whole(path, packed(autograder_files(files) if system == "gradescope" else files))
    return Returned(path, tuple(sorted(made)), tuple(name for name in students if name not in made))


def packed(files: Files) -> bytes:
    """A zip of these files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(files.items()):
            member = zipfile.ZipInfo(name)
            member.external_attr = (0o755 if name in ("run_autograder", "setup.sh") else 0o644) << 16
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, content)
    return buffer.getvalue()


def page(root: CourseRoot, assignment: str, student: str) -> bytes | None:
    """A student's feedback page, as nbgrader made it."""
    return read(root.path / "feedback" / student / assignment / f"{assignment}.html")


def read(path: Path) -> bytes | None:
    """A file's content, or None where there is none."""
    try:
        return read_regular(path, MAX_PAGE)
    except Refused:
        return None


def for_plain(root: CourseRoot, assignment: str, rows: dict[str, Any]) -> dict[str, Files]:
    """A folder for each student."""
    pages = {name: page(root, assignment, name) for name in rows}
    return {name: {f"{name}/{assignment}.html": content} for name, content in pages.items() if content}


def for_moodle(root: CourseRoot, assignment: str, rows: dict[str, Any]) -> dict[str, Files]:
    """A folder for each student, under the name and number of Moodle's own download."""
    made = {}
    for name, row in rows.items():
        content = page(root, assignment, name)
        place = next((part for part in row.get("source", "").split("/") if "_assignsubmission_" in part), "")
        owner = place.partition("_assignsubmission_")[0]
        if content and owner:
            made[name] = {f"{owner}_assignfeedback_file_/{assignment}.html": content}
    return made


def for_canvas(root: CourseRoot, assignment: str, rows: dict[str, Any]) -> dict[str, Files]:
    """A file for each student, under the name of what they handed in."""
    made, summaries = {}, of_each(root, assignment, summary_of)
    for name, row in rows.items():
        source = PurePosixPath(row.get("source", "")).name
        content = page(root, assignment, name)
        if not CANVAS_PREFIX.match(source) or not content:
            continue
        if source.lower().endswith(".ipynb"):
            graded = read(root.path / "autograded" / name / assignment / f"{assignment}.ipynb")
            content = with_summary(graded, summaries[name]) if graded and name in summaries else None
        else:
            content = packed({f"{assignment}.html": content})
        if content:
            made[name] = {source: content}
    return made


def with_summary(graded: bytes, summary: str) -> bytes:
    """The graded notebook with points and comments above it."""
    notebook = nbformat.reads(graded.decode(), as_version=4)
    cell = nbformat.v4.new_markdown_cell(summary, id="feedback")
    if notebook.nbformat_minor < 5:  # as Colab saves: cells have no ids yet
        del cell["id"]
    notebook.cells.insert(0, cell)
    return str(nbformat.writes(notebook)).encode()


def of_each(root: CourseRoot, assignment: str, make: Callable[[Any, Path], Made]) -> dict[str, Made]:
    """Student to what is made of their submission in the gradebook."""
    with api_of(root.path) as api, api.gradebook as gradebook:
        found = gradebook.assignment_submissions(assignment)
        return {str(submission.student.id): make(submission, root.path) for submission in found}


def for_gradescope(root: CourseRoot, assignment: str, rows: dict[str, Any]) -> dict[str, Files]:
    """The results of each student, under each of the keys that Gradescope may know them by."""
    made: dict[str, Files] = {}
    for name, results in of_each(root, assignment, results_of).items():
        keys = {rows[name].get("system_id"), rows[name].get("email")} - {None, ""} if rows.get(name) else ()
        if rows.get(name):
            made[name] = {str(key).casefold(): json.dumps(results).encode() for key in keys}
    return made


def autograder_files(results: Files) -> Files:
    """The autograder's own files; results under students' keys become one file."""
    content = {key: json.loads(found) for key, found in sorted(results.items())}
    return {"results.json": json.dumps(content).encode(), "run_autograder": RUN.encode(), "setup.sh": SETUP.encode()}


MAKERS: dict[str, Callable[[CourseRoot, str, dict[str, Any]], dict[str, Files]]] = {
    "canvas": for_canvas,
    "moodle": for_moodle,
    "gradescope": for_gradescope,
    "plain": for_plain,
}
