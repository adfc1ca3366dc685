"""Plain nbgrader notebooks of a teacher's own: run in the sandbox, scored by how each test ended, never for nothing."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from nbformat import v4
from nbgrader.api import Gradebook
from rich.console import Console

from autograder.build.init import init_course
from autograder.commands import grade_command
from autograder.crew.means import Means
from autograder.gradebook.steps import generate_assignment, generate_feedback, save_scores
from autograder.plain.blueprint import NotPlain, blueprint_of
from autograder.plain.grade import has_code
from autograder.report.csv_table import csv_of
from autograder.report.page import write_report
from autograder.report.read import read_report
from autograder.root import open_root
from autograder.run import isolation

NAME = "homework"
SOLUTION = """def square(x):
    ### BEGIN SOLUTION
    return x * x
    ### END SOLUTION"""
TEST = """assert square(2) == 4
### BEGIN HIDDEN TESTS
assert square(-3) == 9
### END HIDDEN TESTS"""
PARTIAL = "points = 0.5 * (square(1) == 1) + 2.5 * (square(5) == 25)\npoints"
DATA = "total = sum(int(line) for line in open('numbers.txt'))\nassert total == 6"
TESTS = ("test_square", "check_partly", "test_data")


def cell(source, grade_id=None, kind="code", **marks):
    """A cell with nbgrader's mark."""
    made = v4.new_code_cell(source) if kind == "code" else v4.new_markdown_cell(source)
    flags = {"grade": False, "solution": False, "locked": False, "task": False, "schema_version": 3}
    made.metadata = {"nbgrader": {**flags, "grade_id": grade_id, **marks}} if grade_id else {}
    return made


def locked_test(source, grade_id, points):
    """A locked test."""
    return cell(source, grade_id, grade=True, locked=True, points=points)


def notebook(*cells):
    """A notebook's text."""
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    made = v4.new_notebook(cells=list(cells), metadata={"kernelspec": kernel})
    for i, one in enumerate(made.cells):
        one.id = f"c{i}"
    return json.dumps(made)


def teachers():
    """The teacher's notebook: a solution, a test with a hidden part, one with partial credit, data, an essay."""
    return notebook(
        cell("import math"),
        cell(SOLUTION, "square", solution=True),
        locked_test(TEST, "test_square", 2),
        locked_test(PARTIAL, "check_partly", 3),
        cell("Why?", "essay", "markdown", grade=True, solution=True, points=4),
        locked_test(DATA, "test_data", 1),
        locked_test("square(3)", "bonus", 5),
        locked_test("# tests will follow", "later", 1),
    )


def students(released, code, before="import math", **changes):
    """A student's notebook from the release: code in the solution cell, other changes by grade id (None deletes)."""
    content = json.loads(released)
    cells = []
    for one in content["cells"]:
        mark = one["metadata"].get("nbgrader", {}).get("grade_id")
        if mark == "square":
            one["source"] = code
        elif mark in changes:
            one["source"] = changes[mark]
        elif not mark:
            one["source"] = before
        if one["source"] is not None:
            cells.append(one)
    return json.dumps({**content, "cells": cells})


RIGHT = "def square(x):\n    return x * x"
CUBE = "def square(x):\n    return x * x if x < 3 else x * x * x"
CLASS = {
    "honest": (RIGHT, {}),
    "half-right": (CUBE, {}),
    "wrong": ("def square(x):\n    return 0", {}),
    "negative": ("def square(x):\n    return -x * x", {}),
    "public-only": ("def square(x):\n    return abs(x) * x if x != 5 else 25", {}),
    "untouched": ("def square(x):\n    raise NotImplementedError()", {}),
    "prints-scores": ("print('2.0')\ndef square(x):\n    print(2.0)\n    return 0", {}),
    "shows-scores": ("import sys\ndef square(x):\n    sys.displayhook(2.0)\n    return 0", {}),
    "leaves-in-the-middle": ("import os\ndef square(x):\n    os._exit(0)", {}),
    "leaves-politely": ("def square(x):\n    raise SystemExit(0)", {}),
    "never-ends": ("def square(x):\n    while True:\n        pass", {}),
    "transforms-tests": (f"{RIGHT[:-9]}0\nget_ipython().input_transformers_cleanup.append(lambda lines: [])", {}),
    "edits-the-tests": ("def square(x):\n    return 0", {"test_square": "pass", "check_partly": "3.0"}),
    "deletes-a-test": (RIGHT, {"test_square": None}),
    "asks-the-network": (
        f"import urllib.request\nurllib.request.urlopen('http://127.0.0.1:9', timeout=2)\n{RIGHT}",
        {},
    ),
    "uses-the-network-first": (
        RIGHT,
        {"before": "import urllib.request\nurllib.request.urlopen('http://127.0.0.1:9')"},
    ),
    "uses-magics": (f"%matplotlib inline\nimport warnings\nwarnings.warn('loud')\n{RIGHT}", {}),
}


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """A course with a plain assignment, graded."""
    if isolation.strongest() is None:
        pytest.skip(f"no isolation here: {isolation.missing()}")
    folder = tmp_path_factory.mktemp("plain")
    init_course(folder)
    course = open_root(folder)
    settings = (folder / "course.toml").read_text(encoding="utf-8")
    shorter = settings.replace("# seconds_per_submission = 240", "seconds_per_submission = 6 #")
    (folder / "course.toml").write_text(shorter, encoding="utf-8")
    source = course.source(NAME)
    source.parent.mkdir()
    source.write_text(teachers(), encoding="utf-8")
    (source.parent / "numbers.txt").write_text("1\n2\n3\n")
    generate_assignment(course, NAME)
    released = course.release(NAME).read_text(encoding="utf-8")
    for student, (code, changes) in CLASS.items():
        hand_in(course, student, students(released, code, **changes))
    hand_in(course, "broken", "{")
    return course


def hand_in(course, student, content):
    """Put a notebook into submitted/."""
    folder = course.submission(NAME, student)
    folder.mkdir(parents=True)
    (folder / f"{NAME}.ipynb").write_text(content, encoding="utf-8")


@pytest.fixture(scope="module")
def verdicts(root):
    """Everybody's, by the command that a teacher types; and what it printed."""
    printed = io.StringIO()
    found = grade_command(Console(file=printed, width=200), root.path, NAME, [], Means(workers=1))
    found["printed"] = printed.getvalue()
    return found


def points(verdict):
    """Points of each test."""
    return tuple(verdict.exercises[name].points for name in TESTS)


def scores(root):
    """(student, cell) to (automatic score, whether a person is asked)."""
    with Gradebook(f"sqlite:///{root.path / 'gradebook.db'}") as gradebook:
        return {
            (submission.student.id, grade.name): (grade.auto_score, grade.needs_manual_grade)
            for submission in gradebook.assignment_submissions(NAME)
            for one in submission.notebooks
            for grade in one.grades
        }


@pytest.mark.parametrize(
    ("student", "expected"),
    [
        ("honest", (2, 3, 1)),
        ("half-right", (2, 0.5, 1)),
        ("wrong", (0, 0, 1)),
        ("negative", (0, 0, 1)),
        ("public-only", (0, 3, 1)),
        ("untouched", (0, 0, 1)),
        ("prints-scores", (0, 0, 1)),
        ("shows-scores", (0, 0, 1)),
        ("leaves-politely", (0, 0, 1)),
        ("transforms-tests", (0, 0, 1)),
        ("edits-the-tests", (0, 0, 1)),
        ("deletes-a-test", (2, 3, 1)),
        ("asks-the-network", (0, 0, 1)),
        ("uses-magics", (2, 3, 1)),
        ("broken", (0, 0, 0)),
    ],
)
def test_each_gets_what_the_tests_say(verdicts, student, expected):
    assert points(verdicts[student]) == expected
    assert not any(verdicts[student].exercises[name].by_hand for name in TESTS)


@pytest.mark.parametrize(("student", "outcome"), [("leaves-in-the-middle", "crashed"), ("never-ends", "timeout")])
def test_a_test_that_never_ran_earns_nothing_and_waits_for_a_person(verdicts, student, outcome):
    parts = verdicts[student].exercises
    assert points(verdicts[student]) == (0, 0, 0)
    assert {(parts[name].outcome, parts[name].by_hand) for name in TESTS} == {(outcome, True)}
    assert "ended in this cell" in parts["test_square"].cases[0].message
    assert "ended in test_square, so this cell was not run" in parts["test_data"].cases[0].message


@pytest.mark.parametrize(("student", "reported", "points"), [("honest", "9", 5), ("negative", "-9", 0)])
def test_a_score_out_of_range_is_clipped_and_flagged(verdicts, student, reported, points):
    assert verdicts[student].exercises["bonus"].points == points
    assert f"worth a look: bonus reported {reported} of 5 points: set to {points}" in verdicts[student].flags


def test_a_test_cell_without_code_earns_nothing_and_waits_for_a_person(verdicts):
    part = verdicts["honest"].exercises["later"]
    assert (part.outcome, part.points, part.by_hand) == ("missing", 0, True)


def test_what_the_sandbox_does_not_have_is_flagged_for_a_person(verdicts):
    assert any("cell 1 failed in the sandbox: URLError" in flag for flag in verdicts["uses-the-network-first"].flags)
    assert not any("failed in the sandbox" in flag for flag in verdicts["untouched"].flags)


def test_a_failing_test_tells_its_error(verdicts):
    assert "NotImplementedError" in verdicts["untouched"].exercises["test_square"].cases[0].message


def test_the_gradebook_holds_the_verdicts_points_and_asks_a_person_where_nothing_ran(root, verdicts):
    found = scores(root)
    for student in CLASS:
        for name, part in verdicts[student].exercises.items():
            assert found[student, name] == (part.points, part.by_hand)
    assert found["honest", "essay"] == (0, False)


def test_every_score_is_marked_as_self_reported(root, verdicts):
    assert all(part.self_reported for part in verdicts["honest"].exercises.values())
    assert "self-reported" in verdicts["printed"]
    generate_feedback(root, NAME)
    page = (root.path / "feedback" / "honest" / NAME / f"{NAME}.html").read_text(encoding="utf-8")
    assert "<code>test_square</code>" in page.replace("<wbr>", "")
    assert "all right (self-reported)" in page
    report = read_report(root, NAME)
    page, _ = write_report(report, "A course", root.report(NAME))
    assert "Self-reported scores" in Path(page).read_text(encoding="utf-8")
    assert csv_of(report).splitlines()[0].endswith("self-reported")


def test_hidden_tests_are_not_in_the_release(root):
    assert "HIDDEN" not in root.release(NAME).read_text(encoding="utf-8")


def test_nbgraders_own_command_ends_with_the_same_scores(root, verdicts):
    before = scores(root)
    for student in ("honest", "half-right", "leaves-in-the-middle"):
        root.verdict(NAME, student).unlink()
    path = os.pathsep.join([os.path.dirname(sys.executable), os.environ["PATH"]])
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", "autograde", NAME, "--force"], cwd=root.path,
        env={**os.environ, "PATH": path}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    assert scores(root) == before


def test_the_formgraders_route_ends_with_the_same_scores(root, verdicts):
    before = scores(root)
    save_scores(root, NAME, ["half-right", "never-ends"])
    assert scores(root) == before


def test_unchanged_work_is_not_run_again(root, verdicts, monkeypatch):
    monkeypatch.setattr("autograder.grade.classroom.crew", lambda *_: pytest.fail("something was run"))
    found = grade_command(Console(file=io.StringIO()), root.path, NAME, ["wrong"], Means(workers=1))
    assert found["wrong"] == verdicts["wrong"]


def test_an_assignment_of_several_notebooks_is_refused_in_words(root):
    other = root.source(NAME).with_name("second.ipynb")
    other.write_text(teachers(), encoding="utf-8")
    with pytest.raises(NotPlain, match=r"second\.ipynb"):
        blueprint_of(root, NAME)
    other.unlink()


def test_before_the_release_the_missing_command_is_named(root):
    source = root.source("unreleased")
    source.parent.mkdir()
    source.write_text(teachers(), encoding="utf-8")
    with pytest.raises(NotPlain, match="generate_assignment unreleased"):
        blueprint_of(root, "unreleased")


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("# nothing\n", False),
        ("", False),
        ("### AUTOTEST square(3)", False),
        ("assert 1", True),
        ("%time f()", True),
        ("(", True),
    ],
)
def test_a_test_without_code_is_recognised(source, found):
    assert has_code(source) == found
