"""The doctor's attacks are judged by what they did, not by what they say."""

import json

import pytest

from autograder.commands import doctor_command
from autograder.doctor import examine
from autograder.doctor.examine import BOMBS, PEEKS, judge_bomb, judge_peek, require_isolation, words_of
from autograder.records import Answer, Run
from autograder.run import isolation
from autograder.run.worker import ZygoteWorker


def test_every_attack_is_written_and_none_is_left_out():
    source = examine.Path(examine.__file__).with_name("inside.py").read_text(encoding="utf-8")
    written = {line.split("(")[0][4:] for line in source.splitlines() if line.startswith("def ")}
    assert written - {"attempt", "refused"} == {*PEEKS, *BOMBS}


def test_an_attack_that_returns_words_got_through():
    assert not judge_peek("uses_io_uring", Answer("the kernel allowed it"), None, "").holds


def test_an_attack_that_was_refused_did_not_get_through():
    assert judge_peek("uses_io_uring", Answer(error="PermissionError: no"), None, "").holds


def test_an_attack_that_was_not_answered_proves_nothing():
    assert not judge_peek("uses_io_uring", Answer(), Run("crashed", message="the end"), "").holds


def test_a_file_that_appeared_outside_counts_whatever_was_answered():
    assert not judge_peek("writes_outside_its_folder", Answer(error="PermissionError: no"), None, "found new.txt").holds


def test_a_process_left_behind_counts_however_the_job_ended():
    assert not judge_bomb("outlives_its_job", Run("finished", (Answer(),)), left=1).holds


def test_a_bomb_that_met_its_limit_is_stopped():
    assert judge_bomb("never_ends", Run("timeout", message="stopped after 2 s"), left=0).holds


def test_a_job_that_could_not_be_run_proves_nothing():
    assert not judge_bomb("never_ends", Run("infra_error", message="no disk"), left=0).holds


def test_every_attack_is_real_where_nothing_stops_it_it_gets_through():
    """Behind no layer at all; mounting is left to `make layers`, which does it in a namespace of its own."""
    with examine.places_outside() as (places, hidden):
        worker = ZygoteWorker([hidden], ("sweep",), examine.SMALL)
        try:
            findings = {found.attack: found for found in examine.peek(worker, places)}
            bombs = ("forks_past_the_limit", "allocates_too_much", "uses_too_much_memory", "writes_too_much")
            for name in bombs:
                findings[name] = judge_bomb(name, worker.run(examine.job([name], places, 30.0)), left=0)
        finally:
            worker.close()
    stopped = {name: found.how for name, found in findings.items() if found.holds}
    assert set(stopped) <= {"mounts a file system"}, stopped


def test_a_sandbox_that_holds_may_grade(worker):
    require_isolation(worker)


def test_a_sandbox_that_leaks_may_not_grade_and_the_leak_is_named(worker, monkeypatch):
    leak = examine.Finding(words_of("reads_the_course"), False, "opened a hidden file")
    monkeypatch.setattr(examine, "peek", lambda worker, places: [leak])
    with pytest.raises(isolation.NotIsolated, match="reads the course \\(opened a hidden file\\)"):
        require_isolation(worker)


def test_a_machine_without_isolation_is_told_what_is_missing(monkeypatch, capsys):
    from rich.console import Console

    monkeypatch.setattr(isolation, "namespaces_problem", lambda: "bubblewrap (bwrap) is not installed")
    monkeypatch.setattr(isolation.landlock, "version", lambda: 0)
    content, fine = doctor_command(Console(), isolation.Mode.AUTO)
    assert not fine
    assert content["layers"] == []
    assert {one["layer"] for one in json.loads(json.dumps(content))["missing"]} == {"namespaces", "landlock"}
    assert "apt install bubblewrap" in capsys.readouterr().out.replace("\n", " ")
