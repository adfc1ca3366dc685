"""Send each attack through a real worker, and judge from outside whether it got through."""

from __future__ import annotations

import os
import socket
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.doctor.inside import TRACE
from autograder.records import Answer, Job, Limits, Question, Run, Statement
from autograder.run import isolation
from autograder.run.worker import ZygoteWorker

PEEKS = (
    "connects_to_the_network", "reads_the_course", "lists_the_home_folder", "reads_the_grader_s_environment",
    "writes_into_the_python_environment", "writes_outside_its_folder", "changes_the_mode_of_a_file_outside",
    "signals_the_grader", "looks_into_its_parent_s_memory", "makes_a_namespace_of_its_own", "mounts_a_file_system",
    "uses_io_uring", "makes_memory_that_no_limit_counts",
)  # fmt: skip
"""Attacks that end at once: all of them fit into one job."""
BOMBS = (
    "forks_past_the_limit", "allocates_too_much", "uses_too_much_memory", "writes_too_much", "returns_too_much",
    "never_ends", "outlives_its_job",
)  # fmt: skip
SMALL = Limits(memory_bytes=2**30, processes=60, disk_bytes=16 * 2**20, returned_bytes=2**20)
VARIABLE = "AUTOGRADER_DOCTOR"
PEEK_SECONDS, BOMB_SECONDS, ENDLESS_SECONDS = 30.0, 20.0, 2.0
MAX_WORDS = 90


@dataclass(frozen=True)
class Finding:
    """One attack, whether the sandbox held, and what stopped it, or what did not."""

    attack: str
    holds: bool
    how: str


def examine(layers: tuple[str, ...]) -> list[Finding]:
    """Try every attack against a worker of its own with small limits.

    Args:
        layers: of isolation.
    """
    with places_outside() as (places, hidden):
        worker = ZygoteWorker([hidden], layers, SMALL)
        try:
            findings = peek(worker, places)
            before = len(worker.descendants())
            for name in BOMBS:
                seconds = ENDLESS_SECONDS if name == "never_ends" else BOMB_SECONDS
                run = worker.run(job([name], places, seconds))
                left = len(worker.descendants()) - before
                findings.append(judge_bomb(name, run, left))
            return findings
        finally:
            worker.close()


def require_isolation(worker: ZygoteWorker) -> None:
    """The quick form, before student code runs: refuse to grade where an attack gets through.

    Args:
        worker: one of those that will grade.

    Raises:
        NotIsolated: names the attacks that got through.
    """
    if worker.active == isolation.TRUSTED:
        return
    with places_outside() as (places, _):
        hidden = next((file for folder in worker.hidden for file in folder.glob("*") if file.is_file()), None)
        findings = peek(worker, places | ({"hidden": str(hidden)} if hidden else {}))
    through = [f"{found.attack} ({found.how})" for found in findings if not found.holds]
    if through:
        raise isolation.NotIsolated(
            f"Expected a sandbox that holds. What got through: {'; '.join(through)}. {isolation.HELP}"
        )


def peek(worker: ZygoteWorker, places: dict[str, Any]) -> list[Finding]:
    """The attacks that end at once."""
    run = worker.run(job(list(PEEKS), places, PEEK_SECONDS))
    answers = [*run.answers, *[Answer(error=None)] * (len(PEEKS) - len(run.answers))]
    changed = what_changed(places["outside"])
    Path(places["python"], TRACE).unlink(missing_ok=True)  # where the attack got through
    return [
        judge_peek(name, answer, run if i >= len(run.answers) else None, changed)
        for i, (name, answer) in enumerate(zip(PEEKS, answers, strict=True))
    ]


def judge_peek(name: str, answer: Answer, unanswered: Run | None, changed: str) -> Finding:
    """Whether an attack got through. One that was not answered is no proof that anything holds."""
    if unanswered:
        return Finding(words_of(name), False, shortened(f"could not be tried: {unanswered.ended} {unanswered.message}"))
    if changed and name in ("writes_outside_its_folder", "changes_the_mode_of_a_file_outside"):
        return Finding(words_of(name), False, changed)
    if answer.value is not None:
        return Finding(words_of(name), False, shortened(str(answer.value)))
    return Finding(words_of(name), True, shortened(answer.error or "nothing was there"))


def judge_bomb(name: str, run: Run, left: int) -> Finding:
    """Whether an attack on the machine's resources was stopped by the limit it was meant to meet."""
    if left > 0:
        return Finding(words_of(name), False, f"{left} processes are still there")
    if run.ended == "infra_error":
        return Finding(words_of(name), False, shortened(f"could not be tried: {run.message}"))
    if run.ended != "finished":
        return Finding(words_of(name), True, run.message)
    answer = run.answers[0]
    if answer.value is not None:
        return Finding(words_of(name), False, shortened(str(answer.value)))
    return Finding(words_of(name), True, shortened(answer.error or "ended with its job"))


def what_changed(outside: str) -> str:
    """What an attack did to the folder that it must not reach."""
    names, mode = sorted(os.listdir(outside)), Path(outside, "precious.txt").stat().st_mode & 0o777
    return "" if (names, mode) == (["precious.txt"], 0o600) else f"found {names}, mode {mode:o}"


def shortened(words: str) -> str:
    """Words for one line of a table, without paths and line numbers."""
    for end in (" (line", ": '", "\n"):
        words = words.partition(end)[0]
    return words[:MAX_WORDS].strip()


def words_of(name: str) -> str:
    """A function's name as a sentence's end."""
    return name.replace("_s_", "'s ").replace("_", " ")


def job(names: list[str], places: dict[str, Any], seconds: float) -> Job:
    """One job that tries the named attacks one after the other."""
    source = Path(__file__).with_name("inside.py").read_text(encoding="utf-8")
    questions = tuple(Question((name, places)) for name in names)
    return Job("attempt", (Statement(source, "doctor", 1),), questions, (), seconds)


@contextmanager
def places_outside() -> Iterator[tuple[dict[str, Any], Path]]:
    """What attacks aim at: a listening socket, a hidden file, a folder that anybody may write to, a variable."""
    with tempfile.TemporaryDirectory(prefix="autograder-doctor-") as folder, socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        hidden, outside = Path(folder, "hidden"), Path(folder, "outside")
        for made in (hidden, outside):
            made.mkdir()
            (made / "precious.txt").write_text("precious")
            (made / "precious.txt").chmod(0o600)
        outside.chmod(0o777)
        os.environ[VARIABLE] = "1"
        try:
            yield (
                {
                    "port": listener.getsockname()[1],
                    "hidden": str(hidden / "precious.txt"),
                    "outside": str(outside),
                    "home": str(Path.home()),
                    "python": sys.prefix,
                    "grader": os.getpid(),
                    "variable": VARIABLE,
                    "processes": SMALL.processes,
                    "memory": SMALL.memory_bytes,
                    "disk": SMALL.disk_bytes,
                    "returned": SMALL.returned_bytes,
                },
                hidden,
            )
        finally:
            del os.environ[VARIABLE]
