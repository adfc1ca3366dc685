"""Feedback pages without a sandbox or a gradebook: of a notebook, a verdict and points, as a course holds them."""

import base64
import copy
import json
import struct
import zlib

from autograder.feedback.exporter import html_of
from autograder.feedback.items import page_of
from autograder.grade.verdict import parts_of
from autograder.gradebook.preprocessors import insert_verdict
from autograder.gradebook.presentable import presentable
from autograder.lessons import CHECKOUT
from autograder.read.notebook import Submission, grade_id_of
from autograder.records import CaseVerdict, ExerciseVerdict, Verdict

ASSIGNMENT = "01_attention"
RELEASED = json.loads((CHECKOUT / "course" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb").read_text(encoding="utf-8"))
EXERCISES = {
    grade_id_of(cell).removeprefix("check_"): float(cell["metadata"]["nbgrader"]["points"])
    for cell in RELEASED["cells"]
    if (grade_id_of(cell) or "").startswith("check_")
}
HINT = "What did the slide divide by?"
MESSAGE = "at [0, 1] expected 14, got 112"


def exercise(name, outcome="passed", share=1.0, **more):
    """An exercise's part of a verdict, with one right case and, unless it passed, one wrong one."""
    cases = (CaseVerdict("one head", True),)
    if outcome != "passed":
        cases += (CaseVerdict("a mask of 0 and 1", False, MESSAGE),)
    points = EXERCISES[name]
    return ExerciseVerdict(outcome, share * points, points, **{"cases": cases, **more})


def verdict(**parts):
    """A verdict in which everything is right but the named exercises."""
    exercises = {name: parts.get(name) or exercise(name) for name in EXERCISES}
    points, full = (sum(getattr(part, key) for part in exercises.values()) for key in ("points", "max_points"))
    return Verdict(
        ASSIGNMENT, "ada", "0" * 64, "0" * 64, "2026-03-02T10:00:00+00:00", {}, (), None, points, full, (), exercises
    )  # fmt: skip


def all_alike(outcome, case, message):
    """A verdict in which every exercise ended in one way."""
    alike = {"share": 0.0, "cases": (CaseVerdict(case, False, message),)}
    return verdict(**{name: exercise(name, outcome, **alike) for name in EXERCISES})


def png(colour, side=40):
    """A square of one colour as base64 of a PNG file."""
    rows = (b"\0" + bytes(colour) * side) * side

    def chunk(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    content = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return base64.b64encode(b"\x89PNG\r\n\x1a\n" + content).decode()


def notebook(answer="It blends.", figures=None, more=()):
    """A notebook that was handed in.

    Args:
        answer: to question_1.
        figures: exercise to a picture that the cell after its check shows.
        more: further cells.
    """
    made = copy.deepcopy(RELEASED)
    for i, cell in enumerate(made["cells"]):
        if grade_id_of(cell) == "question_1":
            cell["source"] = answer
        name = (grade_id_of(cell) or "").removeprefix("check_")
        if (grade_id_of(cell) or "").startswith("check_") and name in (figures or {}):
            data = {"image/png": figures[name]}
            after = next(cell for cell in made["cells"][i + 1 :] if cell["cell_type"] == "code")
            after["outputs"] = [{"output_type": "display_data", "data": data, "metadata": {}}]
    made["cells"] += more
    return made


def page(found, document=None, by_hand=None, comments=None, late=0.0, problem=""):
    """A page's records.

    Args:
        found: the verdict.
        document: the notebook; None for one with an answer to the question.
        by_hand: graded cell to a person's points.
        comments: solution cell to a person's comment.
        late: the penalty.
        problem: why the notebook cannot be read.
    """
    submission = Submission("ada", ASSIGNMENT, document=None if problem else document or notebook(), problem=problem)
    shown = presentable(submission, RELEASED)
    insert_verdict(shown, found)
    parts, by_hand = parts_of(found), by_hand or {}
    for cell in shown.cells:
        mark = cell.metadata.get("nbgrader", {})
        if mark.get("grade"):
            part = parts.get(mark.grade_id.removeprefix("check_"))
            mark.by_machine, mark.by_hand = part.points if part else None, by_hand.get(mark.grade_id)
            mark.score = next((score for score in (mark.by_hand, mark.by_machine) if score is not None), 0.0)
        if mark.get("grade_id") in (comments or {}):
            mark.comment = comments[mark.grade_id]
    marks = [cell.metadata.nbgrader for cell in shown.cells if cell.metadata.get("nbgrader", {}).get("grade")]
    score, full = sum(mark.score for mark in marks) - late, sum(mark.points for mark in marks)
    about = {"notebook": ASSIGNMENT, "student": "ada", "score": score, "max_score": full, "late_penalty": late}
    return page_of(shown, about)


def html(*args, **kwargs):
    """A page as HTML."""
    return html_of(page(*args, **kwargs))
