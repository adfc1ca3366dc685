"""Bars come from runs over seeds, and a calibration goes on where it was stopped."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest
import tiny
from rich.console import Console

from autograder.build.instructor import lesson_points
from autograder.calibrate.bars import NotCalibrated, Plan, calibrate, write_bar
from autograder.calibrate.tolerance import lower_bound, tolerance_factor, whole_percents
from autograder.commands import UsageError, calibrate_command
from autograder.judge.bars import share_of_points
from autograder.lessons import CHECKOUT, fingerprint, load_lesson, read_bars, solution_folder
from autograder.records import Dataset, NoData, Requirement

PUBLISHED = {
    2: 37.09,
    3: 10.55,
    4: 7.042,
    5: 5.741,
    6: 5.062,
    7: 4.642,
    8: 4.354,
    10: 3.981,
    15: 3.520,
    20: 3.295,
    50: 2.862,
}
"""Natrella 1963, table A-7, 99 % with 95 % confidence."""


@pytest.mark.parametrize(("count", "factor"), PUBLISHED.items())
def test_the_factor_of_the_tolerance_bound_is_the_published_one(count, factor):
    assert tolerance_factor(count) == pytest.approx(factor, rel=3e-4)


def test_nineteen_in_twenty_bounds_lie_below_what_99_percent_exceed():
    runs = np.random.default_rng(3).standard_normal((4000, 5))
    bounds = runs.mean(1) - tolerance_factor(5) * runs.std(1, ddof=1)
    assert np.mean(bounds < -2.3263) == pytest.approx(0.95, abs=0.012)


def test_the_bound_moves_with_the_mean_and_with_the_spread():
    values = [0.8, 0.9, 0.85, 0.95, 0.9]
    assert lower_bound([value + 0.02 for value in values]) == pytest.approx(lower_bound(values) + 0.02)
    assert lower_bound([0.9] * 5) == pytest.approx(0.9)


@pytest.fixture
def home(tmp_path):
    """A lesson's folder of solutions."""
    (tmp_path / "reference.py").write_text("1")
    return tmp_path


def teach(share):
    """A training that reaches more or less, and counts its runs."""

    def train(data, seed):
        train.seeds.append(seed)
        return tiny.trained_model(data, seed, share)

    train.seeds = []
    return train


def measured(home, plan=None, **changes):
    """The bar of the tiny item."""
    return calibrate(tiny.lesson(tiny.item(**changes)), plan or Plan(), home, home / "kept")


def test_full_marks_are_the_reference_s_lower_bound_and_no_marks_the_baseline_s_mean(home):
    found = measured(home, train=teach(0.97))
    lines = [json.loads(line) for line in (home / "kept" / "train_tiny-made-cpu.jsonl").read_text().splitlines()]
    reference = [line["accuracy"] for line in lines if line["what"] == "reference"]
    baseline = [line["accuracy"] for line in lines if line["what"] == "untrained"]
    assert len(reference) == len(baseline) == found.seeds == 5
    assert found.full_marks_at == pytest.approx(np.mean(reference) - 5.741 * np.std(reference, ddof=1), abs=1e-4)
    assert (found.zero_at, found.mean) == pytest.approx((np.mean(baseline), np.mean(reference)), abs=1e-6)
    assert 0.5 < found.full_marks_at < 0.99


def test_a_training_is_told_the_budget_that_it_is_measured_under(home, monkeypatch):
    monkeypatch.setenv("VITLAB_BUDGET", "mine")
    told = []

    def train(data, seed):
        told.append(os.environ["VITLAB_BUDGET"])
        return tiny.trained_model(data, seed, 0.97)

    measured(home, Plan(budget="gpu"), train=train, budgets=("cpu", "gpu"))
    assert told == ["gpu"] * 5
    assert os.environ["VITLAB_BUDGET"] == "mine"


@pytest.mark.parametrize("budget", ["cpu", "gpu"])
def test_make_has_a_target_for_each_budget(budget):
    done = subprocess.run(
        ["make", "--dry-run", "--assume-old=.venv/ready", f"calibrate-{budget}", "DATASET=cifar10"],
        cwd=CHECKOUT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert f"calibrate 04_vit --budget {budget} --seeds 5 --dataset cifar10" in done.stdout


def test_what_students_were_promised_caps_full_marks(home):
    assert measured(home, promised=0.9).full_marks_at == 0.9


def test_a_bar_that_is_written_reads_back_and_has_the_contract_s_keys(home):
    found = measured(home)
    assert read_bars(home) == (found,)
    assert list(json.loads((home / "bars.json").read_text())[0]) == [
        "item", "dataset", "budget", "seeds", "mean", "sd", "baseline", "baseline_mean", "full_marks_at", "zero_at",
        "versions", "machine", "seconds",
    ]  # fmt: skip


def test_a_new_bar_takes_the_place_of_the_old_one_and_leaves_the_others(home):
    for bar in (tiny.bar(budget="gpu"), tiny.bar(mean=0.1), tiny.bar(mean=0.2)):
        write_bar(home, bar)
    assert [(bar.budget, bar.mean) for bar in read_bars(home)] == [("cpu", 0.2), ("gpu", 0.9)]


def test_a_baseline_too_near_gives_way_to_the_untrained_one_and_the_bar_says_so(home):
    found = measured(home, baselines={"without much": tiny.trained_model, "untrained": tiny.untrained_model})
    assert found.baseline == "untrained"
    assert found.zero_at < 0.6


def test_without_any_baseline_far_enough_below_there_is_no_bar(home):
    with pytest.raises(NotCalibrated, match="above every baseline"):
        measured(home, train=tiny.untrained_model)
    assert read_bars(home) == ()


@pytest.mark.parametrize("asked", ["at least", "at most", "between"])
def test_the_range_of_a_requirement_is_measured_in_the_same_runs(home, asked):
    def largest(outputs, labels):
        return float(outputs.max(-1).mean()) + 0 * len(labels)

    one = Requirement("loudness", largest, "Too quiet.", asked, seen=True)
    found = measured(home, train=teach(0.97), requirements=(one,))
    lines = [json.loads(line) for line in (home / "kept" / "train_tiny-made-cpu.jsonl").read_text().splitlines()]
    values = [line["shown"]["loudness"] for line in lines if line["what"] == "reference"]
    mean, spread = np.mean(values), 5.741 * np.std(values, ddof=1)
    low, high = found.ranges["loudness"]
    assert (low is None, high is None) == (asked == "at most", asked == "at least")
    assert low is None or 0 < mean - spread - low <= 0.0101
    assert high is None or 0 < high - mean - spread <= 0.0101
    assert read_bars(home) == (found,)


def test_a_run_kept_before_there_was_a_requirement_is_measured_again(home):
    train = teach(0.97)
    measured(home, train=train)
    one = Requirement("loudness", lambda outputs, labels: float(outputs.max()), "Too quiet.", "at least")
    assert measured(home, train=train, requirements=(one,)).ranges.keys() == {"loudness"}
    assert train.seeds == [0, 1, 2, 3, 4] * 2


def test_a_range_leaves_room_where_all_runs_are_alike():
    assert whole_percents([1.0] * 5, "at least") == [0.99, None]
    assert whole_percents([0.5] * 5, "between") == [0.49, 0.51]


def test_a_calibration_that_was_stopped_goes_on_where_it_was(home):
    train = teach(1.0)

    def stops(data, seed):
        if seed == 3:
            raise KeyboardInterrupt
        return train(data, seed)

    with pytest.raises(KeyboardInterrupt):
        measured(home, train=stops)
    with (home / "kept" / "train_tiny-made-cpu.jsonl").open("a") as file:
        file.write('{"key": "cut sho')
    found = measured(home, train=train)
    assert train.seeds == [0, 1, 2, 3, 4]
    assert found.seeds == 5


def test_more_seeds_train_only_what_is_new(home):
    train = teach(1.0)
    measured(home, train=train)
    assert measured(home, Plan(seeds=7), train=train).seeds == 7
    assert train.seeds == [0, 1, 2, 3, 4, 5, 6]


def test_changed_training_code_is_measured_anew(home):
    train = teach(1.0)
    measured(home, train=train)
    (home / "reference.py").write_text("2")
    measured(home, train=train)
    assert train.seeds == [0, 1, 2, 3, 4] * 2


@pytest.mark.parametrize(
    ("plan", "words"),
    [(Plan(budget="tpu"), "cpu"), (Plan(dataset="mnist"), "made"), (Plan(seeds=4), "at least 5")],
)
def test_a_wish_that_cannot_be_met_is_told_with_what_can(home, plan, words):
    with pytest.raises(NotCalibrated, match=words):
        measured(home, plan)


def test_data_that_is_not_here_is_named(home):
    def absent(*_):
        raise NoData("made.npz is not in VITLAB_DATA")

    with pytest.raises(NotCalibrated, match="VITLAB_DATA"):
        measured(home, datasets=(Dataset("made", absent, absent),))


def test_a_lesson_without_a_trained_item_is_told_so():
    with pytest.raises(UsageError, match="01_attention, which has none"):
        calibrate_command(Console(), "01_attention", Plan())


def test_the_command_explains_itself():
    done = subprocess.run(
        [sys.executable, "-m", "autograder", "calibrate", "--help"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0
    for option in ("--budget", "--dataset", "--seeds", "--json"):
        assert option in done.stdout


# what is committed


@pytest.fixture(scope="module")
def reverser():
    """Lesson 02 as the engine knows it."""
    return load_lesson("02_multihead", lesson_points("02_multihead"))


def test_lesson_02_has_a_bar_that_keeps_what_students_were_promised(reverser):
    (bar,) = reverser.bars
    assert (bar.item, bar.dataset, bar.budget) == ("train_reverser", "reversal", "cpu")
    assert bar.full_marks_at <= 0.99
    assert bar.full_marks_at >= bar.zero_at + 0.02
    assert bar.full_marks_at <= bar.mean - tolerance_factor(bar.seeds) * bar.sd
    assert share_of_points(0.99, bar) == 1.0
    assert bar.seeds >= 5


def test_the_fingerprint_covers_the_trained_item_and_its_bars(monkeypatch):
    folder = solution_folder("02_multihead")
    read = type(folder).read_bytes
    before = fingerprint("02_multihead", {"trained": 15.0})
    for name in ("trained.py", "bars.json"):
        with monkeypatch.context() as patch:
            patch.setattr(type(folder), "read_bytes", lambda path, name=name: read(path) + b"#" * (path.name == name))
            assert fingerprint("02_multihead", {"trained": 15.0}) != before


def test_without_a_trained_item_in_the_course_none_is_loaded(reverser):
    others = {name: points for name, points in reverser.points.items() if name != "trained"}
    assert load_lesson("02_multihead", others).trained is None
