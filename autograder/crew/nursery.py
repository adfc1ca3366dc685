"""Where workers come from: a process that has imported what each of them needs, once for all, and forks them.

It is started before anything else of a grading run, so that it imports while the grader does. It starts the mother of
their zygotes, too.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from multiprocessing import forkserver
from pathlib import Path

PRELOADED = "autograder.crew.preloaded"
REQUEST = "AUTOGRADER_NURSERY"


def open_nursery(hidden: Iterable[Path], layers: tuple[str, ...]) -> None:
    """Start the process from which this program's workers will be forked; one that is there already is kept.

    Args:
        hidden: folders that student code must not see, beside the checkout's own.
        layers: from isolation.choose().
    """
    forkserver.set_forkserver_preload([PRELOADED])
    os.environ[REQUEST] = json.dumps({"hidden": [str(folder.resolve()) for folder in hidden], "layers": layers})
    try:
        forkserver.ensure_running()
    finally:
        del os.environ[REQUEST]
