"""A trained item: files are read with care, weights are tried in the sandbox, and only learning earns points."""

import io
import json
import math
import os
from dataclasses import replace
from types import SimpleNamespace

import h5py
import numpy as np
import pytest
import tiny
import vitlab
from vitlab import fixtures
from vitlab.trained import MAX_TEXT, NotAllowed, check_trained, examine_trained, read_arguments, save_trained

from autograder import verify
from autograder.build.lesson import LessonError, points_of, read_lesson, trained_in
from autograder.build.notebook import instructor_notebook
from autograder.grade.answers import key_of_job
from autograder.grade.equal import flag_equal_weights
from autograder.grade.rules import Rules
from autograder.grade.trained import grade_trained
from autograder.grade.verdict import has_infra_error, parts_of, read_verdict, write_verdict
from autograder.judge.bars import bar_for, share_of_points
from autograder.read.artifacts import Artifacts, read_artifacts, rules_of
from autograder.read.notebook import read_with_artifacts
from autograder.read.slice import Analysis
from autograder.records import (
    Answer,
    Argument,
    Dataset,
    Job,
    NoData,
    Question,
    Requirement,
    Run,
    TrainedVerdict,
    Verdict,
)
from autograder.root import CourseRoot
from autograder.verify_trained import REFERENCE, try_trained

MB = 2**20
WEIGHTS, TEXT = "train_tiny.weights.h5", "train_tiny.json"


# what a model earns


def test_the_right_model_gets_full_marks(worker):
    found, flags = tiny.hand_in(worker)
    assert (found.outcome, found.points, found.max_points, flags) == ("passed", 15.0, 15.0, [])
    assert found.accuracy == found.measures["accuracy"] == 1.0
    assert found.bar == {"full_marks_at": 0.9, "zero_at": 0.4}
    assert (found.dataset, found.budget) == ("made", "cpu")


def test_a_given_model_needs_no_cell_of_the_students(worker):
    given = tiny.lesson(tiny.item(given=tiny.SOURCE))
    assert tiny.hand_in(worker, of=given, source="x = 1")[0].outcome == "passed"


def test_between_the_bars_points_grow_evenly(worker):
    found, _ = tiny.hand_in(worker, tiny.weights_of(tiny.trained_model(share=0.5)))
    assert 0.4 < found.accuracy < 0.9
    assert found.outcome == "partial"
    assert found.points == pytest.approx(15 * (found.accuracy - 0.4) / 0.5, abs=0.01)


@pytest.mark.parametrize(("accuracy", "share"), [(0.0, 0.0), (0.2, 0.0), (0.45, 0.5), (0.7, 1.0), (1.0, 1.0)])
def test_a_share_of_points_follows_from_accuracy(accuracy, share):
    assert share_of_points(accuracy, tiny.bar(zero_at=0.2, full_marks_at=0.7)) == pytest.approx(share)


def test_each_student_is_asked_unseen_inputs_of_their_own_and_the_same_again(worker):
    middling = tiny.weights_of(tiny.trained_model(share=0.5))
    accuracies = [tiny.hand_in(worker, middling, rules=Rules(secret))[0].accuracy for secret in ("a", "b", "a")]
    assert accuracies[0] == accuracies[2] != accuracies[1]


def test_an_optimizer_s_state_in_the_file_is_passed_over(worker):
    compiled = tiny.trained_model()
    compiled.compile("adam", "mse")
    compiled.optimizer.build(compiled.trainable_variables)
    weights = tiny.weights_of(compiled)
    with h5py.File(io.BytesIO(weights)) as file:
        assert "optimizer" in file
    assert tiny.hand_in(worker, weights)[0].outcome == "passed"


def test_without_a_bar_a_person_decides_and_no_mark_is_lost(worker):
    found, _ = tiny.hand_in(worker, of=tiny.lesson(bars=()))
    assert (found.outcome, found.bar, found.accuracy) == ("infra_error", None, 1.0)
    assert "person" in found.message


def not_here(*_):
    raise NoData("made.npz is not there")


def test_without_test_data_a_person_decides(worker):
    elsewhere = tiny.item(datasets=(Dataset("absent", not_here, not_here),))
    found, _ = tiny.hand_in(worker, of=tiny.lesson(elsewhere))
    assert (found.outcome, found.accuracy) == ("infra_error", None)
    assert "test data" in found.message


def test_where_the_first_data_set_is_missing_the_next_one_is_used(worker):
    two = tiny.item(datasets=(Dataset("absent", not_here, not_here), tiny.item().datasets[0]))
    assert tiny.hand_in(worker, of=tiny.lesson(two))[0].dataset == "made"


def test_a_bar_of_a_less_preferred_data_set_is_used_where_there_is_no_other_and_the_verdict_says_so(worker):
    two = tiny.item(datasets=(tiny.item().datasets[0], Dataset("other", tiny.data, tiny.unseen)))
    found, _ = tiny.hand_in(worker, of=tiny.lesson(two, (tiny.bar(dataset="other"),)))
    assert "other" in found.message
    assert found.outcome == "passed"


def test_a_bar_of_a_better_data_set_is_never_used_for_a_worse_one():
    two = tiny.item(datasets=(tiny.item().datasets[0], Dataset("other", tiny.data, tiny.unseen)))
    assert bar_for(two, [tiny.bar()], "other") is None


def test_a_model_that_passes_a_control_earns_nothing(worker):
    blind = tiny.trained_model()
    always = tiny.item(datasets=(Dataset("made", tiny.data, lambda rng: (tiny.unseen(rng)[0], np.zeros(400))),))
    blind.last.bias.assign([1e6, 0, 0])
    found, _ = tiny.hand_in(worker, tiny.weights_of(blind), of=tiny.lesson(always))
    assert (found.outcome, found.points, found.accuracy) == ("failed", 0.0, 1.0)
    assert found.message == "It is right with its eyes shut."
    assert found.measures["shut"] == 1.0


def bound(outputs, labels):
    """The mean largest output."""
    return float(outputs.max(-1).mean())


def with_requirement(worker, one, ends):
    """The verdict of the right model where this is asked for, with this range."""
    asking = tiny.lesson(tiny.item(requirements=(one,)), (tiny.bar(ranges={one.name: ends}),))
    return tiny.hand_in(worker, of=asking)[0]


def test_what_a_model_must_show_is_measured_and_said(worker):
    found = with_requirement(
        worker, Requirement("loudness", bound, "Too quiet.", "at least", seen=True), [-100.0, None]
    )
    x, _ = tiny.data()[0]
    assert found.outcome == "passed"
    assert found.measures["loudness"] == pytest.approx((x @ tiny.MIXED).max(-1).mean(), abs=1e-4)
    assert "loudness" in found.message


@pytest.mark.parametrize(
    ("asked", "ends", "words"),
    [
        ("between", [9.0, 9.5], "expected from 900% to 950%"),
        ("at least", [9.0, None], "expected at least 900%"),
        ("at most", [None, -1.0], "expected at most -100%"),
    ],
)
def test_a_model_that_does_not_show_it_earns_nothing_however_right_it_is(worker, asked, ends, words):
    found = with_requirement(worker, Requirement("loudness", bound, "Too quiet.", asked), ends)
    assert (found.outcome, found.points, found.accuracy) == ("failed", 0.0, 1.0)
    assert found.message.startswith("Too quiet. Measured: loudness ")
    assert words in found.message


def test_a_number_that_is_none_does_not_meet_a_requirement(worker):
    found = with_requirement(worker, Requirement("loudness", lambda *_: math.nan, "None.", "at most"), [None, 9.0])
    assert (found.outcome, found.points) == ("failed", 0.0)


def test_with_a_range_that_nobody_has_measured_it_is_left_to_a_person(worker):
    asked = Requirement("loudness", bound, "Too quiet.", "at least")
    found, _ = tiny.hand_in(worker, of=tiny.lesson(tiny.item(requirements=(asked,))))
    assert (found.outcome, found.points) == ("infra_error", 0.0)
    assert "a person will decide" in found.message


def test_accuracy_far_above_that_on_training_data_is_flagged_and_not_punished(worker):
    def spoiled(budget):
        (x, y), rest = tiny.data()
        return (x, (y + 1) % 3), rest

    odd = tiny.item(datasets=(Dataset("made", spoiled, tiny.unseen),))
    found, flags = tiny.hand_in(worker, of=tiny.lesson(odd))
    assert found.points == 15
    assert "training data" in flags[0]


# models that take more than the inputs, and a measure of our own

TWO = tiny.SOURCE.replace(
    "def call(self, x):\n        return self.last", "def call(self, x, y):\n        return y + self.last"
)


def two_inputs(**changes):
    """The item with a model of two inputs, whose second has nothing to do with the first."""
    space = {}
    exec(TWO, space)

    def beside(x):
        return x, np.random.default_rng(len(x)).standard_normal((len(x), 3)).astype("float32")

    return tiny.item(reference=space["Tiny"], asked=beside, measured=tiny.builder(), **changes)


def test_a_model_of_two_inputs_is_asked_with_both_and_measured_by_our_own_which_takes_one(worker):
    found, _ = tiny.hand_in(worker, of=tiny.lesson(two_inputs()), source=TWO)
    assert (found.outcome, found.accuracy, found.measures["accuracy on training data"]) == ("passed", 1.0, 1.0)
    assert found.measures["shut"] < 0.6


@pytest.mark.parametrize("wrong", ["y * 1.01 + self", "self"], ids=["changed", "unused"])
def test_a_model_that_treats_its_second_input_otherwise_is_found_by_the_reference(worker, wrong):
    found, _ = tiny.hand_in(worker, of=tiny.lesson(two_inputs()), source=TWO.replace("y + self", wrong))
    assert found.outcome == "failed"
    assert "different outputs" in found.message


def test_what_the_model_says_is_not_scored_where_our_own_is_measured(worker):
    def nothing_right(inputs):
        return inputs, np.full((len(inputs), 3), 1e6, "float32") * np.eye(3, dtype="float32")[0]

    loud = replace(two_inputs(), asked=nothing_right)
    assert tiny.hand_in(worker, of=tiny.lesson(loud), source=TWO)[0].accuracy == 1.0


# wrong models


def test_a_model_that_computes_something_else_is_found_by_the_reference(worker):
    found, _ = tiny.hand_in(worker, source=tiny.SOURCE.replace("x * self.open", "x * self.open * 1.01"))
    assert (found.outcome, found.points) == ("failed", 0.0)
    assert "different outputs" in found.message


def test_a_model_that_knows_the_answers_by_heart_is_found_by_the_reference(worker):
    cheat = f"return keras.ops.matmul(x, {tiny.MIXED.tolist()}) + 0 * self.last(self.scale(self.first(x)))"
    source = tiny.SOURCE.replace("return self.last(self.scale(self.first(x * self.open)))", cheat)
    found, _ = tiny.hand_in(worker, tiny.weights_of(tiny.untrained_model()), source=source)
    assert found.points == 0
    assert "different outputs" in found.message


GAIN = '        self.gain = self.add_weight(name="gain", shape=(shape[-1],), initializer="ones")\n'


def test_weights_that_changed_places_because_the_code_was_changed_after_training_are_explained(worker):
    source = tiny.SOURCE.replace(GAIN, "").replace(
        "    def call(self, x):\n        return x * self.gain",
        GAIN + "\n    def call(self, x):\n        return x * self.gain",
    )
    found, _ = tiny.hand_in(worker, source=source)
    assert found.points == 0
    assert "by their place and not by name" in found.message


def test_weights_made_in_another_order_from_the_first_are_right(worker):
    made = tiny.trained_model()
    made.scale.gain.assign(np.zeros(5))
    made.scale.shift.assign(np.ones(5))  # the file of a class that makes the shift first
    source = tiny.SOURCE.replace(GAIN, "").replace(
        "    def call(self, x):\n        return x * self.gain",
        GAIN + "\n    def call(self, x):\n        return x * self.gain",
    )
    assert tiny.hand_in(worker, tiny.weights_of(made), source=source)[0].outcome == "passed"


def weights_from(source):
    """The file of a fresh model of a student's own class."""
    space = {}
    exec(source, space)
    made = space["Tiny"]()
    made(np.zeros((1, 4), "float32"))
    return tiny.weights_of(made)


def test_a_missing_attribute_is_named(worker):
    source = tiny.SOURCE.replace("self.first", "self.begin")
    found, _ = tiny.hand_in(worker, weights_from(source), source=source)
    assert found.outcome == "failed"
    assert "`first.kernel`" in found.message


def test_a_weight_too_many_is_named(worker):
    extra = "        self.more = keras.layers.Dense(3)\n        self.first = keras.layers.Dense(width)\n"
    source = (
        tiny.SOURCE.replace("        self.first = keras.layers.Dense(width)\n", extra)
        .replace("return self.last(", "return self.more(self.last(")
        .replace("* self.open)))", "* self.open))))")
    )
    found, _ = tiny.hand_in(worker, weights_from(source), source=source)
    assert "2 more" in found.message


def test_without_the_model_s_cell_the_message_names_it(worker):
    found, _ = tiny.hand_in(worker, source="x = 1")
    assert found.outcome == "missing"
    assert "`Tiny`" in found.message


@pytest.mark.parametrize(
    ("body", "outcome"),
    [("while True: pass", "timeout"), ("import os; os._exit(0)", "crashed"), ("raise ValueError('no')", "failed")],
)
def test_whatever_a_model_does_is_an_outcome(worker, body, outcome):
    source = tiny.SOURCE.replace("return self.last(", f"{body}\n        return self.last(")
    found, _ = tiny.hand_in(worker, source=source, rules=Rules("secret", seconds_trained=2.0))
    assert (found.outcome, found.points) == (outcome, 0.0)
    assert found.message


@pytest.mark.parametrize("lie", ["None", "[1, 2]", "x[:2]", "x * float('nan')", "x > 0"])
def test_outputs_that_are_none_are_told_in_words(worker, lie):
    source = tiny.SOURCE.replace(
        "return self.last(self.scale(self.first(x * self.open)))",
        f"self.last(self.scale(self.first(x)))\n        return {lie}",
    )
    found, _ = tiny.hand_in(worker, source=source)
    assert (found.outcome, found.points) == ("failed", 0.0)


def test_a_fault_of_ours_is_never_the_student_s():
    class Broken:
        layers = ()

        def run(self, job):
            return Run("infra_error", message="no sandbox")

    found, _ = tiny.hand_in(Broken())
    assert found.outcome == "infra_error"
    assert "not yours" in found.message


@pytest.mark.parametrize(
    "value",
    [None, 5, [], {}, {"weights": {}, "outputs": np.zeros(3)}, {"weights": None, "outputs": None}],
)
def test_a_sandbox_that_answers_something_else_is_not_believed(value):
    class Lying:
        layers = ()

        def run(self, job):
            return Run("finished", (Answer(value=value),))

    assert tiny.hand_in(Lying())[0].outcome == "failed"


def test_weights_of_other_shapes_than_the_reference_s_are_not_believed(worker):
    class Bending:
        layers = ()

        def run(self, job):
            run = worker.run(job)
            run.answers[0].value["weights"]["last.bias"] = np.zeros(4, "float32")
            return run

    assert "`last.bias`" in tiny.hand_in(Bending())[0].message


# hostile weights


def edited(change):
    """The right file after something was done to it."""
    buffer = io.BytesIO(tiny.good_weights())
    with h5py.File(buffer, "r+") as file:
        change(file)
    return buffer.getvalue()


def replaced(file, value=None, **how):
    """Another data set in the place of the first layer's kernel."""
    del file["first/vars/0"]
    if value is not None:
        file["first/vars/0"] = value
    else:
        file["first/vars"].create_dataset("0", **how)


def a_virtual_one(file):
    layout = h5py.VirtualLayout((4, 5), "float32")
    layout[:] = h5py.VirtualSource("/etc/passwd", "x", (4, 5))
    del file["first/vars/0"]
    file["first/vars"].create_virtual_dataset("0", layout)


def many_groups(file):
    for i in range(6_000):
        file.create_group(f"g{i}")


def a_circle(file):
    file["first/again"] = file["/"]


HOSTILE = {
    "an external link": (lambda f: replaced(f, h5py.ExternalLink("/etc/passwd", "/")), "ExternalLink"),
    "a soft link": (lambda f: replaced(f, h5py.SoftLink("/last/vars/0")), "SoftLink"),
    "data outside the file": (
        lambda f: replaced(f, shape=(4, 5), dtype="float32", external=[("/etc/passwd", 0, 80)]),
        "not numbers of its own",
    ),
    "a virtual data set": (a_virtual_one, "not numbers of its own"),
    "a terabyte that is not there": (
        lambda f: replaced(f, shape=(2**20, 2**20), dtype="uint8", chunks=(1024, 1024), compression="gzip"),
        "64 MB",
    ),
    "a terabyte in a place that nobody loads": (
        lambda f: f.create_dataset("more", shape=(2**20, 2**20), dtype="uint8", chunks=(1024, 1024)),
        "64 MB",
    ),
    "texts": (lambda f: replaced(f, "all labels: 0 1 2 0 1"), "not numbers of its own"),
    "pairs of numbers": (lambda f: replaced(f, np.zeros(3, [("a", "f4"), ("b", "f4")])), "not numbers of its own"),
    "nothing in place of numbers": (lambda f: replaced(f, h5py.Empty("f4")), "do not fit"),
    "a group in place of numbers": (
        lambda f: (replaced(f, np.zeros(1)), f.move("first/vars/0", "x"), f.create_group("first/vars/0")),
        "do not fit",
    ),
    "a named type": (lambda f: f.__setitem__("kind", np.dtype("f8")), "not numbers of its own"),
    "too many groups": (many_groups, "64 MB"),
    "another shape": (
        lambda f: replaced(f, np.zeros((5, 4), "float32")),
        "needs 1 of shape (4, 5), the file has 1 of shape (5, 4)",
    ),
    "a layer that is missing": (lambda f: f.__delitem__("first"), "needs 1 of shape (4, 5)"),
    "no number": (lambda f: f["first/vars/0"].write_direct(np.full((4, 5), np.nan, "float32")), "finite"),
    "infinity": (lambda f: f["last/vars/1"].write_direct(np.full(3, np.inf, "float32")), "finite"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_of_weights_earns_nothing_and_is_explained(worker, name):
    change, words = HOSTILE[name]
    found, _ = tiny.hand_in(worker, edited(change))
    assert (found.outcome, found.points) == ("failed", 0.0)
    assert words in found.message


@pytest.mark.parametrize(
    "file",
    [b"", b"\0" * 5000, b"\x89HDF\r\n\x1a\n" + b"\xff" * 5000, b"PK\x03\x04 a .keras file"],
    ids=["nothing", "zeros", "only a beginning", "an archive"],
)
def test_a_file_that_is_no_file_of_weights_is_told_so(worker, file):
    found, _ = tiny.hand_in(worker, file)
    assert found.outcome == "failed"
    assert "save_trained" in found.message


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_a_file_that_was_cut_off_is_told_so(worker, share):
    whole = tiny.good_weights()
    found, _ = tiny.hand_in(worker, whole[: int(share * len(whole))])
    assert (found.outcome, found.points) == ("failed", 0.0)
    assert "cut off" in found.message


def test_a_circle_of_names_in_the_file_ends(worker):
    assert tiny.hand_in(worker, edited(a_circle))[0].outcome == "passed"


def test_bytes_turned_at_random_never_stop_the_grader(worker):
    rng = np.random.default_rng(5)
    for _ in range(12):
        data = bytearray(tiny.good_weights())
        for place in rng.integers(0, len(data), 40):
            data[place] = rng.integers(256)
        found, _ = tiny.hand_in(worker, bytes(data), rules=Rules("secret", seconds_trained=10.0))
        assert found.outcome != "infra_error"


# the JSON

RULES = rules_of(
    tiny.item(
        arguments={
            "dim": Argument(16, 128),
            "heads": Argument(1, 8, divides="dim"),
            "length": Argument(16, 16),
            "rate": Argument(0.0, 0.5, whole=False),
            "pool": Argument(choices=("cls", "mean")),
        }
    )
)
ALLOWED = {"dim": 32, "heads": 4, "length": 16, "rate": 0.1, "pool": "cls"}


def test_allowed_arguments_come_back_as_they_are():
    assert read_arguments(json.dumps(ALLOWED).encode(), RULES) == ALLOWED


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"labels": [1, 2]}, "not allowed: labels"),
        ({"dim": 15}, "from 16 to 128"),
        ({"dim": 129}, "from 16 to 128"),
        ({"dim": 32.0}, "whole number"),
        ({"dim": True}, "got True"),
        ({"dim": "32"}, "got '32'"),
        ({"dim": None}, "got None"),
        ({"dim": [32]}, "got a list"),
        ({"dim": 10**400}, "from 16 to 128"),
        ({"heads": 5}, "divide dim"),
        ({"heads": 0}, "from 1 to 8"),
        ({"length": 17}, "length to be 16"),
        ({"rate": float("nan")}, "got nan"),
        ({"rate": float("inf")}, "got inf"),
        ({"pool": "max"}, "cls, mean"),
        ({"pool": 1}, "cls, mean"),
    ],
)
def test_an_argument_that_is_not_allowed_is_named(change, words):
    with pytest.raises(NotAllowed) as caught:
        read_arguments(json.dumps(ALLOWED | change).encode(), RULES)
    assert words in str(caught.value)


@pytest.mark.parametrize("name", ALLOWED)
def test_a_missing_argument_is_named(name):
    with pytest.raises(NotAllowed, match=f"missing: {name}"):
        read_arguments(json.dumps({key: value for key, value in ALLOWED.items() if key != name}).encode(), RULES)


@pytest.mark.parametrize(
    "text",
    [b"", b"{", b"[]", b"5", b"\xff\xfe", b"[" * 60_000, b'{"dim": ' + b"9" * 5000 + b"}", b" " * (MAX_TEXT + 1)],
    ids=["nothing", "half", "a list", "a number", "no UTF-8", "deep", "a long number", "too long"],
)
def test_what_is_no_json_with_names_is_told_so(text):
    with pytest.raises(NotAllowed):
        read_arguments(text, RULES)


# the files


@pytest.fixture
def folder(tmp_path):
    """A submission with both files."""
    (tmp_path / "artifacts").mkdir()
    (tmp_path / "02_tiny.ipynb").write_text('{"cells": []}')
    (tmp_path / "artifacts" / WEIGHTS).write_bytes(b"weights")
    (tmp_path / "artifacts" / TEXT).write_bytes(b"{}")
    return tmp_path


def test_both_files_are_read(folder):
    found = read_artifacts(folder, "train_tiny", MB)
    assert (found.weights, found.arguments, found.problems, found.flags) == (b"weights", b"{}", (), ())


def test_a_submission_without_the_folder_has_no_artifacts(tmp_path):
    found = read_artifacts(tmp_path, "train_tiny", MB)
    assert (found.weights, found.arguments, found.problems) == (None, None, ())


def test_a_link_in_place_of_a_file_is_not_followed(folder, tmp_path_factory):
    secret = tmp_path_factory.mktemp("elsewhere") / "secret"
    secret.write_bytes(b"secret")
    (folder / "artifacts" / WEIGHTS).unlink()
    (folder / "artifacts" / WEIGHTS).symlink_to(secret)
    found = read_artifacts(folder, "train_tiny", MB)
    assert found.weights is None
    assert "a link" in found.problems[0]


def test_a_link_in_place_of_the_folder_is_not_followed(folder, tmp_path):
    (folder / "artifacts").rename(tmp_path / "real")
    (folder / "artifacts").symlink_to(tmp_path / "real")
    found = read_artifacts(folder, "train_tiny", MB)
    assert (found.weights, found.arguments) == (None, None)
    assert "link" in found.problems[0]


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir], ids=["pipe", "folder"])
def test_what_is_no_regular_file_is_not_read(folder, make):
    (folder / "artifacts" / WEIGHTS).unlink()
    make(folder / "artifacts" / WEIGHTS)
    assert "a folder or a device" in read_artifacts(folder, "train_tiny", MB).problems[0]


def test_a_gigabyte_is_refused_with_its_size(folder):
    os.truncate(folder / "artifacts" / WEIGHTS, 1024 * MB)
    found = read_artifacts(folder, "train_tiny", 40 * MB)
    assert found.weights is None
    assert "at most 40 MB. Received: 1024 MB" in found.problems[0]


def test_other_files_are_listed_and_ignored(folder):
    (folder / "artifacts" / "train_other.weights.h5").write_bytes(b"x")
    (folder / "artifacts" / "evil\nname.pkl").write_bytes(b"x")
    found = read_artifacts(folder, "train_tiny", MB)
    assert found.flags == (r"ignored: artifacts/evil\nname.pkl", "ignored: artifacts/train_other.weights.h5")


@pytest.mark.parametrize("file", [WEIGHTS, TEXT])
def test_each_file_belongs_to_the_hash_of_the_submission(folder, file):
    before = read_with_artifacts(folder, "ann", "02_tiny", "train_tiny", MB).sha256
    (folder / "artifacts" / file).write_bytes(b"other")
    assert read_with_artifacts(folder, "ann", "02_tiny", "train_tiny", MB).sha256 != before


def test_a_file_that_cannot_be_read_is_refused(worker):
    files = Artifacts(None, b"{}", ("artifacts/x: a link",))
    found, _ = grade_trained("ann", files, Analysis(), tiny.lesson(), worker, Rules("s"))
    assert (found.outcome, found.message) == ("refused", "artifacts/x: a link")


def test_without_files_the_message_says_what_to_hand_in(worker):
    found, _ = grade_trained("ann", Artifacts(), Analysis(), tiny.lesson(), worker, Rules("s"))
    assert found.outcome == "missing"
    assert WEIGHTS in found.message
    assert TEXT in found.message
    assert "save_trained" in found.message


@pytest.mark.parametrize("change", [{"weights": b"2"}, {"paths": ("b",)}])
def test_kept_answers_depend_on_the_weights(change):
    job = Job("f", (), (Question(),), (), 1.0, b"1", ("a",))
    assert key_of_job(job, "") != key_of_job(replace(job, **change), "")


# the verdict


def verdict(trained, **changes):
    """A verdict with a trained item."""
    fields = ("02_tiny", "ann", "sha", "key", "now", {}, (), None, 15.0, 15.0, (), {}, trained)
    return replace(Verdict(*fields), **changes)


TRAINED_VERDICT = TrainedVerdict(
    "partial",
    7.5,
    15.0,
    "half",
    0.65,
    {"accuracy": 0.65},
    {"full_marks_at": 0.9, "zero_at": 0.4},
    "made",
    "cpu",
    "hash",
    0.5,
)


def test_a_verdict_with_a_trained_item_reads_back_as_it_was(tmp_path):
    written = verdict(TRAINED_VERDICT)
    write_verdict(tmp_path / "v.json", written)
    assert read_verdict(tmp_path / "v.json") == written
    names = ("measures", "accuracy", "bar", "dataset", "budget", "points", "max_points", "message")
    assert set(names) <= set(json.loads((tmp_path / "v.json").read_text())["trained"])


def test_the_trained_item_has_a_graded_cell_like_an_exercise():
    part = parts_of(verdict(TRAINED_VERDICT))["trained"]
    assert (part.outcome, part.points, part.max_points, part.cases[0].message) == ("partial", 7.5, 15.0, "half")


def test_a_trained_item_that_a_person_must_grade_counts_as_not_graded():
    assert has_infra_error(verdict(replace(TRAINED_VERDICT, outcome="infra_error")))


def test_equal_weights_in_a_class_are_flagged_once_and_the_flag_goes_with_its_reason(tmp_path):
    root = CourseRoot(tmp_path)
    marks = {"ann": "1", "ben": "2", "cat": "1"}
    for name, mark in marks.items():
        own = verdict(replace(TRAINED_VERDICT, weights_sha256=mark), student=name)
        write_verdict(root.verdict("02_tiny", name), own)
    assert {name: found.flags for name, found in flag_equal_weights(root, "02_tiny").items()} == {
        "ann": ("equal weights: as cat",),
        "cat": ("equal weights: as ann",),
    }
    assert flag_equal_weights(root, "02_tiny") == {}
    write_verdict(root.verdict("02_tiny", "cat"), verdict(replace(TRAINED_VERDICT, weights_sha256="3"), student="cat"))
    assert {name: found.flags for name, found in flag_equal_weights(root, "02_tiny").items()} == {"ann": ()}


# the student's side


@pytest.fixture
def at_home(tmp_path, monkeypatch):
    """A student's folder, and a lesson that knows the item."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(fixtures, "trained_items", lambda: {"train_tiny": rules_of(tiny.item())})
    return tmp_path


def test_what_save_trained_writes_is_ready_to_hand_in(at_home, worker, capsys):
    save_trained("train_tiny", tiny.trained_model(), tiny.STANDARD)
    assert WEIGHTS in capsys.readouterr().out
    assert examine_trained("train_tiny").passed
    files = read_artifacts(at_home, "train_tiny", MB)
    assert tiny.hand_in(worker, files.weights, files.arguments)[0].outcome == "passed"


def test_check_trained_says_what_is_missing(at_home, capsys):
    found = check_trained("train_tiny")
    assert not found.passed
    assert "save_trained" in found.cases[0].message
    assert "not ready" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("file", "content", "case", "words"),
    [(WEIGHTS, b"PK", 0, "save_weights"), (TEXT, b'{"width": 500}', 1, "from 1 to 64"), (TEXT, b"{", 1, "JSON")],
)
def test_check_trained_names_what_is_not_allowed(at_home, file, content, case, words):
    save_trained("train_tiny", tiny.trained_model(), tiny.STANDARD)
    (at_home / "artifacts" / file).write_bytes(content)
    found = examine_trained("train_tiny")
    assert [result.passed for result in found.cases] == [case != 0, case != 1]
    assert words in found.cases[case].message


def test_check_trained_says_that_a_file_is_too_large(at_home):
    save_trained("train_tiny", tiny.trained_model(), tiny.STANDARD)
    os.truncate(at_home / "artifacts" / WEIGHTS, 41 * MB)
    assert "at most 40 MB, got 41 MB" in examine_trained("train_tiny").cases[0].message


@pytest.mark.parametrize("name", ["train_nothing", None, [], 5])
def test_check_trained_never_raises_over_a_name(at_home, name):
    found = examine_trained(name)
    assert not found.passed
    assert "train_tiny" in found.title


def test_both_helpers_come_with_the_package():
    assert (vitlab.check_trained, vitlab.save_trained) == (check_trained, save_trained)


# the build

MARKED = """# %% [markdown]
# # A lesson

# %% trained="train_it"
from solutions.tiny.reference import train_it

# %%
print("train and save here")

# %% check_trained="train_it" points=15
check_trained("train_it")
"""
REFERENCE_TEXT = '''def train_it(data, seed):
    """Train."""
    ### BEGIN SOLUTION
    return data
    ### END SOLUTION
'''


def cells_of(tmp_path, text):
    """A lesson's cells."""
    (tmp_path / "solutions/tiny").mkdir(parents=True)
    (tmp_path / "solutions/tiny/reference.py").write_text(REFERENCE_TEXT)
    (tmp_path / "lesson.py").write_text(text)
    return read_lesson(tmp_path / "lesson.py", tmp_path / "solutions")


def test_a_trained_item_becomes_a_solution_cell_and_a_graded_check_where_the_lesson_puts_it(tmp_path):
    cells = cells_of(tmp_path, MARKED)
    assert (points_of(cells), trained_in(cells)) == ({"trained": 15.0}, "train_it")
    made = instructor_notebook("02_tiny", cells, "", "a.whl", "").cells
    marks = [cell.metadata.get("nbgrader", {}) for cell in made]
    assert [mark.get("grade_id") for mark in marks][-3:] == ["train_it", None, "check_trained"]
    assert (marks[-3]["solution"], marks[-3]["grade"]) == (True, False)
    assert (marks[-1]["grade"], marks[-1]["locked"], marks[-1]["points"]) == (True, True, 15.0)
    assert made[-1].source == 'check_trained("train_it")'


def test_the_notebook_names_its_trained_item(tmp_path):
    made = instructor_notebook("02_tiny", cells_of(tmp_path, MARKED), "", "a.whl", "")
    assert made.metadata.vitlab.trained == "train_it"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('# %% check_trained="train_it" points=15\ncheck_trained("train_it")\n', ""),
        ('check_trained("train_it")\n', 'check_trained("train_other")\n'),
        ('# %% trained="train_it"\nfrom solutions.tiny.reference import train_it\n', ""),
        ("import train_it", "import train_other"),
        ("# %% [markdown]", '# %% check_trained="train_it" points=1\ncheck_trained("train_it")\n# %% [markdown]'),
    ],
)
def test_a_trained_item_with_a_part_missing_is_refused_in_words(tmp_path, old, new):
    with pytest.raises(LessonError, match="expected"):
        cells_of(tmp_path, MARKED.replace(old, new))


# the test of the test


def test_verify_gives_the_reference_full_marks_and_what_was_not_learnt_nothing(worker):
    above_luck = tiny.bar(zero_at=0.65)  # of three classes, some untrained models get half right
    found = try_trained(worker, tiny.lesson(bars=(above_luck,)), tiny.SOURCE)
    assert found[REFERENCE].points == 15
    others = {name: one.points for name, one in found.items() if name != REFERENCE}
    assert set(others.values()) == {0.0}
    assert len(others) >= 5


@pytest.mark.parametrize(
    ("name", "share", "fine"),
    [
        ("untrained", 0.0, True),
        ("untrained", 0.01, False),
        ("without_a_lesson", 0.0, True),
        ("without_a_lesson", 0.4, True),
        ("without_a_lesson", 0.6, False),
    ],
)
def test_verify_lets_only_the_baseline_at_which_points_begin_earn_some(tmp_path, monkeypatch, name, share, fine):
    (tmp_path / "reference.py").write_text("")
    shares = {REFERENCE: 1.0, name: share}
    ends = {0.0: "failed", 1.0: "passed"}
    found = {
        one: SimpleNamespace(points=15 * part, max_points=15, outcome=ends.get(part, "partial"))
        for one, part in shares.items()
    }
    monkeypatch.setattr(verify, "solution_folder", lambda assignment: tmp_path)
    monkeypatch.setattr(verify, "try_trained", lambda *given: found)
    rows = verify.trained_rows(None, tiny.lesson(bars=(tiny.bar(baseline="without a lesson"),)), None)
    assert [row.fine for row in rows] == [True, fine]
