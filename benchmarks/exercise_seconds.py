"""How long one exercise takes in the sandbox and with its judge: medians over 20 runs of the reference.

Run with the environment's Python: .venv/bin/python benchmarks/exercise_seconds.py
"""

from __future__ import annotations

import statistics
import time
from contextlib import closing

from autograder.build.instructor import lesson_points
from autograder.grade.exercise import Notebook, grade_exercise
from autograder.grade.rules import Rules
from autograder.lessons import CHECKOUT, known_lessons, load_lesson, solution_folder
from autograder.read.code import read_code
from autograder.read.notebook import Cell, Submission
from autograder.read.slice import analyse
from autograder.run import isolation
from autograder.run.worker import ZygoteWorker

ROUNDS = 20


def main() -> None:
    """Print one line for each exercise."""
    worker = ZygoteWorker([CHECKOUT / "solutions"], isolation.choose())
    with closing(worker):
        for assignment in known_lessons():
            lesson = load_lesson(assignment, lesson_points(assignment))
            source = (solution_folder(assignment) / "reference.py").read_text(encoding="utf-8")
            submission = Submission("benchmark", assignment, (Cell("reference", None, "code", source),))
            code = read_code(submission.cells, frozenset())
            notebook = Notebook(submission, code, analyse(code))
            print(f"{assignment}: median of {ROUNDS} runs, in seconds")
            for name in lesson.exercises:
                sandbox, whole = [], []
                for round_number in range(ROUNDS + 1):
                    began = time.perf_counter()
                    verdict, _ = grade_exercise(name, notebook, lesson, worker, Rules(str(round_number)), {})
                    if round_number:  # the first one waits for the zygote
                        sandbox.append(verdict.seconds)
                        whole.append(time.perf_counter() - began)
                print(
                    f"  {name:30} sandbox {statistics.median(sandbox):.3f}  with judge {statistics.median(whole):.3f}"
                )


if __name__ == "__main__":
    main()
