"""What isolation costs: the median time of a job that does nothing, in each mode, against a bare fork of the zygote."""

from __future__ import annotations

import statistics
import time

from autograder.lessons import hidden_folders
from autograder.records import Job, Question, Statement
from autograder.run import isolation
from autograder.run.worker import ZygoteWorker

ROUNDS = 60
BARE = "bare fork"
NOTHING = Job("f", (Statement("def f(): return 1", "f", 1),), (Question(),), (), 20.0)


def job_milliseconds() -> dict[str, float]:
    """Median of a job in each mode that this machine has, in ms.

    The modes take turns, so that a busy moment meets all of them.
    """
    modes = {BARE: (), "fallback": isolation.fallback(), "namespaces": isolation.namespaced()}
    workers = {name: ZygoteWorker(hidden_folders(), layers) for name, layers in modes.items() if layers is not None}
    times: dict[str, list[float]] = {name: [] for name in workers}
    try:
        for round_number in range(ROUNDS + 1):
            for name, worker in workers.items():
                began = time.perf_counter()
                found = worker.run(NOTHING)
                assert found.ended == "finished", found
                if round_number:  # the first one waits for the zygote
                    times[name].append(time.perf_counter() - began)
    finally:
        for worker in workers.values():
            worker.close()
    return {name: 1000 * statistics.median(taken) for name, taken in times.items()}
