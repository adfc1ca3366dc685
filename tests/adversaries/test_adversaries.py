"""No adversary gains, learns, breaks or leaves anything, in either mode."""

import pytest
from suite import ADVERSARIES, EXERCISE, SECONDS, SECONDS_IN_ALL, marks_of, student_of

SLACK = 5.0
"""Seconds that a busy machine may need beside the limit."""
ALLOWED_OUTCOMES = {"passed", "partial", "failed", "timeout", "crashed", "out_of_memory"}

each = pytest.mark.parametrize("path", ADVERSARIES, ids=lambda path: path.stem)


@each
def test_an_adversary_gains_nothing(graded, path):
    found = graded.verdicts[student_of(path)]["exercises"][EXERCISE]
    if ("May gain", "marks") in marks_of(path):
        assert 0 <= found["points"] <= graded.full
    else:
        assert found["points"] == 0
    assert found["outcome"] in ALLOWED_OUTCOMES


@each
def test_an_adversary_learns_nothing(graded, path):
    text = graded.texts[student_of(path)]
    assert [place for place, canary in graded.outside.canaries.items() if canary in text] == []
    assert "BREACH" not in text


@each
def test_an_adversary_costs_no_more_than_its_time(graded, path):
    found = graded.verdicts[student_of(path)]["exercises"][EXERCISE]
    assert found["seconds"] <= SECONDS_IN_ALL + SLACK
    assert found["seconds"] <= SECONDS + SLACK or graded.seconds_alone(path) <= SECONDS + SLACK
    if ("Ends by", "the clock") in marks_of(path):
        assert found["outcome"] == "timeout"
        assert f"after {SECONDS} s" in found["cases"][0]["message"]


def test_honest_students_among_them_lose_nothing(graded):
    honest = {name: found for name, found in graded.verdicts.items() if name.endswith("-then-honest")}
    assert len(honest) > 10
    assert [name for name, found in honest.items() if found["points"] != found["max_points"]] == []


def test_the_rest_of_an_adversary_s_work_is_graded_as_if_nothing_had_happened(graded):
    whole = [found for found in graded.verdicts.values() if is_whole(found)]
    assert len(whole) > 5
    parts = [(found["student"], *part) for found in whole for part in found["exercises"].items()]
    lost = {
        f"{student}: {name}": one
        for student, name, one in parts
        if name != EXERCISE and one["points"] != one["max_points"]
    }
    assert lost == {}


def is_whole(verdict):
    """Whether an adversary handed in the other exercises too."""
    return verdict["exercises"]["masked_scores"]["outcome"] != "missing" and not verdict["student"].endswith(
        "-then-honest"
    )


def test_every_adversary_hands_in_under_a_name_of_its_own():
    assert len({student_of(path) for path in ADVERSARIES}) == len(ADVERSARIES) >= 400


def test_everybody_has_an_outcome_and_the_command_ends_well(graded):
    assert graded.exit_code == 0, graded.words[-2000:]
    assert len(graded.verdicts) > len(ADVERSARIES)


def test_nothing_reaches_the_terminal(graded):
    assert [place for place, canary in graded.outside.canaries.items() if canary in graded.words] == []


def test_nobody_connected_to_anything_outside(graded):
    assert graded.outside.connections == []


def test_nobody_signalled_anything_outside(graded):
    assert graded.outside.signals == []


def test_nothing_outside_was_changed_or_left(graded):
    assert graded.changes == []


def test_no_process_survived(graded):
    assert graded.survivors == []
