"""Imported once, by the process that workers are forked from: all that each of them needs. Starts no thread."""

from __future__ import annotations

import gc
import importlib
import logging
import os

from vitlab.quiet import quiet_stderr

from autograder.crew.judging import judge_with_one_thread
from autograder.run.lean import import_keras, without_collecting

NEEDED = ("vitlab.checking", "autograder.crew.station", "autograder.grade.parcel")

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
