"""Imported once, by the process that workers are forked from: all that each of them needs. Starts no thread."""

from __future__ import annotations

import atexit
import gc
import importlib
import json
import logging
import os
from pathlib import Path

from vitlab.quiet import quiet_stderr

from autograder.crew.judging import judge_with_one_thread
from autograder.crew.nursery import REQUEST
from autograder.lessons import hidden_folders
from autograder.run import mother
from autograder.run.lean import import_keras, without_collecting

NEEDED = ("vitlab.checking", "autograder.crew.station", "autograder.grade.parcel")


def call_mother(hidden: list[str], layers: list[str], folder: str) -> None:
    """Start the mother of the workers' zygotes, where this machine's isolation has room for one."""
    if mother.NEEDED.issubset(layers):
        unseen = [*map(Path, hidden), *(one.resolve() for one in hidden_folders())]
        mother.call(unseen, tuple(layers), folder)


def import_all() -> None:
    """Import what every worker needs."""
    judge_with_one_thread()
    with quiet_stderr(), without_collecting():
        import_keras()
        for name in NEEDED:
            importlib.import_module(name)
    threads = len(os.listdir("/proc/self/task")) if os.path.isdir("/proc/self/task") else 1
    if threads != 1:
        logging.getLogger(__name__).warning("Expected one thread before forking workers. Found: %s.", threads)
    gc.collect()
    gc.freeze()


def end() -> None:
    """At the end of this process, not of its forks: dismiss the mother, and take no module apart."""
    mother.dismiss()
    os._exit(0)


if REQUEST in os.environ:
    atexit.register(end)
    call_mother(**json.loads(os.environ.pop(REQUEST)))
import_all()
