"""The seam to whatever runs student code: a Worker takes a Job and returns a Run. It owns the wall clock."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from autograder.records import Job, Limits, Run
from autograder.run import bubblewrap, cgroup, isolation, landlock, mother, tree, wire
from autograder.run.clock import Clock
from autograder.run.conversation import KILLED, converse, explained
from autograder.run.stage import Stage
from autograder.run.together import believed, stricter

START_SECONDS = 180.0  # importing TensorFlow on a cold, busy machine
END_SECONDS = 150.0  # longer than a sweep: no student makes the zygote seem dead
ATTEMPTS = 3  # a zygote may die, and then the mother of the next
MAX_MESSAGE = 4096
OWN_PROCESSES = 2  # the job, and the one that waits outside its namespaces
OWN_THREADS = 64  # TensorFlow has some of its own
PROGRAM = "import sys; sys.path.insert(0, {!r}); from autograder.run.zygote import main; main({})"


class ZygoteDied(Exception):
    """The zygote ended or did not answer: our trouble, not the student's."""


TROUBLES = (ZygoteDied, OSError, ValueError, subprocess.SubprocessError)


class Worker(Protocol):
    """Runs jobs one after the other."""

    @property
    def layers(self) -> tuple[str, ...]:
        """What a verdict says of the isolation."""

    def run(self, job: Job) -> Run:
        """Run one job to its end or its limit."""

    def run_together(self, jobs: Sequence[Job]) -> list[Run | None]:
        """Run a submission's jobs in one process, under stricter rules; None for each that has to be run alone."""

    def close(self) -> None:
        """End everything that the worker started."""


@dataclass(frozen=True)
class Place:
    """A fork of the zygote that was asked for, and in which no student code has run yet."""

    channel: socket.socket
    others: list[int]
    """The worker's processes before it."""


class ZygoteWorker:
    """One zygote behind the given layers; each job runs in a fork of it, behind more of them."""

    def __init__(
        self, hidden: list[Path], layers: tuple[str, ...], limits: Limits | None = None, ahead: bool = False
    ) -> None:
        """Start the zygote without waiting for it.

        Args:
            hidden: folders that student code must not see.
            layers: from isolation.choose().
            limits: of a job.
            ahead: whether the next job's place is made ready while the last job's answers are judged.
        """
        self.hidden, self.limits = [folder.resolve() for folder in hidden], limits or Limits()
        self.active = layers
        self.ahead = ahead and "namespaces" in layers  # elsewhere jobs share a folder, to be emptied between them
        self.start()

    @property
    def layers(self) -> tuple[str, ...]:
        """What a verdict says of the isolation."""
        if self.active == isolation.TRUSTED:
            return isolation.TRUST_LABEL
        return (*self.active, "cgroup") if self.group else self.active

    def start(self) -> None:
        """Start a zygote from a folder that holds only what it needs."""
        self.stage, self.group = Stage(), cgroup.make(self.limits)
        self.log = tempfile.TemporaryFile()  # noqa: SIM115 (closed in close())
        self.control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        wrapped = "bubblewrap" in self.active
        engine, scratch = ("/engine", "/scratch") if wrapped else (str(self.stage.engine), str(self.stage.scratch))
        with theirs:
            self.process = self.daughter(theirs) or self.own_zygote(theirs.fileno(), engine, scratch)
        mother.send_request(self.control, self.request(engine, scratch))
        self.ready, self.ending, self.killed = False, False, False
        self.place: Place | None = None

    def daughter(self, theirs: socket.socket) -> mother.Daughter | None:
        """A fork of this machine's mother of zygotes, if there is one that isolates as this worker must."""
        shared = mother.mother
        if not shared or self.group or not shared.suits(self.hidden, self.active) or not shared.give(theirs):
            return None
        self.control.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        return mother.Daughter()

    def own_zygote(self, control: int, engine: str, scratch: str) -> subprocess.Popen[bytes]:
        """A zygote that imports everything itself."""
        program = [sys.executable, "-I", "-B", "-c", PROGRAM.format(engine, control)]
        with ExitStack() as stack:
            wrapper, descriptors = cgroup.wrapper(self.group), [control]
            if "bubblewrap" in self.active:
                bwrap, descriptor = stack.enter_context(bubblewrap.command(self.stage.engine, self.hidden))
                wrapper, descriptors = wrapper + bwrap, [*descriptors, descriptor]
            return subprocess.Popen(
                wrapper + program,
                stdin=subprocess.DEVNULL,
                stdout=self.log,
                stderr=self.log,
                pass_fds=descriptors,
                env=bubblewrap.environment(scratch),
            )

    def request(self, engine: str, scratch: str) -> dict[str, Any]:
        """How the zygote is to isolate its jobs."""
        readable: list[str] = []
        listed: list[str] = []
        for folder in bubblewrap.readable(engine):
            more_readable, more_listed = landlock.without(folder, self.hidden)
            readable += map(str, more_readable)
            listed += map(str, more_listed)
        return {"layers": self.active, "scratch": scratch, "readable": readable, "listed": listed}

    def run(self, job: Job) -> Run:
        """Run one job; one that was killed from outside, which its own code cannot do, once more."""
        found = self.run_on_some_zygote(job)
        if not self.killed:
            return found
        again = self.run_on_some_zygote(job)
        return replace(again, seconds=found.seconds + again.seconds)

    def run_on_some_zygote(self, job: Job) -> Run:
        """Run one job; if the zygote itself dies, again on a fresh one, and in the end it is an infra_error."""
        for _ in range(ATTEMPTS):
            try:
                return self.attempt([job])[-1]
            except TROUBLES as error:
                reason = f"{error} {self.tail_of_log()}".strip()
                self.close()
                self.start()
        return Run("infra_error", message=reason, layers=self.layers)

    def run_together(self, jobs: Sequence[Job]) -> list[Run | None]:
        """Run a submission's jobs in one process, under stricter rules; None for each that has to be run alone."""
        try:
            return believed(self.attempt(stricter(jobs)), len(jobs))
        except TROUBLES:
            self.close()
            self.start()
            return [None] * len(jobs)

    def attempt(self, jobs: Sequence[Job]) -> list[Run]:
        """Talk to a fork of the zygote until the jobs are done or one is late, and end its whole tree."""
        place = self.place or self.ask_for_place()
        self.place, self.killed = None, False
        with place.channel as channel:
            self.wait_for_last_end()
            self.expect("started", START_SECONDS)
            try:
                wait_until_set_up(channel)
                runs = self.converse_in_turn(channel, jobs, place)
            finally:
                self.control.send(json.dumps({"kill": True}).encode())
                self.ending = True
        last = runs[-1]
        if self.ahead and last.ended == "finished":
            self.place = self.ask_for_place()  # the zygote ends the last job first
            return runs
        ended = self.wait_for_last_end()
        if last.ended == "crashed" and not last.message:
            self.killed = ended["limit"] is None and ended["status"] in KILLED
            runs[-1] = explained(last, ended["status"], ended["limit"], self.limits)
        return runs

    def converse_in_turn(self, channel: socket.socket, jobs: Sequence[Job], place: Place) -> list[Run]:
        """The runs of jobs in one process, each with its own clock, up to the first that does not finish."""
        runs = []
        for job in jobs:
            began = time.monotonic()
            clock = Clock(job.seconds, lambda: self.lost_to_others(place.others))
            found = converse(channel, job, self.limits, clock)
            runs.append(replace(found, seconds=time.monotonic() - began, layers=self.layers))
            if found.ended != "finished":
                break
        return runs

    def ask_for_place(self) -> Place:
        """Ask the zygote for a fork, behind its layers, that waits for a job."""
        if not self.ready:
            self.expect("ready", START_SECONDS)
            self.ready = True
        self.stage.empty_scratch()
        others = self.descendants()
        ours, theirs = socket.socketpair()
        with theirs:
            socket.send_fds(self.control, [json.dumps({"limits": asdict(self.limits)}).encode()], [theirs.fileno()])
        return Place(ours, others)

    def wait_for_last_end(self) -> dict[str, Any]:
        """How the last job ended, once nothing of it is left."""
        if not self.ending:
            return {}
        self.ending = False
        return self.expect("ended", END_SECONDS)

    def lost_to_others(self, known: list[int]) -> float:
        """Seconds that the job was ready to run while other programs had the processors.

        A job with processes of its own makes its own crowd: it gets nothing back.

        Args:
            known: the worker's processes before the job began.
        """
        found = self.descendants(len(known) + OWN_PROCESSES + 1)
        own = [process for process in found if process not in known]
        crowd = len(own) > OWN_PROCESSES or tree.count(own) > OWN_THREADS
        return 0.0 if crowd else max(map(tree.seconds_waited, own), default=0.0)

    def descendants(self, enough: float = float("inf")) -> list[int]:
        """All processes below the zygote; none before a zygote that was asked for is there."""
        return tree.descendants(self.process.pid, enough) if self.process.pid else []

    def expect(self, key: str, seconds: float) -> dict[str, Any]:
        """The zygote's next message, which must hold `key`."""
        self.control.settimeout(seconds)
        try:
            message, sender = mother.receive_with_sender(self.control, MAX_MESSAGE)
        except TimeoutError:
            raise ZygoteDied(f"The zygote did not say '{key}' within {seconds:.0f} s.") from None
        if not message:
            raise ZygoteDied("The zygote ended.")
        if isinstance(self.process, mother.Daughter):
            self.process.pid = sender
        answer: dict[str, Any] = json.loads(message)
        if key not in answer:
            raise ZygoteDied(f"Expected '{key}' from the zygote. Received: {sorted(answer)}.")
        return answer

    def tail_of_log(self) -> str:
        """The last words of the zygote."""
        self.log.seek(0)
        return self.log.read()[-2000:].decode(errors="replace").strip()

    def close(self) -> None:
        """End the zygote with all its children and remove its folder; nothing that a job left can prevent it."""
        left = self.descendants()
        if self.place:
            self.place.channel.close()
        self.control.close()
        try:
            self.process.wait(END_SECONDS if self.ready else 0.0)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        for process in left if self.process.returncode else ():  # it did not end well: it may not have swept
            tree.send(process, signal.SIGKILL)
        self.log.close()
        self.stage.remove()
        cgroup.remove(self.group)


def wait_until_set_up(channel: socket.socket) -> None:
    """Wait for the child's first word. Until then no student code has run, so a failure is ours.

    Raises:
        ZygoteDied: the child could not be set up.
    """
    try:
        wire.receive(channel, time.monotonic() + START_SECONDS)
    except wire.WireError as error:
        raise ZygoteDied(f"The sandbox could not be set up: {error}") from None
