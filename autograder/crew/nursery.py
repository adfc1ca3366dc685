"""Where workers come from: a process that has imported what each of them needs, once for all, and forks them.

It is started before anything else of a grading run, so that it imports while the grader does.
"""

from __future__ import annotations

from multiprocessing import forkserver

PRELOADED = "autograder.crew.preloaded"


def open_nursery() -> None:
    """Start the process from which this program's workers will be forked; one that is there already is kept."""
    forkserver.set_forkserver_preload([PRELOADED])
    forkserver.ensure_running()
