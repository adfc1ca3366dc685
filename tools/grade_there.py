"""Grade what was trained under other versions, and compare: the weights must answer and score here as they did there.

    python tools/grade_there.py FOLDER

Runs in the instructor's environment. FOLDER/ASSIGNMENT holds what tools/trained_there.py kept. Exits 1 if outputs
differ by more than 1e-4, accuracy by more than 0.1 %, or the grader refuses the files.
"""

import json
import sys
from pathlib import Path

import keras
import numpy as np
from trained_there import SECRET, STUDENT

from autograder.build.instructor import lesson_points
from autograder.grade.inputs import generator
from autograder.grade.rules import Rules
from autograder.grade.trained import grade_trained
from autograder.judge.trusted import in_batches
from autograder.lessons import CHECKOUT, hidden_folders, load_lesson
from autograder.read.artifacts import Artifacts
from autograder.read.code import read_code
from autograder.read.notebook import Cell
from autograder.read.slice import analyse
from autograder.records import TRAINED
from autograder.run import isolation
from autograder.run.worker import ZygoteWorker

APART, ACCURACY_APART = 1e-4, 1e-3


def graded(assignment, lesson, files, worker):
    """The verdict of two files beside the reference's notebook."""
    source = (CHECKOUT / "solutions" / assignment.partition("_")[2] / "reference.py").read_text(encoding="utf-8")
    analysis = analyse(read_code((Cell("reference", None, "code", source),), frozenset()))
    return grade_trained(STUDENT, files, analysis, lesson, worker, Rules(SECRET))[0]


def outputs_here(assignment, item, weights, arguments):
    """What the reference's model answers with these weights."""
    asked = item.asked(item.datasets[0].unseen(generator(SECRET, STUDENT, assignment, TRAINED))[0])
    model = item.reference(**json.loads(arguments.read_text(encoding="utf-8")))
    model(*(array[:1] for array in asked))
    model.load_weights(weights)
    return in_batches(model, *asked)


def fault_of(folder, worker):
    """What differs in words, or ""; prints what was found."""
    (weights,), (arguments,) = folder.glob("*.weights.h5"), folder.glob("*.json")
    there = np.load(folder / "outputs.npz")
    lesson = load_lesson(folder.name, lesson_points(folder.name))
    apart = float(np.abs(outputs_here(folder.name, lesson.trained, weights, arguments) - there["outputs"]).max())
    found = graded(folder.name, lesson, Artifacts(weights.read_bytes(), arguments.read_bytes()), worker)
    accuracy = float(there["accuracy"]) if "accuracy" in there else None
    print(
        f"{folder.name}: trained under Keras {there['keras']}, graded under {keras.__version__}: outputs differ by at "
        f"most {apart:.1e}, accuracy {accuracy} there and {found.accuracy} here, {found.points} of {found.max_points} "
        f"points ({found.outcome})"
    )
    if found.accuracy is None or apart > APART:
        return f"{folder.name}: {found.message}"
    off = accuracy is not None and abs(accuracy - found.accuracy) > ACCURACY_APART
    return f"{folder.name}: accuracy {accuracy} there, {found.accuracy} here" if off else ""


def main():
    worker = ZygoteWorker(hidden_folders(), isolation.choose())
    try:
        faults = [fault_of(folder, worker) for folder in sorted(Path(sys.argv[1]).iterdir())]
    finally:
        worker.close()
    print(*filter(None, faults), sep="\n", end="")
    sys.exit(any(faults))


if __name__ == "__main__":
    main()
