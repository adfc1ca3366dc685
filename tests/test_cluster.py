"""A cluster that is there already: workers started by hand, over TLS, that see nothing of the course's disk."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import ExitStack

import psutil
import pytest
from classroom import ASSIGNMENT, hand_in_mix, scores
from distributed import Security

from autograder.build.init import init_course
from autograder.crew.means import Means, SchedulerError, is_loopback
from autograder.gradebook.steps import generate_assignment
from autograder.root import open_root
from autograder.run import bubblewrap, isolation

STUDENTS = 6
PATIENCE = 300
FOLDERS = ("course", "certificates", "worker-0", "worker-1", "worker-2")


class Cluster:
    """A scheduler and workers as a university's system would start them."""

    def __init__(self, folder, stack):
        """Start the scheduler."""
        self.folder, self.stack = folder, stack
        self.files = certificates(folder / "certificates")
        options = ["--host", "tls://127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file"]
        self.start("scheduler", *options, str(folder / "scheduler.json"))
        self.address = wait_for(lambda: json.loads((folder / "scheduler.json").read_text())["address"])

    def start(self, kind, *arguments, before=()):
        """Start a process that ends with the test."""
        tls = [word for name, path in self.files.items() for word in (f"--tls-{name}", str(path))]
        command = [*before, sys.executable, "-m", "dask", kind, *arguments, *tls]
        log = self.stack.enter_context((self.folder / f"{kind}.log").open("a"))
        process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
        self.stack.callback(end, process)
        return process

    def add_worker(self, number):
        """A worker that finds an empty folder where the course lies."""
        own = ["--local-directory", str(self.folder / f"worker-{number}"), "--memory-limit", "0"]
        own += ["--nthreads", "1", "--no-dashboard"]
        return self.start("worker", self.address, *own, before=elsewhere(self.folder / "course"))

    def environment(self):
        """What the operator sets for the grader."""
        names = {"ca-file": "CA_FILE", "cert": "CLIENT__CERT", "key": "CLIENT__KEY"}
        return {f"DASK_DISTRIBUTED__COMM__TLS__{names[name]}": str(path) for name, path in self.files.items()}


def certificates(folder):
    """Files of a certificate, made for this test, and its key."""
    made = Security.temporary()
    found = {"ca-file": made.tls_ca_file, "cert": made.tls_worker_cert, "key": made.tls_worker_key}
    for name, text in found.items():
        (folder / f"{name}.pem").write_text(text)
    return {name: folder / f"{name}.pem" for name in found}


def elsewhere(folder):
    """Words before a command that make it see an empty folder in the place of this one."""
    return [bubblewrap.find(), "--dev-bind", "/", "/", "--tmpfs", str(folder)]


def end(process):
    """End a process and all below it."""
    try:
        family = [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]
    except psutil.NoSuchProcess:
        family = []
    for one in family:
        if one.is_running():
            one.kill()
    process.wait(PATIENCE)


def wait_for(look):
    """What a function returns once it returns something."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            found = look()
        except (OSError, ValueError):
            found = None
        if found:
            return found
        time.sleep(0.1)
    raise TimeoutError("nothing came of it")


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """(exit code, the course, expected points, what workers saw of it), one of two workers killed in the middle."""
    if bubblewrap.find() is None or isolation.strongest() is None:
        pytest.skip(f"workers without a shared folder are made with bubblewrap: {isolation.missing()}")
    folder = tmp_path_factory.mktemp("cluster")
    for name in FOLDERS:
        (folder / name).mkdir()
    init_course(folder / "course")
    root = open_root(folder / "course")
    generate_assignment(root, ASSIGNMENT)
    expected = hand_in_mix(root, STUDENTS)
    seen = subprocess.run([*elsewhere(root.path), "ls", "-A", str(root.path)], capture_output=True, text=True)
    with ExitStack() as stack:
        cluster = Cluster(folder, stack)
        first, _ = cluster.add_worker(0), cluster.add_worker(1)
        command = ["grade", ASSIGNMENT, "--root", str(root.path), "--scheduler", cluster.address]
        environment = {**os.environ, **cluster.environment()}
        grader = subprocess.Popen([sys.executable, "-m", "autograder", *command], env=environment)
        stack.callback(end, grader)
        wait_for(lambda: grader.poll() is not None or any((root.path / "verdicts" / ASSIGNMENT).glob("*.json")))
        os.killpg(first.pid, signal.SIGKILL)
        code = grader.wait(PATIENCE)
    return code, root, expected, seen


def test_workers_see_nothing_of_the_course(graded):
    assert (graded[3].returncode, graded[3].stdout) == (0, "")


def test_a_class_is_graded_though_a_worker_is_lost_in_the_middle(graded):
    code, root, expected, _ = graded
    assert code == 0
    verdicts = {name: json.loads(root.verdict(ASSIGNMENT, name).read_text()) for name in expected}
    outcomes = {part["outcome"] for verdict in verdicts.values() for part in verdict["exercises"].values()}
    assert "infra_error" not in outcomes
    surprises = {name: verdicts[name]["points"] for name, points in expected.items() if points is not None}
    assert surprises == {name: points for name, points in expected.items() if points is not None}


def test_the_gradebook_has_every_score(graded):
    _, root, expected, _ = graded
    found = scores(root)
    for student in expected:
        verdict = json.loads(root.verdict(ASSIGNMENT, student).read_text())
        saved = {name: found[student, f"check_{name}"][0] for name in verdict["exercises"]}
        assert saved == {name: part["points"] for name, part in verdict["exercises"].items()}


def test_off_this_machine_a_scheduler_must_use_tls():
    with pytest.raises(SchedulerError, match="tls://"):
        Means(scheduler="tcp://grading.example.edu:8786")


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:8786", "tcp://localhost:8786", "tcp://[::1]:8786"])
def test_on_this_machine_any_scheduler_may_be_used(address):
    assert Means(scheduler=address).scheduler == address


@pytest.mark.parametrize("address", ["tcp://127.0.0.1.example.edu:8786", "tcp://[::1", "127.0.0.1:8786", "inproc://x"])
def test_what_only_looks_like_this_machine_is_not(address):
    assert not is_loopback(address)
