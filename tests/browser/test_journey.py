"""The README's own path for one assignment, with the README's own commands: from `init` to scores for Canvas.

Two things stand between the commands, as they do for a teacher: what the learning system and the students bring, and
the page on which a person grades answers in words (done here through nbgrader's API, in the place of `jupyter lab`).
"""

import csv
import json
import os
import re
import subprocess
import sys
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from archives import zipped
from classroom import ASSIGNMENT, NOTEBOOK, scores

from autograder.demo.run import material_of
from autograder.grade.verdict import read_verdict
from autograder.lessons import CHECKOUT
from autograder.root import open_root
from autograder.run import isolation
from autograder.simulate import as_bytes, edited

pytestmark = pytest.mark.skipif(isolation.strongest() is None, reason=f"no isolation here: {isolation.missing()}")
STUDENTS = ("ada", "bob", "cleo")
BY_HAND = "jupyter lab"
ROSTER = """id,system_id,name,email,login
ada,101,Ada Lovelace,ada@example.edu,ada1
bob,102,Bob Byte,bob@example.edu,bob1
cleo,103,Cleo Clock,cleo@example.edu,cleo1
"""
UNSCALED = "def attention_scores(q, k, scale=None):\n    return ops.einsum('...id,...jd->...ij', q, k)"


def commands():
    """The lines of the README's block under "Teach", without their remarks."""
    text = (CHECKOUT / "README.md").read_text(encoding="utf-8").split("## Teach")[1].split("## Change")[0]
    lines = re.search(r"```\n(.*?)```", text, re.DOTALL)[1].splitlines()
    return [found for line in lines if (found := re.sub(r"(^| +)#.*", "", line).strip())]


@dataclass
class Shell:
    """A shell that is asked one line after the other, in the folder where the last one ended."""

    folder: Path
    state: Path
    path: str = os.environ["PATH"]
    said: dict[str, str] = field(default_factory=dict)

    def run(self, line):
        """Run a line as a person would type it; fails with what it said."""
        script = f'{line}\nended=$?\npwd > "{self.state}/pwd"\nprintf %s "$PATH" > "{self.state}/path"\nexit $ended'
        done = subprocess.run(
            ["bash", "-c", script], cwd=self.folder, env={**os.environ, "PATH": self.path},
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, timeout=300,
        )  # fmt: skip
        assert done.returncode == 0, f"{line}\n{done.stdout[-3000:]}"
        self.folder = Path((self.state / "pwd").read_text().strip())
        self.path = (self.state / "path").read_text()
        self.said[line] = done.stdout


def hand_in(root):
    """The class as Canvas hands it out: two bundles and a bare notebook, and the roster."""
    material = material_of(root, ASSIGNMENT)
    first_half = dict(list(material.answers.items())[:3])
    notebooks = {
        "lovelaceada_101_9001_01_attention.zip": material.solved(),
        "bytebob_102_9002_01_attention.zip": material.solved(attention_scores=UNSCALED),
        "clockcleo_LATE_103_9003_01_attention.ipynb": edited(material.released, first_half),
    }
    files = {}
    for name, notebook in notebooks.items():
        for cell in notebook["cells"]:
            if cell["metadata"].get("nbgrader", {}).get("grade_id") == "question_1":
                cell["source"] = f"{name} says: attention blends values. " * 5
        content = as_bytes(notebook)
        files[name] = zipped({NOTEBOOK: content}) if name.endswith(".zip") else content
    (root.path / "submissions.zip").write_bytes(zipped(files))
    (root.path / "roster.csv").write_text(ROSTER, encoding="utf-8")


def grade_by_hand(root):
    """4 of 5 points for every answer in words, and a comment."""
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{root.path / 'gradebook.db'}") as gradebook:
        for student in STUDENTS:
            grade = gradebook.find_grade("question_1", ASSIGNMENT, ASSIGNMENT, student)
            grade.manual_score, grade.needs_manual_grade = 4, False
            gradebook.find_comment("question_1", ASSIGNMENT, ASSIGNMENT, student).manual_comment = f"Yes, {student}."
        gradebook.db.commit()


@pytest.fixture(scope="module")
def journey(tmp_path_factory):
    """The course at the end of the path, and the shell with what each command said."""
    folder = tmp_path_factory.mktemp("journey")
    (folder / "checkout").mkdir()
    (folder / "checkout" / ".venv").symlink_to(sys.prefix)
    shell = Shell(folder / "checkout", folder)
    for line in commands():
        if line.startswith("autograder collect"):
            hand_in(open_root(shell.folder))
        if line == BY_HAND:
            grade_by_hand(open_root(shell.folder))
        else:
            shell.run(line)
    return open_root(folder / "my-course"), shell


def test_a_person_grades_after_the_machine_and_before_the_feedback():
    steps = [" ".join(line.split()[:2]) for line in commands()]
    order = [
        "autograder init",
        "nbgrader generate_assignment",
        "autograder publish",
        "autograder collect",
        "autograder grade",
        BY_HAND,
        "nbgrader generate_feedback",
        "autograder return",
        "nbgrader export",
    ]
    assert [step for step in steps if step in order] == order
    assert "autograder report" in steps[steps.index("autograder grade") :]


def test_the_public_course_holds_the_lesson_without_answers(journey):
    public = journey[0].path.parent / "public"
    assert (public / ASSIGNMENT / NOTEBOOK).is_file()
    assert "BEGIN SOLUTION" not in (public / ASSIGNMENT / NOTEBOOK).read_text(encoding="utf-8")
    assert list(public.rglob("*.whl"))


def test_every_bundle_was_collected_and_lateness_was_seen(journey):
    root, _ = journey
    assert tuple(root.students(ASSIGNMENT)) == STUDENTS
    rows = json.loads((root.path / "collected" / f"{ASSIGNMENT}.json").read_text(encoding="utf-8"))["rows"]
    assert {row["student"]: row["late"] for row in rows} == {"ada": False, "bob": False, "cleo": True}


def test_everybody_has_the_points_of_the_verdict_and_of_the_person(journey):
    root, _ = journey
    found = scores(root)
    for student in STUDENTS:
        parts = read_verdict(root.verdict(ASSIGNMENT, student)).exercises
        assert {name: found[student, f"check_{name}"][0] for name in parts} == {n: p.points for n, p in parts.items()}
        assert found[student, "question_1"][1] == 4
    assert sum(found["ada", f"check_{name}"][0] for name in parts) == 95


def test_the_table_on_the_terminal_names_the_mistake(journey):
    _, shell = journey
    assert "no_scale" in next(said for line, said in shell.said.items() if line.startswith("autograder grade"))


def test_everybody_gets_a_page_with_points_hint_and_comment(journey):
    root, _ = journey
    for student in STUDENTS:
        page = (root.path / "feedback" / student / ASSIGNMENT / f"{ASSIGNMENT}.html").read_text(encoding="utf-8")
        assert f"Yes, {student}." in page
        assert "4 of 5" in page
        assert page.count("<strong>Comment</strong>") == 1
    assert "Hint." in (root.path / "feedback" / "bob" / ASSIGNMENT / f"{ASSIGNMENT}.html").read_text(encoding="utf-8")


def test_the_feedback_goes_back_under_the_names_that_canvas_gave(journey):
    root, _ = journey
    with zipfile.ZipFile(root.path / "returned" / f"{ASSIGNMENT}-canvas.zip") as archive:
        names = archive.namelist()
    assert sorted(name.split("_")[0] for name in names) == ["bytebob", "clockcleo", "lovelaceada"]


def test_the_scores_go_to_canvas(journey):
    root, _ = journey
    rows = list(csv.reader((root.path / "canvas.csv").read_text(encoding="utf-8-sig").splitlines()))
    column = next(i for i, title in enumerate(rows[0]) if title.startswith(ASSIGNMENT))
    found = {row[1]: float(row[column]) for row in rows[2:] if row[column]}
    assert set(found) == {"101", "102", "103"}
    assert found["101"] == 99


def test_the_report_and_its_table_know_the_class(journey):
    root, _ = journey
    assert "no scale" in root.report(ASSIGNMENT).read_text(encoding="utf-8")
    rows = list(
        csv.DictReader(root.report(ASSIGNMENT).with_suffix(".csv").read_text(encoding="utf-8-sig").splitlines())
    )
    assert tuple(row["student"] for row in rows) == STUDENTS
