"""What a course decides about grading, and what a verdict depends on."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from autograder.read.notebook import Submission


@dataclass(frozen=True)
class Rules:
    """What the course decides, beside the lesson itself."""

    secret: str
    seconds: float = 20.0
    hints: bool = True
    stubs: dict[str, str] | None = None
    """Exercise to the released stub, to recognise work that was not begun."""
    releases: frozenset[str] | None = None
    """Ids of the releases that the class got."""
    seconds_in_all: float | None = None
    """For a whole submission; None: no limit beside the exercises' own."""
    seconds_trained: float = 120.0


def key_of(submission: Submission, fingerprint: str, rules: Rules) -> str:
    """What a verdict depends on; as long as it stays, nothing is run again.

    Args:
        submission: as it was read.
        fingerprint: of the lesson and the engine.
        rules: of the course.
    """
    stubs = sorted((rules.stubs or {}).items())
    releases = sorted(rules.releases or ())
    times = (rules.seconds, rules.seconds_in_all, rules.seconds_trained)
    settings = repr((*times, rules.hints, stubs, releases))
    parts = (submission.sha256, submission.problem, repr(submission.flags), fingerprint, rules.secret, settings)
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
