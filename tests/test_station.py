"""A worker's place between the tasks that it does."""

import threading
from concurrent.futures import Future
from itertools import count
from types import SimpleNamespace

import pytest

from autograder.crew import station


@pytest.fixture
def place(monkeypatch):
    """A station that is ready, and the times at which its judge tidied up."""
    ready = Future()
    ready.set_result(None)
    own = SimpleNamespace(set_up=ready, one_at_a_time=threading.Lock(), sandbox=None, lesson=None, done=count(1))
    monkeypatch.setattr(station, "get_worker", lambda: SimpleNamespace(plugins={"own": own}))
    tidied = []
    monkeypatch.setattr(station, "forget", lambda: tidied.append("now"))
    return tidied


def test_after_every_few_tasks_a_judge_tidies_up_its_memory(place):
    for number in range(2 * station.OFTEN):
        assert station.at_station("own", lambda sandbox, lesson, item: item, number) == number
    assert len(place) == 2


def test_a_task_that_fails_counts_too_and_its_error_is_told(place):
    def fails(sandbox, lesson, item):
        raise ZeroDivisionError

    for _ in range(station.OFTEN):
        with pytest.raises(ZeroDivisionError):
            station.at_station("own", fails, None)
    assert len(place) == 1
