"""A new lesson builds, verifies and grades as made; verify says what a lesson lacks."""

import os
import shutil
import subprocess
import sys
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from autograder.build.lesson import SourceCell
from autograder.gaps import gaps_in, gaps_in_cells
from autograder.lessons import CHECKOUT
from autograder.new.lesson import NotANewLesson, make_lesson
from autograder.records import Case, CaseVerdict, Exercise, ExerciseVerdict, Misconception, Question
from autograder.run import isolation
from autograder.verify import reason_for

LESSON = "12_my_topic"
SOURCES = ("autograder", "solutions", "course", "course.toml", "pyproject.toml")


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    """A copy of the checkout with a new lesson in it."""
    folder = tmp_path_factory.mktemp("checkout")
    for name in SOURCES:
        source = CHECKOUT / name
        ignored = shutil.ignore_patterns("__pycache__", "answers", "*.egg-info")
        shutil.copytree(source, folder / name, ignore=ignored) if source.is_dir() else shutil.copy(source, folder)
    done = command(folder, "new", LESSON)
    assert done.returncode == 0, done.stderr
    return folder


def command(checkout, *words):
    """Run a command of the copy's own autograder."""
    paths = os.pathsep.join([str(checkout), str(checkout / "course")])
    return subprocess.run(
        [sys.executable, "-m", "autograder", *words],
        cwd=checkout, env={**os.environ, "PYTHONPATH": paths}, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip


def sandboxed():
    """Skip where student code cannot be isolated."""
    if isolation.strongest() is None:
        pytest.skip(f"no isolation here: {isolation.missing()}")


def test_a_new_lesson_builds(checkout):
    done = command(checkout, "build", LESSON)
    assert done.returncode == 0, done.stderr
    notebook = (checkout / "course" / LESSON / f"{LESSON}.ipynb").read_text()
    assert "check(weighted_average)" in notebook
    assert "raise NotImplementedError" in notebook
    assert (checkout / f"course/vitlab/fixtures/{LESSON}.npz").is_file()


def test_a_new_lesson_keeps_the_houses_style(checkout):
    places = [f"course/{LESSON}", "solutions/my_topic"]
    for words in (["check"], ["format", "--check"]):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *words, *places], cwd=checkout, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout


def test_a_new_lesson_verifies_with_every_mistake_named(checkout):
    sandboxed()
    done = command(checkout, "verify", LESSON, "--workers", "1", "--json", "rows.json")
    assert done.returncode == 0, done.stdout + done.stderr
    assert (checkout / "rows.json").read_text().count('"named": "weighted_average.') == 2


def test_a_new_lesson_grades_as_made(checkout):
    sandboxed()
    program = f"""
from pathlib import Path
from autograder.build.init import init_course
from autograder.crew.means import Means
from autograder.demo.run import material_of
from autograder.demo.students import simulated_class
from autograder.gradebook.steps import generate_assignment
from autograder.grade.classroom import grade_class
from autograder.root import open_root

if __name__ == "__main__":
    init_course(Path("made"))
    root = open_root(Path("made"))
    generate_assignment(root, "{LESSON}")
    students = simulated_class(material_of(root, "{LESSON}"))
    chosen = [one for one in students if one.name in ("right-as-reference", "mistakes-01", "untouched")]
    for one in chosen:
        folder = root.submission("{LESSON}", one.name)
        folder.mkdir(parents=True)
        (folder / "{LESSON}.ipynb").write_bytes(one.content)
    found = grade_class(root, "{LESSON}", [one.name for one in chosen], Means(1))
    for student, verdict in found.items():
        part = verdict.exercises["weighted_average"]
        print(student, part.outcome, part.points, part.misconception)
"""
    (checkout / "grade_it.py").write_text(program)
    paths = os.pathsep.join([str(checkout), str(checkout / "course")])
    done = subprocess.run(
        [sys.executable, "grade_it.py"],
        cwd=checkout, env={**os.environ, "PYTHONPATH": paths}, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    lines = dict(line.split(" ", 1) for line in done.stdout.splitlines() if "-" in line or "untouched" in line)
    assert lines["right-as-reference"] == "passed 10.0 None"
    assert lines["mistakes-01"].endswith("weighted_average.forgets_the_sum")
    assert lines["untouched"] == "missing 0.0 None"


def test_verify_stops_at_a_lesson_without_known_mistakes_and_says_so(checkout, tmp_path):
    path = checkout / "solutions/my_topic/misconceptions/__init__.py"
    text = path.read_text()
    path.write_text(text.replace("[*average.KNOWN]", "[]"))
    done = command(checkout, "verify", LESSON)
    path.write_text(text)
    assert done.returncode == 1
    assert "weighted_average has no known mistake" in " ".join(done.stdout.split())


@pytest.mark.parametrize("name", ["my_topic", "1_topic", "12_My_Topic", "12_", "../12_topic", "12_registry"])
def test_a_name_of_another_form_is_refused(name, tmp_path):
    with pytest.raises(NotANewLesson, match="two digits"):
        make_lesson(name, tmp_path)


@pytest.mark.parametrize("name", [LESSON, "12_other_topic", "13_my_topic"])
def test_nothing_that_is_there_is_written_over(name, tmp_path):
    make_lesson(LESSON, tmp_path)
    before = {path: path.read_text() for path in tmp_path.rglob("*.py")}
    with pytest.raises(NotANewLesson, match="already"):
        make_lesson(name, tmp_path)
    assert {path: path.read_text() for path in tmp_path.rglob("*.py")} == before


def test_no_mark_of_the_templates_is_left(tmp_path):
    for path in make_lesson(LESSON, tmp_path):
        assert "@" not in (tmp_path / path).read_text().replace("@KNOWN", "")


@pytest.mark.parametrize("exercise", ["two words", "class", "9lives", ""])
def test_an_exercise_that_python_cannot_call_is_refused(exercise, tmp_path):
    with pytest.raises(NotANewLesson, match="that a function can have"):
        make_lesson(LESSON, tmp_path, exercise)


def test_the_exercise_has_the_name_that_was_asked_for_everywhere(tmp_path):
    made = [(tmp_path / path).read_text() for path in make_lesson(LESSON, tmp_path, "patch_grid")]
    assert not any("weighted_average" in text for text in made)
    assert sum("patch_grid" in text for text in made) == 5


def code(source, exercise=None):
    """A code cell of lesson.py."""
    return SourceCell("code", source, exercise)


LAYER = """class Scale(keras.layers.Layer):
    def call(self, x):
        ### BEGIN SOLUTION
        return half(x) * FACTOR + len(x)
        ### END SOLUTION"""


def test_a_name_that_an_exercise_uses_and_no_cell_makes_is_named():
    found = list(gaps_in_cells([code("import keras"), code("%matplotlib inline"), code(LAYER, "Scale")]))
    assert ["uses FACTOR" in found[0], "uses half" in found[1], len(found)] == [True, True, 2]


def test_names_may_be_made_by_any_cell():
    others = [code("import keras.ops"), code("def half(x):\n    return x / 2"), code("for FACTOR in (1, 2): pass")]
    assert list(gaps_in_cells([code(LAYER, "Scale"), *others])) == []


def test_marks_around_methods_are_refused_because_students_could_not_define_the_class():
    around = "class Scale:\n    ### BEGIN SOLUTION\n    def call(self, x):\n        return x\n    ### END SOLUTION"
    assert [gap for gap in gaps_in_cells([code(around, "Scale")]) if "inside each method" in gap]


PART = ExerciseVerdict("partial", 5.0, 10.0, cases=(CaseVerdict("one table", False, "at [0, 1]: 3"),))


@pytest.mark.parametrize(
    ("kind", "verdict", "words"),
    [
        ("accepted", PART, "should pass. “one table”: at [0, 1]: 3"),
        ("accepted", replace(PART, misconception="twice.adds"), "taken for twice.adds"),
        ("accepted", ExerciseVerdict("passed", 10.0, 10.0, cases=(CaseVerdict("one table", True),)), ""),
        ("variant", PART, "fails 1 of 1 graded cases"),
        (
            "variant",
            ExerciseVerdict("passed", 10.0, 10.0, cases=(CaseVerdict("one table", True),)),
            "passes every case",
        ),
        ("variant", replace(PART, misconception="twice.adds"), ""),
    ],
)
def test_verify_says_why_an_answer_did_not_fare_as_it_should(kind, verdict, words):
    reason = reason_for(replace(WRONG, kind=kind), verdict)
    assert words in reason
    assert bool(reason) == bool(words)


def cases(rng):
    """Two questions, one point each."""
    return [Case(f"case {i}", Question((rng.standard_normal(3),))) for i in range(2)]


WRONG = Misconception("twice.adds", "twice", "variant", "Is a sum a product?", lambda x: x + x + x)
COMPLETE = {
    "points": {"twice": 10.0},
    "reference": SimpleNamespace(twice=lambda x: 2 * x),
    "exercises": [Exercise("twice", cases)],
    "misconceptions": [WRONG],
    "stand_ins": {},
}


def one_case(**given):
    """An exercise with one case."""
    return [Exercise("twice", lambda rng: [Case("only", Question((np.ones(3),)), **given)])]


def test_a_complete_lesson_lacks_nothing():
    assert list(gaps_in(**COMPLETE)) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"points": {}}, "has no exercise"),
        ({"points": {"twice": 0.0}}, "twice has no points"),
        ({"points": {"twice": 5.0, "thrice": 5.0}}, "thrice has no cases"),
        ({"points": {"trained": 5.0}}, "no place in lesson.py"),
        ({"reference": SimpleNamespace()}, "does not define it"),
        ({"exercises": one_case(weight=0.0)}, "no case with a weight"),
        ({"exercises": one_case()}, "one question only"),
        ({"exercises": [Exercise("twice", lambda rng: cases(rng) * 2)]}, "2 cases named “case 0”"),
        ({"misconceptions": []}, "no known mistake"),
        ({"misconceptions": [replace(WRONG, hint=" ")]}, "has no hint"),
        ({"misconceptions": [WRONG, WRONG]}, "registered 2 times"),
        ({"misconceptions": [WRONG, replace(WRONG, id="x.y", exercise="x")]}, "belongs to no exercise"),
        ({"misconceptions": [replace(WRONG, twin="twice.none")]}, "has a twin"),
        ({"stand_ins": {"thrice": ""}}, "which is no exercise"),
    ],
)
def test_what_a_lesson_lacks_is_said(change, words):
    assert any(words in gap for gap in gaps_in(**{**COMPLETE, **change}))
