"""An appeal: words that hold what was asked and answered, and a notebook that does it again."""

import json
import os
import re
import subprocess
import sys
from dataclasses import replace

import nbformat
import numpy as np
import pytest
from classroom import ASSIGNMENT, hand_in

from autograder.build.leaks import split_at_marks
from autograder.demo.run import material_of
from autograder.explain.appeal import Appeal, NoAppeal, Sleeping, appeal_of
from autograder.explain.notebook import notebook_of
from autograder.explain.words import first_difference, shown, words_of
from autograder.grade.kept import safe_reader
from autograder.grade.parcel import grade_parcel, parcel_of
from autograder.grade.verdict import write_verdict, write_whole
from autograder.lessons import CHECKOUT
from autograder.records import Answer, Case, CaseVerdict, ExerciseVerdict, Question, Run
from autograder.simulate import as_bytes

NUMBER = re.compile(r"-?\d+\.\d+(?:e[-+]?\d+)?")

WRONG = """FACTOR = 1.0
def attention_scores(q, k, scale=None):
    return ops.matmul(q, ops.swapaxes(k, -2, -1)) * (FACTOR if scale is None else scale)"""


class NeverAsked:
    """A worker that must not be needed."""

    layers = ()

    def run(self, job):
        """Fail."""
        raise AssertionError("student code was run again")

    run_together = run

    def close(self):
        """Nothing to end."""


@pytest.fixture(scope="module")
def graded(course, lesson, worker):
    """A student whose first exercise is wrong, graded, with kept answers."""
    hand_in(course, "appeals", as_bytes(material_of(course, ASSIGNMENT).solved(attention_scores=WRONG)))
    parcel = parcel_of(safe_reader(course, ASSIGNMENT)("appeals"), course.rules(ASSIGNMENT), None)
    found = grade_parcel(worker, lesson, parcel)
    write_verdict(course.verdict(ASSIGNMENT, "appeals"), found.verdict)
    write_whole(course.kept(ASSIGNMENT, "appeals"), found.kept)
    return found.verdict


@pytest.fixture(scope="module")
def appeal(course, graded, worker):
    """The appeal of the wrong exercise, from kept answers alone."""
    return appeal_of(course, ASSIGNMENT, "appeals", "attention_scores", NeverAsked(), worker.limits)


def test_an_appeal_repeats_the_verdict_without_running_anything(appeal, graded):
    assert replace(appeal.verdict, seconds=0) == replace(graded.exercises["attention_scores"], seconds=0)
    assert appeal.kept_points == appeal.verdict.points


def test_without_kept_answers_the_code_runs_in_the_sandbox_and_gives_the_same(course, graded, worker, appeal):
    kept = course.kept(ASSIGNMENT, "appeals")
    content = kept.read_bytes()
    kept.unlink()
    again = appeal_of(course, ASSIGNMENT, "appeals", "attention_scores", worker, worker.limits)
    kept.write_bytes(content)
    assert again.verdict.cases == appeal.verdict.cases


def test_a_later_exercise_is_explained_with_the_stand_ins_of_its_verdict(course, graded, worker):
    name = "scaled_dot_product_attention"
    found = appeal_of(course, ASSIGNMENT, "appeals", name, NeverAsked(), worker.limits)
    assert found.verdict.stand_ins == ("attention_scores",)
    assert found.statements[0].cell == "stand-in for attention_scores"
    assert "which had failed before" in words_of(found)


def test_the_words_hold_every_case_with_inputs_expected_and_got(appeal):
    text = words_of(appeal)
    for case in appeal.verdict.cases:
        assert case.name in text
        assert case.message in text
    assert text.count("  expected  ") == text.count("  got       ") == len(appeal.verdict.cases)
    assert "first different at [0, 0]: expected 14, got 112" in text


def run_notebook(text, tmp_path):
    """Execute a notebook's code cells in order in a fresh process; what it printed."""
    cells = [cell.source for cell in nbformat.reads(text, as_version=4).cells if cell.cell_type == "code"]
    program = tmp_path / "appeal.py"
    program.write_text("\n\n".join(cells))
    done = subprocess.run(
        [sys.executable, str(program)], cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(CHECKOUT / "course")},
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def words_and_numbers(message):
    """A message's words, and its numbers."""
    return NUMBER.split(message), [float(number) for number in NUMBER.findall(message)]


def test_the_notebook_reproduces_every_case(appeal, tmp_path):
    printed = run_notebook(notebook_of(appeal), tmp_path)
    for case in appeal.verdict.cases:
        line = next(line for line in printed.splitlines() if f" {case.name} " in f"{line} " and line[0] in "✓✗")
        assert (line[0] == "✓") == case.passed
        words, numbers = words_and_numbers(line.partition(case.name)[2].lstrip(" :"))
        expected_words, expected_numbers = words_and_numbers(case.message)
        assert words == expected_words
        # Another process may sum in another order, and round the last digit.
        assert numbers == pytest.approx(expected_numbers, rel=1e-5)
    assert "otherwise" not in printed
    share = appeal.verdict.points / appeal.verdict.max_points
    assert f"{share:.0%} of the points" in printed


def test_the_notebook_holds_no_line_of_the_reference(appeal):
    text = notebook_of(appeal)
    inside, outside = split_at_marks((CHECKOUT / "solutions/attention/reference.py").read_text())
    own = {line.strip() for line in WRONG.splitlines()}
    assert [line for line in inside - outside - own if len(line) > 12 and line in text] == []


def test_the_notebook_holds_the_student_s_helpers_and_nothing_of_other_exercises(appeal):
    code = "\n".join(cell.source for cell in nbformat.reads(notebook_of(appeal), as_version=4).cells)
    assert "FACTOR = 1.0" in code
    assert "def softmax_rows" not in code


def test_the_notebook_is_a_valid_notebook(appeal):
    nbformat.validate(json.loads(notebook_of(appeal)))


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (("09_none", "appeals", "attention_scores"), "09_none"),
        ((ASSIGNMENT, "nobody", "attention_scores"), "nobody"),
        ((ASSIGNMENT, "appeals", "attention"), "softmax_rows"),
    ],
)
def test_unknown_names_are_told_with_what_there_is(course, graded, worker, names, words):
    with pytest.raises(NoAppeal, match=words):
        appeal_of(course, *names, NeverAsked(), worker.limits)


def test_untouched_work_is_explained_without_a_notebook(course, worker):
    hand_in(course, "appeals-untouched", as_bytes(material_of(course, ASSIGNMENT).released))
    found = appeal_of(course, ASSIGNMENT, "appeals-untouched", "softmax_rows", NeverAsked(), worker.limits)
    assert found.cases == ()
    assert "as it was released" in words_of(found)


def plain_appeal(case, expected, got):
    """An appeal of one case, made by hand."""
    verdict = ExerciseVerdict("failed", 0.0, 1.0, cases=(CaseVerdict(case.name, False, "at …"),))
    run = Run("finished", (got,))
    return Appeal("01_a", "ada", "f", verdict, (case,), (expected,), run)


def test_the_first_difference_is_the_first_in_reading_order():
    right = np.zeros((3, 5, 7), "float32")
    wrong = right.copy()
    wrong[1, 2, 3] = wrong[2, 0, 0] = 1.0
    assert first_difference(Case("c", Question()), Answer(right), Answer(wrong)) == (1, 2, 3)


def test_a_difference_within_the_tolerance_is_none():
    right = np.ones(4, "float32")
    assert first_difference(Case("c", Question(), tolerance=1e-3), Answer(right), Answer(right + 1e-4)) is None


def test_large_arrays_are_shortened():
    assert len(shown(np.zeros((100, 101, 103)))) < 400


def test_what_a_student_says_cannot_command_a_terminal():
    found = plain_appeal(Case("c", Question()), Answer(1.0), Answer(error="\x1b[2J\x07 gone"))
    assert "\x1b" not in words_of(found)
    assert "\\x1b" in words_of(found)


def test_a_sealed_answer_is_not_in_the_notebook():
    question = Question()
    case = Case("which axes?", question, part="answer", sealed=True)
    secret = np.array([7, 9])
    text = notebook_of(plain_appeal(case, Answer({"answer": secret}), Answer({"answer": np.array([1, 2])})))
    cell = next(cell.source for cell in nbformat.reads(text, as_version=4).cells if "DATA" in cell.source)
    space = {}
    exec(cell, space)
    assert space["asked"]["expected"][0]["answer"].tolist() == [0, 0]


def test_a_sandbox_is_started_only_where_it_is_needed():
    started = []
    sleeping = Sleeping(lambda: started.append(1))
    assert sleeping.layers == ()
    sleeping.close()
    assert started == []
