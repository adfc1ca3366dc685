"""A worker's place between the tasks that it does."""

import threading
from concurrent.futures import Future
from types import SimpleNamespace

import pytest

from autograder.crew import station


@pytest.fixture
def place(monkeypatch):
    """A station that is ready, whose judge holds as many bytes as `holds` says; and how often it tidied up."""
    ready = Future()
    ready.set_result(None)
    own = SimpleNamespace(set_up=ready, one_at_a_time=threading.Lock(), sandbox=None, lesson=None, tidy=0)
    found = SimpleNamespace(holds=0, tidied=0)

    def forget():
        found.tidied += 1
        found.holds = 7

    monkeypatch.setattr(station, "get_worker", lambda: SimpleNamespace(plugins={"own": own}))
    monkeypatch.setattr(station, "memory", lambda: found.holds)
    monkeypatch.setattr(station, "forget", forget)
    return found


def task_that_leaves(place, count):
    def task(sandbox, lesson, item):
        place.holds += count
        return item

    return task


def test_a_judge_whose_memory_has_grown_tidies_up(place):
    assert station.at_station("own", task_that_leaves(place, station.GROWN + 1), "item") == "item"
    assert place.tidied == 1


def test_a_judge_that_has_not_goes_on(place):
    station.at_station("own", task_that_leaves(place, station.GROWN), "item")
    assert place.tidied == 0


def test_growth_is_counted_from_the_last_time(place):
    station.at_station("own", task_that_leaves(place, station.GROWN + 1), "item")
    station.at_station("own", task_that_leaves(place, station.GROWN), "item")
    assert place.tidied == 1


def test_a_task_that_fails_counts_too_and_its_error_is_told(place):
    def fails(sandbox, lesson, item):
        place.holds = station.GROWN + 1
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        station.at_station("own", fails, None)
    assert place.tidied == 1


def test_memory_is_told_in_bytes():
    assert station.memory() > 10 * 2**20
