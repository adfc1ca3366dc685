"""The layers' own rules, where no kernel is needed to see them."""

import time

import pytest

from autograder.grade.budget import Budget
from autograder.read.unusual import unusual_means
from autograder.records import Answer, Job, Limits, Run, Statement
from autograder.run import bubblewrap, cgroup, landlock, tree, watchdog
from autograder.run.clock import Clock
from autograder.run.conversation import as_received, explained, read_answer

LIMITS = Limits(memory_bytes=3 * 2**30, processes=7, disk_bytes=11 * 2**20)


def job(seconds):
    return Job("f", (), (), (), seconds)


@pytest.mark.parametrize(
    ("limit", "ended", "words"),
    [
        ("memory", "out_of_memory", "more than 3 GB"),
        ("processes", "crashed", "more than 7 processes"),
        ("disk", "crashed", "more than 11 MB"),
        (None, "crashed", "by itself (status 3)"),
    ],
)
def test_the_outcome_says_which_limit_was_met(limit, ended, words):
    found = explained(Run("crashed"), 3, limit, LIMITS)
    assert found.ended == ended
    assert words in found.message


def test_a_process_that_the_kernel_killed_ran_out_of_memory():
    assert explained(Run("crashed"), 137, None, LIMITS).ended == "out_of_memory"


def test_a_long_error_of_ours_has_no_more_words_than_the_same_from_a_child():
    words = "No weight at `wq.bias`: " + "\t".join(map(str, range(700)))
    received = read_answer({"question": 3, "error": words, "weight_error": True}, 3)
    assert as_received(Answer(error=words, weight_error=True)) == received
    assert len(received.error) < len(words)


def test_a_clock_gives_back_what_a_busy_machine_took_but_only_once():
    asked = []
    clock = Clock(0.01, lambda: asked.append(1) or 0.02)
    time.sleep(0.02)
    assert 0 < clock.left() <= 0.01  # at most as much again
    time.sleep(0.02)
    assert clock.left() <= 0
    assert len(asked) == 1


def test_a_process_that_never_waits_has_lost_nothing():
    assert tree.seconds_waited(2**22 + 1) == 0.0


class Slow:
    """A worker whose every job takes as long as it may."""

    layers = ("slow",)

    def run(self, job):
        return Run("timeout", message="its own limit", seconds=job.seconds)


def test_a_submission_s_jobs_share_its_time():
    budget = Budget(Slow(), 13.0)
    assert [budget.run(job(5.0)).seconds for _ in range(4)] == [5.0, 5.0, 3.0, 0.0]


def test_a_job_cut_short_by_the_submission_s_time_is_told_so():
    budget = Budget(Slow(), 7.0)
    assert [budget.run(job(5.0)).message for _ in range(2)] == [
        "its own limit",
        "All exercises together may take 7 s, and that time is used up.",
    ]


def test_what_is_hidden_inside_a_visible_folder_stays_hidden(tmp_path):
    for name in ("a", "b/hidden", "b/seen"):
        (tmp_path / name).mkdir(parents=True)
    readable, listed = landlock.without(tmp_path, [tmp_path / "b" / "hidden"])
    assert (set(readable), set(listed)) == ({tmp_path / "a", tmp_path / "b" / "seen"}, {tmp_path, tmp_path / "b"})


def test_a_hidden_folder_itself_is_not_visible(tmp_path):
    assert landlock.without(tmp_path, [tmp_path]) == ([], [])


def test_a_folder_with_too_much_in_it_is_over(tmp_path):
    (tmp_path / "file").write_bytes(bytes(2**20))
    assert watchdog.is_over(str(tmp_path), 2**19)
    assert not watchdog.is_over(str(tmp_path), 2**21)


def test_a_folder_with_too_many_files_is_over(tmp_path, monkeypatch):
    monkeypatch.setattr(watchdog, "MAX_FILES", 2)
    for name in "abc":
        (tmp_path / name).touch()
    assert watchdog.is_over(str(tmp_path), 2**20)


def test_what_cannot_be_looked_into_is_over(tmp_path):
    assert watchdog.is_over(str(tmp_path / "gone"), 2**20)


def test_a_process_that_is_gone_uses_nothing():
    assert (tree.count([2**22 + 1]), tree.memory([2**22 + 1], 0)) == (0, 0)


@pytest.fixture
def control_groups(tmp_path, monkeypatch):
    """A copy of the files of a delegated control group."""
    home = tmp_path / "ours"
    home.mkdir()
    (home / "cgroup.controllers").write_text("cpu memory pids\n")
    (home / "cgroup.subtree_control").write_text("memory pids\n")
    monkeypatch.setattr(cgroup, "own_path", lambda: home)
    return home


def test_a_worker_gets_a_control_group_of_its_own(control_groups):
    group = cgroup.make(LIMITS)
    assert group.parent == control_groups
    assert cgroup.wrapper(group)[:2] == ["sh", "-c"]


def test_without_the_controllers_there_is_no_control_group(control_groups):
    (control_groups / "cgroup.controllers").write_text("cpu\n")
    assert cgroup.make(LIMITS) is None


def test_without_version_2_there_is_no_control_group(monkeypatch):
    def missing():
        raise OSError("no control group of version 2")

    monkeypatch.setattr(cgroup, "own_path", missing)
    assert cgroup.make(LIMITS) is None
    assert cgroup.wrapper(None) == []


@pytest.mark.parametrize(
    ("source", "means"),
    [
        ("import ctypes", ["ctypes"]),
        ("from importlib import reload", ["importlib"]),
        ("f = tf.sparse.softmax", ["softmax"]),
        ("f = getattr(tf.nn, 'softmax')", ["the text 'softmax'"]),
        ("f = getattr(tf.nn, 'soft' + 'max')", ["getattr with a computed name"]),
        ("from keras.ops import softmax as mine", ["softmax"]),
        ("def softmax_rows(x): return ops.exp(x - ops.max(x))", []),
        ("def my_softmax(x): return ops.exp(x)", []),
    ],
)
def test_means_that_an_exercise_does_not_need_are_found(source, means):
    assert unusual_means([Statement(source, "f", 1)], ("keras.ops.softmax",)) == means


def test_a_process_cannot_forge_its_status_by_its_name():
    text = "Name:\tx\x0cVmPTE:\t-99999 kB\nThreads:\t3\nVmPTE:\t7 kB\n"
    found = tree.fields(text)
    assert (tree.kilobytes(found, "VmPTE"), tree.kilobytes(found, "Threads")) == (7, 3)


def test_a_field_that_is_no_number_counts_as_nothing():
    assert tree.kilobytes({"VmPTE": "x"}, "VmPTE") == 0


def test_a_link_to_a_hidden_folder_is_not_visible(tmp_path):
    (tmp_path / "environment" / "course").mkdir(parents=True)
    (tmp_path / "environment" / "alias").symlink_to(tmp_path / "environment" / "course")
    (tmp_path / "link").symlink_to(tmp_path / "environment")
    readable, _ = landlock.without(tmp_path / "link", [tmp_path / "environment" / "course"])
    assert readable == []


def test_what_lies_inside_a_hidden_folder_is_not_visible(tmp_path):
    assert landlock.without(tmp_path / "course" / "release", [tmp_path / "course"]) == ([], [])


def test_a_hidden_folder_is_covered_under_every_name_of_the_visible_one(tmp_path):
    (tmp_path / "real" / "course").mkdir(parents=True)
    (tmp_path / "link").symlink_to(tmp_path / "real")
    course = tmp_path / "real" / "course"
    assert bubblewrap.places_of(course, tmp_path / "link") == [course, tmp_path / "link" / "course"]


def test_a_home_with_a_folder_of_programs_is_not_a_python(tmp_path):
    (tmp_path / "bin").mkdir()
    assert not bubblewrap.holds_python(tmp_path)
    (tmp_path / "pyvenv.cfg").touch()
    assert bubblewrap.holds_python(tmp_path)
