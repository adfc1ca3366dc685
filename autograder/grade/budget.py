"""The wall clock of a whole submission, held outside like that of each exercise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from autograder.records import Job, Run
from autograder.run.together import EARLY_SECONDS
from autograder.run.worker import Worker


class Budget:
    """A worker for one submission, whose jobs together may take only so long."""

    def __init__(self, worker: Worker, seconds: float) -> None:
        """Nothing is used up yet.

        Args:
            worker: that runs the jobs.
            seconds: for all of them together.
        """
        self.worker, self.seconds, self.left = worker, seconds, seconds

    @property
    def layers(self) -> tuple[str, ...]:
        """Those of the worker."""
        return self.worker.layers

    def run(self, job: Job) -> Run:
        """Run a job within what is left; without anything left it is a timeout at once."""
        words = f"All exercises together may take {self.seconds:.3g} s, and that time is used up."
        if self.left <= 0:
            return Run("timeout", message=words, layers=self.layers)
        short = self.left < job.seconds
        found = self.worker.run(replace(job, seconds=min(job.seconds, self.left)))
        self.left -= found.seconds
        return replace(found, message=words) if short and found.ended == "timeout" else found

    def run_together(self, jobs: Sequence[Job]) -> list[Run | None]:
        """Run jobs in one process; their time counts, and that of the one after which they had to be run alone."""
        found = self.worker.run_together(jobs)
        self.left -= sum(run.seconds if run else 0.0 for run in found) + (EARLY_SECONDS if None in found else 0.0)
        return found

    def close(self) -> None:
        """The worker goes on with other submissions."""
