"""The seam to whatever runs student code: a Worker takes a Job and returns a Run. It owns the wall clock."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any, Protocol

from autograder.errors import CourseError
from autograder.records import Answer, Job, Limits, Run
from autograder.run import bubblewrap, wire

START_SECONDS = 180.0  # importing TensorFlow on a cold, busy machine
END_SECONDS = 10.0
MAX_WORDS = 500


class Worker(Protocol):
    """Runs jobs one after the other."""

    layers: tuple[str, ...]

    def run(self, job: Job) -> Run:
        """Run one job to its end or its limit."""

    def close(self) -> None:
        """End everything that the worker started."""


class NotIsolated(CourseError):
    """There is no bubblewrap, and the operator has not said that the students are trusted."""


class ZygoteDied(Exception):
    """The zygote ended or did not answer: our trouble, not the student's."""


class ZygoteWorker:
    """One zygote, inside bubblewrap unless the students are trusted; each job runs in a fork of it."""

    def __init__(self, hidden: list[Path], trusted: bool = False, limits: Limits | None = None) -> None:
        """Start the zygote without waiting for it.

        Args:
            hidden: folders that the sandbox must not show.
            trusted: run without isolation. Only for students who are trusted, and the demo's harmless submissions.
            limits: memory, processes and disk of a job.

        Raises:
            NotIsolated: bubblewrap is missing and trusted is False.
        """
        if not trusted and not bubblewrap.find():
            raise NotIsolated(
                "Expected bubblewrap (bwrap) on the PATH, to keep student code away from the course. Install it "
                "(Debian, Ubuntu: apt install bubblewrap) or grade on a Linux machine that has it. Only for students "
                "whom you would give your own account: --trust-students."
            )
        self.hidden, self.trusted, self.limits = hidden, trusted, limits or Limits()
        self.layers = (
            ("none: students are trusted",) if trusted else ("bubblewrap", "namespaces", "rlimits", "capabilities")
        )
        self.start()

    def start(self) -> None:
        """Start a zygote from a folder that holds only what it needs."""
        self.stage = Path(tempfile.mkdtemp(prefix="autograder-stage-"))
        fill_stage(self.stage)
        self.control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        engine = str(self.stage) if self.trusted else "/engine"
        program = (
            f"import sys; sys.path.insert(0, {engine!r}); from autograder.run.zygote import main; main({{}}, {{}})"
        )
        start = [sys.executable, "-I", "-B", "-c", program.format(theirs.fileno(), not self.trusted)]
        wrapper = [] if self.trusted else bubblewrap.command(self.stage, self.hidden)
        self.log = tempfile.TemporaryFile()  # noqa: SIM115 (closed in close())
        self.process = subprocess.Popen(
            wrapper + start,
            stdin=subprocess.DEVNULL,
            stdout=self.log,
            stderr=self.log,
            pass_fds=[theirs.fileno()],
            env=bubblewrap.ENVIRONMENT,
        )
        theirs.close()
        self.ready = False

    def run(self, job: Job) -> Run:
        """Run one job; if the zygote itself dies, once more on a fresh one, then it is an infra_error."""
        for _ in range(2):
            try:
                return self.attempt(job)
            except (ZygoteDied, OSError) as error:
                reason = f"{error} {self.tail_of_log()}".strip()
                self.close()
                self.start()
        return Run("infra_error", message=reason, layers=self.layers)

    def attempt(self, job: Job) -> Run:
        """Fork a child for the job, talk to it until it is done or late, and kill its whole tree."""
        if not self.ready:
            self.expect("ready", START_SECONDS)
            self.ready = True
        ours, theirs = socket.socketpair()
        with ours, theirs:
            request = json.dumps(asdict(self.limits)).encode()
            socket.send_fds(self.control, [request], [theirs.fileno()])
            theirs.close()
            child = self.expect("started", START_SECONDS)["started"]
            try:
                wait_until_set_up(ours)
                began = time.monotonic()
                found = converse(ours, job, began + job.seconds)
            finally:
                self.control.send(json.dumps({"kill": child}).encode())
            status = self.expect("ended", END_SECONDS)["status"]
        if found.ended == "crashed" and not found.message:
            found = ended_early(found, status)
        return Run(found.ended, found.answers, found.message, found.reached, time.monotonic() - began, self.layers)

    def expect(self, key: str, seconds: float) -> dict[str, Any]:
        """The zygote's next message, which must hold `key`."""
        self.control.settimeout(seconds)
        try:
            message = self.control.recv(4096)
        except TimeoutError:
            raise ZygoteDied(f"The zygote did not say '{key}' within {seconds:.0f} s.") from None
        if not message:
            raise ZygoteDied("The zygote ended.")
        answer: dict[str, Any] = json.loads(message)
        if key not in answer:
            raise ZygoteDied(f"Expected '{key}' from the zygote. Received: {sorted(answer)}.")
        return answer

    def tail_of_log(self) -> str:
        """The last words of the zygote."""
        self.log.seek(0)
        return self.log.read()[-2000:].decode(errors="replace").strip()

    def close(self) -> None:
        """End the zygote with all its children and remove its folder."""
        self.control.close()
        try:
            self.process.wait(2)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()
        shutil.rmtree(self.stage, ignore_errors=True)


def fill_stage(stage: Path) -> None:
    """Copy what runs inside: this package's run modules, and vitlab without its fixtures."""
    import vitlab

    package = Path(__file__).parent.parent
    shutil.copytree(package / "run", stage / "autograder" / "run", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(package / "__init__.py", stage / "autograder" / "__init__.py")
    shutil.copy(package / "records.py", stage / "autograder" / "records.py")
    shutil.copytree(
        Path(vitlab.__file__).parent, stage / "vitlab", ignore=shutil.ignore_patterns("__pycache__", "*.npz")
    )


def wait_until_set_up(channel: socket.socket) -> None:
    """Wait for the child's first word. Until then no student code has run, so a failure is ours.

    Raises:
        ZygoteDied: the child could not be set up.
    """
    try:
        wire.receive(channel, time.monotonic() + START_SECONDS)
    except wire.WireError as error:
        raise ZygoteDied(f"The sandbox could not be set up: {error}") from None


def converse(channel: socket.socket, job: Job, deadline: float) -> Run:
    """Send the job and collect answers until the child is done, silent, or speaks out of turn."""
    answers: list[Answer] = []
    try:
        channel.settimeout(max(0.1, deadline - time.monotonic()))
        wire.send(channel, message_of(job))
        left = wire.MAX_BYTES
        for i in range(len(job.questions)):
            message = wire.receive(channel, deadline, left)
            left -= wire.bytes_in(message)
            answers.append(read_answer(message, i))
        done = wire.receive(channel, deadline)
        reached = done.get("done", []) if isinstance(done, dict) else []
        known = tuple(name for name in job.switched_off if isinstance(reached, list) and name in reached)
        return Run("finished", tuple(answers), reached=known)
    except wire.Late:
        return Run("timeout", tuple(answers), f"The code was stopped after {job.seconds:g} s: does a loop ever end?")
    except wire.Closed:
        return Run("crashed", tuple(answers))
    except (wire.WireError, OSError) as error:
        return Run("crashed", tuple(answers), f"The code broke the connection to the grader: {error}")


def message_of(job: Job) -> dict[str, Any]:
    """What the child needs to know of a job: no name of a case, nothing that is expected."""
    return {
        "target": job.target,
        "statements": [asdict(statement) for statement in job.statements],
        "questions": [vars(question) for question in job.questions],
        "switched_off": list(job.switched_off),
    }


def read_answer(message: Any, i: int) -> Answer:
    """A child's message as an Answer; the child is not trusted.

    Raises:
        WireError: it is not the answer to question i.
    """
    if not isinstance(message, dict) or message.get("question") != i:
        raise wire.WireError("an answer out of turn.")
    if "error" in message:
        words = "".join(c for c in str(message["error"])[:MAX_WORDS] if c.isprintable())
        return Answer(error=words, weight_error=message.get("weight_error") is True)
    return Answer(value=message.get("value"))


def ended_early(found: Run, status: int) -> Run:
    """The words for a child that ended before it was done."""
    if status in (137, -9):
        return Run("out_of_memory", found.answers, "The process was killed by the system, most likely for its memory.")
    return Run("crashed", found.answers, f"The process ended by itself (status {status}) before it had answered.")
