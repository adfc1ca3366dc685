"""How work ended, in the few groups that a teacher thinks in; and numbers in words."""

from __future__ import annotations

from markupsafe import Markup

from autograder.grade.verdict import parts_of
from autograder.records import TRAINED, ExerciseVerdict, Verdict

GROUPS = {
    "passed": "right",
    "partial": "partly right",
    "failed": "wrong",
    "missing": "not written",
    "timeout": "stopped",
    "out_of_memory": "stopped",
    "crashed": "stopped",
    "refused": "unreadable",
    "infra_error": "our fault",
}
ORDER = ("right", "partly right", "wrong", "stopped", "not written", "unreadable", "our fault")
NOT_BEGUN = ("not written", "unreadable")
DIFFICULTIES = ((0.9, "easy"), (0.7, "fairly easy"), (0.5, "medium"), (0.3, "hard"), (0.0, "very hard"))
DISCRIMINATIONS = (
    (0.4, "separates well"),
    (0.2, "separates"),
    (0.0, "hardly separates"),
    (-1.0, "reversed: look at the exercise itself"),
)


def group_of(part: ExerciseVerdict) -> str:
    """The group that an outcome belongs to."""
    return GROUPS[part.outcome]


def has_begun(verdict: Verdict) -> bool:
    """Whether anything was written that can be read."""
    return any(group_of(part) not in NOT_BEGUN for part in parts_of(verdict).values())


def is_ours(verdict: Verdict) -> bool:
    """Whether a part could not be graded for reasons of ours, so that its points say nothing."""
    return any(group_of(part) == "our fault" for part in parts_of(verdict).values())


def difficulty_words(share: float | None) -> str:
    """A mean share of points in words."""
    return words_for(share, DIFFICULTIES) if share is not None else "cannot be said"


def discrimination_words(correlation: float | None) -> str:
    """A corrected item-total correlation in words."""
    return words_for(correlation, DISCRIMINATIONS) if correlation is not None else "cannot be said"


def words_for(number: float, steps: tuple[tuple[float, str], ...]) -> str:
    """The words of the first step that a number reaches."""
    return next((words for least, words in steps if number >= least), steps[-1][1])


def plain_name(misconception: str) -> str:
    """A misconception's id as a person says it: "softmax_rows.no_keepdims" is "no keepdims"."""
    return (misconception.partition(".")[2] or misconception).replace("_", " ")


def breakable(name: str) -> Markup:
    """A name of code that a narrow page may break at its underscores."""
    return Markup("_<wbr>").join(name.split("_"))


def name_of(part: str) -> str:
    """An exercise as a person reads it."""
    return "the trained model" if part == TRAINED else part
