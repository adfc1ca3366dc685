"""Several exercises of a submission in one process: what finishes there in order need not be run alone.

A process for each exercise costs more than most exercises do. Together they run under stricter rules than alone: calls
that one of them must not use are off for all, and time is short. So an exercise gains nothing by what another left
behind. It loses nothing either: the grader believes only what passes or gives exactly the answers of a known mistake,
and runs everything else alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from autograder.records import Job, Run

EARLY_SECONDS = 2.0
"""For each exercise. An endless loop costs so much of its submission's time, and is then run alone."""


def stricter(jobs: Sequence[Job]) -> list[Job]:
    """The jobs as they run together."""
    off = tuple(dict.fromkeys(name for job in jobs for name in job.switched_off))
    return [replace(job, switched_off=off, seconds=min(job.seconds, EARLY_SECONDS)) for job in jobs]


def believed(runs: Sequence[Run], count: int) -> list[Run | None]:
    """Those that finished and reached no call that is off; None for all others, and for jobs that were not begun."""
    found = [run if run.ended == "finished" and not run.reached else None for run in runs]
    return [*found, *[None] * (count - len(found))]
