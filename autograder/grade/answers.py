"""Answers that were kept: what a submission returned is not asked again while its code and the inputs are the same.

So a changed rubric (weights, tolerances, hints, new known mistakes) re-scores a class without running student code.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
from vitlab.packing import pack, unpack

from autograder.records import Answer, Job, Limits, Run
from autograder.run.worker import Worker

MOST = 4 * 2**20
"""Bytes of one exercise's answers; larger ones are not kept, and asked again."""
TRUSTED_WITH = ("finished", "timeout", "out_of_memory", "crashed")


class Remembering:
    """A worker that looks up whether a job was run before, and keeps what it runs."""

    def __init__(self, worker: Worker, limits: Limits, engine: str, kept: bytes | None) -> None:
        """Nothing is run yet.

        Args:
            worker: that runs what is not known.
            limits: its limits, which decide how some jobs end.
            engine: fingerprint of all that decides what a job returns.
            kept: from `dump`, of an earlier grading.
        """
        self.worker, self.context = worker, repr((asdict(limits), engine))
        self.known, self.used = load(kept), dict[str, Run]()

    @property
    def layers(self) -> tuple[str, ...]:
        """Those of the worker."""
        return self.worker.layers

    def run(self, job: Job) -> Run:
        """The run of this very job if there was one, else a new one."""
        key = key_of_job(job, self.context)
        found = self.known.get(key) or self.worker.run(job)
        if found.ended in TRUSTED_WITH:
            self.used[key] = found
        return found

    def run_together(self, jobs: Sequence[Job]) -> list[Run | None]:
        """The runs of these very jobs, together, as far as they were kept, if any was; else new ones.

        They are kept apart from runs alone: in one process, one job may have spoiled another.
        """
        keys = [f"together {key_of_job(job, self.context)}" for job in jobs]
        if any(key in self.known for key in keys):
            return [self.known.get(key) for key in keys]
        found = self.worker.run_together(jobs)
        self.used |= {key: run for key, run in zip(keys, found, strict=True) if run}
        return found

    def close(self) -> None:
        """The worker goes on with other submissions."""

    def dump(self) -> bytes:
        """All runs of this grading, to be kept."""
        return dump(self.used)


def key_of_job(job: Job, context: str) -> str:
    """Hash of all that a job depends on: statements, inputs, calls that are switched off, time, and the context."""
    arrays: list[np.ndarray] = []
    questions = pack([vars(question) for question in job.questions], arrays)
    plain = [job.target, [asdict(one) for one in job.statements], questions, job.switched_off, job.seconds, context]
    if job.weights is not None:
        plain += [hashlib.sha256(job.weights).hexdigest(), job.paths]
    digest = hashlib.sha256(json.dumps(plain).encode())
    for array in arrays:
        digest.update(repr((array.dtype.name, array.shape)).encode() + array.tobytes())
    return digest.hexdigest()


def dump(runs: dict[str, Run]) -> bytes:
    """Runs as an .npz file's bytes: numbers and words, nothing that can be executed."""
    arrays: list[np.ndarray] = []
    packed = {}
    for key, run in runs.items():
        own: list[np.ndarray] = list(arrays)
        answers = [{**vars(answer), "value": pack(answer.value, own)} for answer in run.answers]
        plain = {**vars(run), "answers": answers}
        if sum(array.nbytes for array in own[len(arrays) :]) <= MOST:
            packed[key], arrays = plain, own
    file = io.BytesIO()
    text = np.frombuffer(json.dumps(packed).encode(), np.uint8)
    np.savez_compressed(file, text, *arrays)
    return file.getvalue()


def load(kept: bytes | None) -> dict[str, Run]:
    """The inverse of `dump`; nothing where the bytes are not those of a file that it made."""
    if not kept:
        return {}
    try:
        with np.load(io.BytesIO(kept), allow_pickle=False) as file:
            text, *arrays = (file[name] for name in file.files)
            content = json.loads(text.tobytes())
            return {key: run_from(unpack(found, arrays)) for key, found in content.items()}
    except (OSError, ValueError, KeyError, TypeError, IndexError, EOFError, zipfile.BadZipFile, zlib.error):
        return {}


def run_from(content: dict[str, Any]) -> Run:
    """A run as it was kept."""
    answers = tuple(Answer(**answer) for answer in content["answers"])
    tuples = {name: tuple(content[name]) for name in ("reached", "layers")}
    return Run(**{**content, **tuples, "answers": answers})
