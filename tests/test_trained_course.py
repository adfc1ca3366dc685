"""Lesson 02's trained item on the whole way: from files in submitted/ to the gradebook's cell and the feedback page."""

import io
import json
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from nbgrader.api import Gradebook
from rich.console import Console
from vitlab import fixtures
from vitlab.probe import find_weight
from vitlab.sequences import build_reverser, reversal_data, reverser_arguments

from autograder.commands import grade_command
from autograder.crew.means import Means
from autograder.grade.kept import fresh_verdicts
from autograder.grade.verdict import write_verdict
from autograder.gradebook.steps import generate_assignment, generate_feedback, save_scores
from autograder.read.artifacts import rules_of
from autograder.run import isolation
from autograder.verify_trained import as_json, weights_of
from solutions.multihead.trained import TRAINED, train_without_positions, untrained

ASSIGNMENT = "02_multihead"
SHARP = 12.0


def perfect_reverser():
    """Weights made by hand: each place asks for the place at the other end, and its digit is passed on."""
    model = build_reverser()
    digits = np.eye(10, 32, 16)  # behind the 16 features of the positions
    places, first = np.eye(32, 16), np.array([1.0, 0.0])
    query = SHARP * places[:, None, :] * first[None, :, None]
    key = SHARP * np.eye(32, 16)[[*range(15, -1, -1), *range(16, 32)]][:, None, :] * first[None, :, None]
    value = np.eye(32, 16, -16)[:, None, :] * first[None, :, None]
    output = value.transpose(1, 2, 0)
    bias, wide = np.zeros((2, 16)), np.zeros(32)
    model.set_weights([digits, query, bias, key, bias, value, bias, output, wide, digits.T, np.zeros(10)])
    return model


def test_the_weights_made_by_hand_say_every_sequence_backwards():
    x, y = reversal_data(500, 9)
    assert (np.asarray(perfect_reverser()(x)).argmax(-1) == y).all()


def test_the_item_names_every_weight_of_the_model_and_their_shapes_fit():
    model = build_reverser(dim=48, num_heads=3)
    found = [find_weight(model, path) for path in TRAINED.paths(reverser_arguments(model))]
    assert [weight.path for weight in found] == [weight.path for weight in model.weights]


def test_the_standard_arguments_are_those_of_a_model_that_the_reference_trains():
    assert reverser_arguments(untrained(None, 0)) == TRAINED.standard


def test_the_baseline_has_the_reference_s_recipe_and_no_positions():
    x, y = reversal_data(64, 3)
    model = train_without_positions(((x, y), (x, y)), 0)
    swapped = x.copy()
    swapped[:, [2, 5]] = x[:, [5, 2]]
    one, other = np.asarray(model(x)), np.asarray(model(swapped))
    np.testing.assert_allclose(one[:, [5, 2]], other[:, [2, 5]], atol=1e-4)


@pytest.fixture(scope="module")
def graded(course):
    """(root, verdicts): five students whose notebooks are as released, with different files beside them."""
    if isolation.strongest() is None:
        pytest.skip(f"no isolation here: {isolation.missing()}")
    generate_assignment(course, ASSIGNMENT)
    good, standard = weights_of(perfect_reverser()), as_json(TRAINED.standard)
    hand_in(course, "right", good, standard)
    hand_in(course, "copied", good, standard)
    hand_in(course, "nothing", None, None)
    hand_in(course, "fresh", weights_of(untrained(None, 1)), standard)
    hand_in(course, "smuggled", good, as_json({**TRAINED.standard, "labels": [1, 2, 3]}))
    return course, grade_command(Console(file=io.StringIO()), course.path, ASSIGNMENT, [], Means(workers=1))


def hand_in(root, student, weights, arguments):
    """A released notebook and two files."""
    folder = root.submission(ASSIGNMENT, student)
    (folder / "artifacts").mkdir(parents=True)
    (folder / f"{ASSIGNMENT}.ipynb").write_bytes(root.release(ASSIGNMENT).read_bytes())
    for name, content in (("weights.h5", weights), ("json", arguments)):
        if content is not None:
            (folder / "artifacts" / f"train_reverser.{name}").write_bytes(content)


def scores(root):
    """Student to (automatic score, needs a person) of the trained item's cell."""
    with Gradebook(f"sqlite:///{root.path / 'gradebook.db'}") as gradebook:
        grades = {
            submission.student.id: next(
                grade for notebook in submission.notebooks for grade in notebook.grades if grade.name == "check_trained"
            )
            for submission in gradebook.assignment_submissions(ASSIGNMENT)
        }
        return {student: (grade.auto_score, grade.needs_manual_grade) for student, grade in grades.items()}


def test_only_the_model_that_learnt_earns_points_in_verdict_and_gradebook(graded):
    root, verdicts = graded
    assert {name: found.trained.points for name, found in verdicts.items()} == {
        "right": 15.0, "copied": 15.0, "nothing": 0.0, "fresh": 0.0, "smuggled": 0.0,
    }  # fmt: skip
    assert scores(root) == {name: (found.points, False) for name, found in verdicts.items()}


def test_the_measures_say_that_positions_matter(graded):
    found = graded[1]["right"].trained
    assert found.measures["accuracy"] == 1.0
    assert 0.15 < found.measures["accuracy without positions"] < 0.30


def test_each_outcome_says_why(graded):
    found = {name: (one.trained.outcome, one.trained.message) for name, one in graded[1].items()}
    assert [found[name][0] for name in ("right", "nothing", "fresh", "smuggled")] == [
        "passed", "missing", "failed", "failed",
    ]  # fmt: skip
    assert "save_trained" in found["nothing"][1]
    assert "not allowed: labels" in found["smuggled"][1]


def test_equal_weights_are_flagged(graded):
    assert "equal weights: as copied" in graded[1]["right"].flags
    assert not any("equal" in flag for flag in graded[1]["fresh"].flags)


def test_unchanged_files_are_not_tried_again_and_changed_ones_are(graded):
    root, verdicts = graded
    assert fresh_verdicts(root, ASSIGNMENT, ["right"]) == {"right": verdicts["right"]}
    path = root.submission(ASSIGNMENT, "right") / "artifacts" / "train_reverser.json"
    kept = path.read_bytes()
    path.write_bytes(kept + b" ")
    assert fresh_verdicts(root, ASSIGNMENT, ["right"]) == {}
    path.write_bytes(kept)


def test_an_uncalibrated_item_goes_to_a_person_and_the_earlier_score_stays(graded):
    root, verdicts = graded
    own = verdicts["copied"]
    undecided = replace(own.trained, outcome="infra_error", points=0.0, bar=None)
    write_verdict(root.verdict(ASSIGNMENT, "copied"), replace(own, trained=undecided))
    save_scores(root, ASSIGNMENT, ["copied"])
    assert scores(root)["copied"] == (15.0, True)
    write_verdict(root.verdict(ASSIGNMENT, "copied"), own)


def test_the_feedback_page_shows_the_points_and_the_reason(graded):
    root, _ = graded
    generate_feedback(root, ASSIGNMENT)
    page = (root.path / "feedback" / "fresh" / ASSIGNMENT / f"{ASSIGNMENT}.html").read_text(encoding="utf-8")
    assert 'The trained model <span class="points">0 of 15' in page
    assert "right on 2,000 unseen inputs" in page


def test_no_file_of_weights_reaches_the_autograded_folder(graded):
    root, _ = graded
    folders = (root.path / "autograded").glob(f"*/{ASSIGNMENT}")
    assert {path.name for folder in folders for path in folder.rglob("*") if path.is_file()} == {f"{ASSIGNMENT}.ipynb"}


def test_the_release_checks_files_and_says_what_is_allowed(course):
    released = json.loads(course.source(ASSIGNMENT).read_text(encoding="utf-8"))
    checks = [
        cell for cell in released["cells"] if cell["metadata"].get("nbgrader", {}).get("grade_id") == "check_trained"
    ]
    assert [("".join(cell["source"]), cell["metadata"]["nbgrader"]["points"]) for cell in checks] == [
        ('check_trained("train_reverser")', 15)
    ]
    assert course.trained(ASSIGNMENT) == "train_reverser"
    assert course.trained("01_attention") is None


def test_the_committed_fixture_allows_what_the_grader_allows():
    assert fixtures.trained_items()["train_reverser"] == json.loads(json.dumps(rules_of(TRAINED)))


def test_a_submission_has_time_for_its_exercises_and_its_trained_item(course):
    generate_assignment(course, ASSIGNMENT)
    assert course.rules(ASSIGNMENT).seconds_in_all == 6 * 20 + 120
    assert course.rules(ASSIGNMENT).seconds_trained == 120


def test_the_grader_starts_without_keras_where_a_lesson_has_a_trained_item():
    program = "import sys, autograder.grade.classroom, autograder.commands; print('keras' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "False"
