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
    """A folder for what the mother of zygotes runs from; removed when this program ends."""
    kept = ExitStack()
    atexit.register(kept.close)
    return kept.enter_context(own_folder())
