"""Where workers come from: a process that has imported what each of them needs, once for all, and forks them.

It is started before anything else of a grading run, so that it imports while the grader does. It starts the mother of
their zygotes, too.
"""

from __future__ import annotations

import atexit
import json
import os
from collections.abc import Iterable
from contextlib import ExitStack
from functools import cache
from multiprocessing import forkserver
from pathlib import Path

from autograder.crew.folder import own_folder

PRELOADED = "autograder.crew.preloaded"
REQUEST = "AUTOGRADER_NURSERY"


def open_nursery(hidden: Iterable[Path], layers: tuple[str, ...]) -> None:
    """Start the process from which this program's workers will be forked; one that is there already is kept.

    Args:
        hidden: folders that student code must not see, beside the checkout's own.
        layers: from isolation.choose().
    """
    forkserver.set_forkserver_preload([PRELOADED])
    request = {"hidden": [str(folder.resolve()) for folder in hidden], "layers": layers, "folder": place()}
    os.environ[REQUEST] = json.dumps(request)
    try:
        forkserver.ensure_running()
    finally:
        del os.environ[REQUEST]


@cache
def place() -> str:
    """A folder for what the mother of zygotes runs from; at the end of this program all ends, and the folder goes."""
    kept = ExitStack()
    atexit.register(kept.close)
    folder = kept.enter_context(own_folder())
    kept.callback(close_nursery)
    return folder


def close_nursery() -> None:
    """End the process that workers came from, and wait for it: nothing outlives the program.

    The standard library offers this to its own tests alone; without it the process ends a moment after this one.
    """
    stop = getattr(getattr(forkserver, "_forkserver", None), "_stop", None)
    if stop:
        stop()
