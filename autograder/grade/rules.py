"""What a course decides about grading, and what a verdict depends on."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from autograder.read.notebook import Submission
from autograder.records import Limits


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
    limits: Limits = field(default_factory=Limits)
    release: str | None = None
    """Id of the release that is the yardstick."""
    older: bool = False
    """Whether it judges otherwise than the newest."""

    def knows(self, release_id: str | None) -> bool:
        """Whether the class ever got a release."""
        return self.releases is None or release_id in self.releases


def key_of(submission: Submission, fingerprint: str, rules: Rules) -> str:
    """What a verdict depends on; as long as it stays, nothing is run again.

    Args:
        submission: as it was read.
        fingerprint: of the lesson and the engine.
        rules: of the course.
    """
    stubs = sorted((rules.stubs or {}).items())
    release = (rules.release, rules.older, rules.knows(submission.release_id))  # a newer one leaves older work alone
    bounds = (rules.seconds, rules.seconds_in_all, rules.seconds_trained, rules.limits)
    settings = repr((*bounds, rules.hints, stubs, release))
    parts = (submission.sha256, submission.problem, repr(submission.flags), fingerprint, rules.secret, settings)
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
