"""Equal trained weights in a class: a person may want to know. No mark depends on it."""

from __future__ import annotations

from dataclasses import replace

from autograder.grade.verdict import read_verdict, write_verdict
from autograder.records import Verdict
from autograder.root import CourseRoot

PREFIX = "equal weights: "
MOST_NAMES = 5


def flag_equal_weights(root: CourseRoot, assignment: str) -> dict[str, Verdict]:
    """Bring the flags of all verdicts of a class up to date; those that changed, by student.

    The same recipe, seed and kind of machine can give equal weights to two honest students.
    """
    paths = sorted(root.verdict(assignment, "any").parent.glob("*.json"))
    verdicts = {path: verdict for path in paths if (verdict := read_verdict(path))}
    owners: dict[str, list[str]] = {}
    for verdict in verdicts.values():
        if verdict.trained and verdict.trained.weights_sha256:
            owners.setdefault(verdict.trained.weights_sha256, []).append(verdict.student)
    changed = {}
    for path, verdict in verdicts.items():
        mark = verdict.trained.weights_sha256 if verdict.trained else None
        others = [name for name in owners.get(mark or "", []) if name != verdict.student]
        kept = tuple(flag for flag in verdict.flags if not flag.startswith(PREFIX))
        flags = (*kept, PREFIX + "as " + ", ".join(others[:MOST_NAMES])) if others else kept
        if flags != verdict.flags:
            changed[verdict.student] = replace(verdict, flags=flags)
            write_verdict(path, changed[verdict.student])
    return changed
