"""Scores and feedback on their way back: what each learning system takes, and nothing that a spreadsheet would run.

All students, scores and archives are invented (tests/archives.py)."""

import csv
import io
import json
import os
import subprocess
import sys
import zipfile
from operator import itemgetter
from types import SimpleNamespace

import nbformat
import pytest
from archives import ASSIGNMENT, GRADESCOPE, NOTEBOOK, bundle, notebook, zipped
from hypothesis import given
from hypothesis import strategies as st
from nbgrader.api import Gradebook

from autograder.build.init import CONFIG
from autograder.collect.collect import collect
from autograder.export.feedback import RUN, ReturnError, give_back, with_summary
from autograder.export.plugins import CanvasExport, GradescopeExport, MoodleExport
from autograder.export.scores import collected_students, neutral, number
from autograder.gradebook.config import find_alembic
from autograder.gradebook.steps import api_of, due_and_enrolled
from autograder.root import open_root

FORMULA = '=HYPERLINK("http://x")'


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """A course whose gradebook holds three students: ada handed in, eve has a name that is a formula, bob did not."""
    path = tmp_path_factory.mktemp("course")
    (path / "nbgrader_config.py").write_text(CONFIG)
    (path / "secret_seed").write_text("0")
    (path / "source" / ASSIGNMENT).mkdir(parents=True)
    (path / "source" / ASSIGNMENT / NOTEBOOK).write_bytes(notebook())
    (path / "roster.csv").write_text(
        "id,system_id,name,email,login\nada,101,Ada Lovelace,ada@example.edu,ada1\n"
        "bob,102,Bob Byte,bob@example.edu,\neve,103,,eve@example.edu,\n"
    )
    find_alembic()
    with Gradebook(f"sqlite:///{path / 'gradebook.db'}", course_id="vitlab") as book:
        book.add_assignment(ASSIGNMENT, duedate="2026-03-02 23:59 UTC")
        book.add_notebook(ASSIGNMENT, ASSIGNMENT)
        for name, points in (("check_attention_scores", 30), ("check_softmax_rows", 20)):
            book.add_grade_cell(name, ASSIGNMENT, ASSIGNMENT, max_score=points, cell_type="code")
        book.add_solution_cell("question_1", ASSIGNMENT, ASSIGNMENT)
        book.add_student("bob")
        book.add_student("eve", first_name="@SUM(A1)", last_name=FORMULA)
        book.add_student("ada")
        for student, scores in (("ada", (30, 43 / 3)), ("eve", (0, 0))):
            book.add_submission(ASSIGNMENT, student)
            for name, score in zip(("check_attention_scores", "check_softmax_rows"), scores, strict=True):
                book.find_grade(name, ASSIGNMENT, ASSIGNMENT, student).auto_score = score
        book.find_submission(ASSIGNMENT, "ada").notebooks[0].late_submission_penalty = 4.0
        book.find_comment("question_1", ASSIGNMENT, ASSIGNMENT, "ada").manual_comment = "Which key is meant?"
        book.db.commit()
    for student in ("ada", "eve"):
        page, graded = f"page of {student}".encode(), notebook(f"graded = '{student}'")
        for folder, file, content in (("feedback", f"{ASSIGNMENT}.html", page), ("autograded", NOTEBOOK, graded)):
            place = path / folder / student / ASSIGNMENT
            place.mkdir(parents=True)
            (place / file).write_bytes(content)
    return open_root(path)


@pytest.fixture
def export(root, tmp_path):
    """Runs a plug-in as `nbgrader export` does, and returns the rows of its file."""

    def run(kind, **given):
        with api_of(root.path) as api, api.gradebook as book:
            plugin = kind(parent=api, to=str(tmp_path / "out"), **given)
            plugin.export(book)
        if kind is not GradescopeExport:
            with (tmp_path / "out").open(newline="", encoding="utf-8") as file:
                return list(csv.reader(file))
        return {
            path.relative_to(tmp_path / "out").as_posix(): json.loads(path.read_text())
            for path in tmp_path.rglob("*.json")
        }

    return run


# scores


def test_canvas_gets_its_own_numbers_and_the_scores_after_penalties(export):
    head, most, ada, bob, _ = export(CanvasExport)
    assert head == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", ASSIGNMENT]
    assert most == ["    Points Possible", "", "", "", "", "50"]
    assert ada == ["Lovelace, Ada", "101", "", "ada1", "", "40.33"]
    assert bob == ["Byte, Bob", "102", "", "", "", ""]


@pytest.fixture
def canvas_line(tmp_path, monkeypatch):
    """ID and login in Canvas's file of a student 20555, of whom a download of this name and a roster may tell."""
    monkeypatch.setattr(CanvasExport, "root", lambda self: tmp_path)
    (tmp_path / "source" / ASSIGNMENT).mkdir(parents=True)
    (tmp_path / "source" / ASSIGNMENT / NOTEBOOK).write_bytes(notebook())
    (tmp_path / "submitted").mkdir()
    for name in ("nbgrader_config.py", "secret_seed"):
        (tmp_path / name).write_text("")

    def run(roster="", system="", file=""):
        if roster:
            (tmp_path / "roster.csv").write_text(roster)
        if system:
            (tmp_path / "all.zip").write_bytes(zipped({file: notebook()}))
            collect(open_root(tmp_path), tmp_path / "all.zip", ASSIGNMENT, system)
        student = SimpleNamespace(id="20555", first_name="", last_name="", email="")
        CanvasExport(to=str(tmp_path / "out")).export(SimpleNamespace(assignments=[], students=[student]))
        with (tmp_path / "out").open(newline="", encoding="utf-8") as written:
            return itemgetter(1, 3)(list(csv.reader(written))[-1])

    return run


@pytest.mark.parametrize(
    ("roster", "system", "file", "line"),
    [
        ("id,name\n20555,John Doe\n", "canvas", f"doejohn_777_100_{NOTEBOOK}", ("777", "")),
        ("id,name,system_id\n20555,John Doe,778\n", "canvas", f"doejohn_778_100_{NOTEBOOK}", ("778", "")),
        ("id,name\n20555,John Doe\n", "moodle", f"John Doe_31_assignsubmission_file/{NOTEBOOK}", ("", "20555")),
        ("id,name\n20555,John Doe\n", "plain", f"20555/{NOTEBOOK}", ("", "20555")),
        ("id,name,login\n20555,John Doe,jdoe\n", "", "", ("", "jdoe")),
        ("", "", "", ("20555", "")),
    ],
    ids=["collected", "in the roster", "moodle's number", "a folder's name", "a login", "no roster"],
)
def test_canvass_id_is_a_number_of_canvass_never_a_rosters_own(canvas_line, roster, system, file, line):
    assert canvas_line(roster, system, file) == line


def test_a_number_from_canvas_is_not_forgotten_for_one_who_misses_the_next_assignment(tmp_path):
    (tmp_path / "collected").mkdir()
    row = {"student": "20555", "name": "", "email": ""}
    for name, canvas in (("01_a", "777"), ("02_b", "")):
        record = {"schema": 1, "system": "canvas", "rows": [{**row, "system_id": canvas}]}
        (tmp_path / "collected" / f"{name}.json").write_text(json.dumps(record))
    assert collected_students(tmp_path)["20555"].system_id == "777"


def test_moodle_gets_id_numbers_addresses_and_scores(export):
    head, ada, *_ = export(MoodleExport)
    assert head == ["ID number", "Username", "First name", "Last name", "Email address", ASSIGNMENT]
    assert ada == ["ada", "ada1", "Ada", "Lovelace", "ada@example.edu", "40.33"]


def test_a_column_has_the_title_that_the_system_knows(export):
    title = "Attention by hand (4314282)"
    assert export(CanvasExport, columns={ASSIGNMENT: title})[0][-1] == title


def test_students_can_be_chosen(export):
    assert [row[0] for row in export(MoodleExport, student=["bob"])] == ["ID number", "bob"]


@pytest.mark.parametrize("kind", [CanvasExport, MoodleExport])
def test_no_cell_begins_a_formula(export, kind):
    rows = export(kind)
    assert any(FORMULA in cell for row in rows for cell in row)
    assert [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))] == []


@given(st.text())
def test_a_neutral_cell_runs_nothing_and_keeps_its_text(text):
    made = neutral(text)
    assert not made.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert made.removeprefix("'").split() == text.removeprefix("'").split() or made == f"'{text}"


@pytest.mark.parametrize("text", ["=1", "＝HYPERLINK(1)", "＠SUM(1)", " ＋1", "\u3000－1", "'＝1"])
def test_wide_signs_begin_a_formula_as_plain_ones_do(text):
    assert neutral(text) == f"'{text}"


@pytest.mark.parametrize("text", ["Ada Lovelace", "o'Brien", "김하나", "x=1", "ada@example.edu", ""])
def test_an_ordinary_name_stays_as_it_is(text):
    assert neutral(text) == text


@pytest.mark.parametrize(
    ("score", "text"), [(None, ""), (0.0, "0"), (40.0, "40"), (100, "100"), (87.125, "87.12"), (1.5, "1.5")]
)
def test_scores_are_written_short_and_missing_ones_not_at_all(score, text):
    assert number(score) == text


def test_gradescope_gets_results_for_each_who_handed_in(export):
    made = export(GradescopeExport)
    assert set(made) == {f"{name}/{ASSIGNMENT}/results.json" for name in ("ada", "eve")}
    results = made[f"ada/{ASSIGNMENT}/results.json"]
    assert results["score"] == pytest.approx(40 + 1 / 3)
    assert [(test["name"], test["max_score"], test["status"]) for test in results["tests"]] == [
        ("attention_scores", 30.0, "passed"),
        ("softmax_rows", 20.0, "failed"),
    ]


def test_the_messages_of_the_verdict_are_in_gradescopes_results(export, root):
    case = {"name": "rows sum to 1", "passed": False, "message": "at [0] expected 1.0, got 2.0"}
    exercise = {
        "outcome": "partial", "points": 14.3, "max_points": 20, "misconception": None, "hint": "Sum one row.",
        "stand_ins": [], "cases": [case], "seconds": 1.0,
    }  # fmt: skip
    empty = dict.fromkeys(("assignment", "student", "submission_sha256", "key", "graded_at"), "")
    verdict = {
        **empty, "schema": 1, "versions": {}, "layers": [], "release_id": None, "points": 0, "max_points": 50,
        "flags": [], "exercises": {"softmax_rows": exercise}, "trained": None,
    }  # fmt: skip
    path = root.verdict(ASSIGNMENT, "ada")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(verdict))
    test = export(GradescopeExport)[f"ada/{ASSIGNMENT}/results.json"]["tests"][1]
    assert test["output"] == "✗ rows sum to 1: at [0] expected 1.0, got 2.0\nHint: Sum one row."


def nbgrader(root, *arguments):
    """One of nbgrader's own commands in the course."""
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", *arguments],
        cwd=root.path, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stderr


def test_nbgraders_own_command_finds_the_plug_ins(root, tmp_path):
    nbgrader(root, "export", "--exporter=autograder.export.plugins.CanvasExport", f"--to={tmp_path / 'c.csv'}")
    assert "40.33" in (tmp_path / "c.csv").read_text()


def test_nbgraders_own_zip_collect_takes_no_harmful_file(root):
    folder = root.path / "downloaded" / ASSIGNMENT / "archive"
    folder.mkdir(parents=True)
    files = {
        f"x_LATE_901_1_{ASSIGNMENT}-1.ipynb": notebook(),
        f"../../x_902_2_{NOTEBOOK}": notebook(),
        "x_903_3_a.sh": b"",
    }
    (folder / "all.zip").write_bytes(zipped(files))
    log = nbgrader(root, "zip_collect", ASSIGNMENT, "--CourseCollector.system=canvas")
    assert "a path that leads out of the archive" in log
    assert (root.submission(ASSIGNMENT, "901") / NOTEBOOK).read_bytes() == notebook()
    assert not any((root.path / "submitted" / name).exists() for name in ("902", "903"))


def test_the_gradebook_says_who_is_enrolled_and_when_it_is_due(root):
    due, students = due_and_enrolled(root, ASSIGNMENT)
    assert due.isoformat() == "2026-03-02T23:59:00+00:00"
    assert {"ada", "bob", "eve"} <= set(students)


# feedback


@pytest.fixture
def collected(root, tmp_path):
    """Collects an archive of these files from a system."""

    def run(system, files):
        (root.path / "submitted").mkdir(exist_ok=True)
        (tmp_path / "all.zip").write_bytes(zipped(files))
        collect(root, tmp_path / "all.zip", ASSIGNMENT, system)

    return run


@pytest.fixture
def returned(root, tmp_path):
    """The members of the zip that is returned."""

    def run(system):
        done = give_back(root, ASSIGNMENT, system, tmp_path / "back.zip")
        with zipfile.ZipFile(done.path) as archive:
            return {name: archive.read(name) for name in archive.namelist()}

    return run


def test_canvas_gets_files_under_the_names_of_its_own_download(collected, returned):
    collected("canvas", {f"lovelaceada_101_5551_{NOTEBOOK}": notebook(), "x_LATE_103_5552_work.zip": bundle()})
    made = returned("canvas")
    assert "graded = 'ada'" in made[f"lovelaceada_101_5551_{NOTEBOOK}"].decode()
    with zipfile.ZipFile(io.BytesIO(made["x_LATE_103_5552_work.zip"])) as inner:
        assert inner.read(f"{ASSIGNMENT}.html") == b"page of eve"


def test_a_notebook_that_goes_back_to_canvas_begins_with_points_and_comments(collected, returned):
    collected("canvas", {f"lovelaceada_101_5551_{NOTEBOOK}": notebook()})
    cell, *rest = json.loads(returned("canvas")[f"lovelaceada_101_5551_{NOTEBOOK}"])["cells"]
    text = "".join(cell["source"])
    assert text.startswith("## Feedback: 40.3333 of 50 points\n\n4 points were taken off for lateness.")
    assert "| `attention_scores` | 30 of 30 |" in text
    assert text.endswith("**`question_1`** Which key is meant?")
    assert len(rest) == 1


def test_a_later_download_of_some_does_not_forget_where_the_others_work_came_from(collected, returned):
    collected("canvas", {f"lovelaceada_101_5551_{NOTEBOOK}": notebook()})
    collected("canvas", {f"x_LATE_103_5552_{NOTEBOOK}": notebook()})
    assert set(returned("canvas")) == {f"lovelaceada_101_5551_{NOTEBOOK}", f"x_LATE_103_5552_{NOTEBOOK}"}


@pytest.mark.parametrize("minor", [0, 5])
def test_that_cell_fits_into_notebooks_with_ids_and_without(minor):
    graded = json.loads(notebook())
    graded["nbformat_minor"] = minor
    if minor == 0:
        del graded["cells"][0]["id"]
    made = nbformat.reads(with_summary(json.dumps(graded).encode(), "## Feedback").decode(), 4)
    nbformat.validate(made)
    assert made.nbformat_minor == minor


def test_moodle_gets_folders_with_its_own_names_and_numbers(collected, returned):
    collected("moodle", {f"Ada Lovelace_101_assignsubmission_file/{NOTEBOOK}": notebook()})
    assert returned("moodle") == {f"Ada Lovelace_101_assignfeedback_file_/{ASSIGNMENT}.html": b"page of ada"}


def test_a_plain_zip_needs_no_collection(root, collected, returned):
    collected("plain", {f"ada/{NOTEBOOK}": notebook()})
    assert returned("plain")[f"ada/{ASSIGNMENT}.html"] == b"page of ada"


def test_gradescopes_zip_hands_out_the_results_of_the_one_who_asks(collected, returned, tmp_path):
    collected("gradescope", {"submission_metadata.yml": GRADESCOPE, f"submission_7003/{NOTEBOOK}": notebook()})
    made = returned("gradescope")
    assert set(made) == {"results.json", "run_autograder", "setup.sh"}
    here = tmp_path / "autograder"
    (here / "source").mkdir(parents=True)
    (here / "source/results.json").write_bytes(made["results.json"])
    for users, score in (([{"email": "Ada@example.edu"}], 40 + 1 / 3), ([{"email": "nobody@example.edu"}], 0)):
        (here / "submission_metadata.json").write_text(json.dumps({"users": users}))
        program = RUN.replace("/autograder", str(here), 1)
        subprocess.run([sys.executable, "-c", program], check=True, env={**os.environ, "PYTHONUTF8": "1"}, timeout=60)
        assert json.loads((here / "results/results.json").read_text())["score"] == pytest.approx(score)


def test_without_a_collection_from_a_system_nobody_can_be_named_there(root, collected, returned):
    collected("plain", {f"ada/{NOTEBOOK}": notebook()})
    with pytest.raises(ReturnError, match="autograder collect"):
        returned("moodle")


def test_an_unknown_system_is_told(returned):
    with pytest.raises(ReturnError, match="canvas, moodle, gradescope, plain"):
        returned("blackboard")


def test_those_without_feedback_are_named(root, collected, tmp_path):
    collected("plain", {f"ada/{NOTEBOOK}": notebook(), f"bob/{NOTEBOOK}": notebook()})
    done = give_back(root, ASSIGNMENT, "plain", tmp_path / "back.zip")
    assert ("ada" in done.students, "bob" in done.without) == (True, True)
