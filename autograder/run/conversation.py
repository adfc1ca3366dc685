"""What is said to a child of the zygote, and what is believed of its answers. The child is not trusted."""

from __future__ import annotations

import socket
from dataclasses import asdict, replace
from typing import Any

import numpy as np

from autograder.records import Answer, Job, Limits, Run
from autograder.run import wire
from autograder.run.clock import Clock

MAX_WORDS = 500
KILLED = (137, -9)


def converse(channel: socket.socket, job: Job, limits: Limits, clock: Clock) -> Run:
    """Send the job and collect answers until the child is done, silent, or speaks out of turn.

    One frame a question and one at the end: whatever else comes is not read.
    """
    answers: list[Answer] = []
    allowance = wire.Allowance(limits.returned_bytes)
    try:
        channel.settimeout(max(0.1, clock.left()))
        wire.send(channel, message_of(job, limits), wire.MAX_JOB)
        for i in range(len(job.questions)):
            answers.append(read_answer(wire.receive(channel, clock, allowance), i))
        done = wire.receive(channel, clock, allowance)
        reached = done.get("done", []) if isinstance(done, dict) else []
        known = tuple(name for name in job.switched_off if isinstance(reached, list) and name in reached)
        return Run("finished", tuple(answers), reached=known)
    except (wire.Late, TimeoutError):
        return Run("timeout", tuple(answers), f"The code was stopped after {job.seconds:.3g} s: does a loop ever end?")
    except (wire.Closed, ConnectionError):
        return Run("crashed", tuple(answers))
    except (wire.WireError, OSError) as error:
        return Run("crashed", tuple(answers), f"The code broke the connection to the grader: {error}")


def message_of(job: Job, limits: Limits) -> dict[str, Any]:
    """What the child needs to know of a job: no name of a case, nothing that is expected."""
    return {
        "target": job.target,
        "statements": [asdict(statement) for statement in job.statements],
        "questions": [vars(question) for question in job.questions],
        "switched_off": list(job.switched_off),
        "returned_bytes": limits.returned_bytes,
        "weights": None if job.weights is None else np.frombuffer(job.weights, np.uint8),
        "paths": list(job.paths),
        "notebook": job.notebook,
        "files": {name: np.frombuffer(content, np.uint8) for name, content in job.files},
    }


def read_answer(message: Any, i: int) -> Answer:
    """A child's message as an Answer.

    Raises:
        WireError: it is not the answer to question i.
    """
    if not isinstance(message, dict) or type(message.get("question")) is not int or message["question"] != i:
        raise wire.WireError("an answer out of turn.")
    if "error" in message:
        return as_received(Answer(error=str(message["error"]), weight_error=message.get("weight_error") is True))
    return Answer(value=message.get("value"))


def as_received(answer: Answer) -> Answer:
    """An answer with no more words than come back from a child: ours are to be compared with a submission's."""
    if answer.error is None:
        return answer
    return replace(answer, error="".join(c for c in answer.error[:MAX_WORDS] if c.isprintable()))


def explained(found: Run, status: int, limit: str | None, limits: Limits) -> Run:
    """The words for a child that ended before it was done: which limit it met, or that it ended by itself."""
    if limit == "memory" or (limit is None and status in KILLED):
        most = f"{limits.memory_bytes / 2**30:.3g} GB"
        return Run("out_of_memory", found.answers, f"The code was stopped: it used more than {most} of memory.")
    if limit == "processes":
        words = f"The code was stopped: it started more than {limits.processes} processes and threads."
        return Run("crashed", found.answers, words)
    if limit == "disk":
        most = f"{limits.disk_bytes / 2**20:.3g} MB"
        return Run("crashed", found.answers, f"The code was stopped: it wrote more than {most} of files.")
    return Run("crashed", found.answers, f"The process ended by itself (status {status}) before it had answered.")
