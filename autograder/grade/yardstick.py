"""What a submission is judged by: the release on which it was begun, or the newest if it names none of the class's."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

from autograder.grade.rules import Rules
from autograder.lessons import fingerprint, load_lesson, solutions_of
from autograder.read.notebook import Submission
from autograder.records import Lesson
from autograder.releases import Solutions
from autograder.root import CourseRoot


@dataclass(frozen=True)
class Yardstick:
    """Solutions and rules of one release."""

    solutions: Solutions | None
    """None where they are the checkout's."""
    fingerprint: str
    rules: Rules


class Yardsticks:
    """Those of an assignment's releases, each read once."""

    def __init__(self, root: CourseRoot, assignment: str) -> None:
        """Read what all releases share.

        Args:
            root: the course.
            assignment: e.g. "01_attention".
        """
        self.root, self.assignment, self.points = root, assignment, root.points(assignment)
        self.rules, self.today = root.rules(assignment), solutions_of(assignment)
        self.made: dict[str | None, Yardstick] = {}

    def of(self, submission: Submission) -> Yardstick:
        """The yardstick of a submission, by the release that its notebook names."""
        named = submission.release_id
        release = named if named in (self.rules.releases or ()) else self.rules.release
        if release not in self.made:
            self.made[release] = self.make(release)
        return self.made[release]

    def make(self, release: str | None) -> Yardstick:
        """Read a release's files. Those that are the checkout's too need not travel, or be imported once more."""
        kept = self.root.kept_solutions(self.assignment, release) if release else None
        solutions = None if kept == self.today else kept
        rules = self.rules
        if release != rules.release:
            newest = self.root.kept_solutions(self.assignment, rules.release) if rules.release else None
            stubs = self.root.kept_stubs(self.assignment, release or "")
            older = kept != (newest or self.today)
            rules = replace(rules, release=release, older=older, stubs=stubs or rules.stubs)
        return Yardstick(solutions, fingerprint(self.assignment, self.points, solutions), rules)


@lru_cache(maxsize=8)
def lesson_of(assignment: str, points: tuple[tuple[str, float], ...], solutions: Solutions) -> Lesson:
    """The lesson as a release had it, worth the points of today; imported once in each worker."""
    return load_lesson(assignment, dict(points), solutions)
