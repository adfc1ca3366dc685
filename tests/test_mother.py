"""Zygotes forked from one process: as isolated and as mortal as those that import everything themselves."""

import os
import signal
import time

import numpy as np
import pytest

from autograder.lessons import hidden_folders
from autograder.records import Job, Question, Statement
from autograder.run import isolation, mother, tree
from autograder.run.worker import ZygoteWorker

X = np.arange(6, dtype="float32").reshape(2, 3)
DOUBLE = Job("double", (Statement("def double(x): return x + x", "double", 1),), (Question((X,)),), (), 20.0)
NUMBER = Job(
    "number", (Statement("import os\ndef number(x): return os.getpid()", "number", 1),), (Question((X,)),), (), 20.0
)


@pytest.fixture(scope="module")
def family(tmp_path_factory):
    """(a mother, two workers with zygotes of hers)."""
    layers = isolation.strongest() or ()
    if not mother.NEEDED.issubset(layers):
        pytest.skip(f"no namespaces here: {isolation.missing()}")
    hidden = [folder.resolve() for folder in hidden_folders()]
    mother.call(hidden, layers, str(tmp_path_factory.mktemp("mother")))
    made = mother.mother
    workers = [ZygoteWorker(hidden, layers) for _ in range(2)]
    yield made, workers
    for worker in workers:
        worker.close()
    made.control.close()
    mother.mother = None


def test_two_workers_share_one_import(family):
    _, workers = family
    for worker in workers:
        assert worker.run(DOUBLE).answers[0].value.tolist() == (X + X).tolist()
    parents = {parent_of(worker.process.pid) for worker in workers}
    assert len(parents) == 1


def test_each_job_is_the_first_process_of_a_namespace_of_its_own(family):
    assert [worker.run(NUMBER).answers[0].value for worker in family[1]] == [1, 1]


def test_a_zygote_with_other_hidden_folders_imports_everything_itself(family, tmp_path):
    worker = ZygoteWorker([tmp_path], isolation.choose())
    assert not isinstance(worker.process, mother.Daughter)
    worker.close()


def test_a_killed_zygote_is_replaced_by_a_sister(family):
    worker = family[1][0]
    worker.run(DOUBLE)
    os.kill(worker.process.pid, signal.SIGKILL)
    assert worker.run(DOUBLE).ended == "finished"
    assert isinstance(worker.process, mother.Daughter)


def test_a_closed_worker_s_zygote_ends(family):
    sister = family[1][0]
    worker = ZygoteWorker(sister.hidden, sister.active)
    worker.run(DOUBLE)
    process = worker.process.pid
    worker.close()
    assert not alive(process)


def test_without_their_mother_workers_go_on_with_zygotes_of_their_own(family):
    worker = family[1][1]
    worker.run(DOUBLE)
    parent = parent_of(worker.process.pid)
    tree.send(parent, signal.SIGKILL)
    assert worker.run(DOUBLE).ended == "finished"
    assert not isinstance(worker.process, mother.Daughter)


def alive(process):
    """Whether a process is there after a moment."""
    deadline = time.monotonic() + 10
    while os.path.exists(f"/proc/{process}") and time.monotonic() < deadline:
        time.sleep(0.01)
    return os.path.exists(f"/proc/{process}")


def parent_of(process):
    """The process that started a process."""
    return int(tree.status(process)["PPid"])
