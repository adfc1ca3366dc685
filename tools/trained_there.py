"""Keep what a solved notebook trained in the environment that runs this, with what its model answers there.

tools/grade_there.py grades these files in the instructor's environment.
"""

import json
import shutil
from importlib import import_module
from pathlib import Path

import keras
import numpy as np

from autograder.grade.inputs import generator
from autograder.records import TRAINED

SECRET, STUDENT = "trained elsewhere", "ann"


def keep_trained(assignment, artifacts, folder):
    """Copy a trained item's two files, and write the outputs of its model for the inputs that grading will draw.

    Args:
        assignment: e.g. "04_vit".
        artifacts: folder that the notebook wrote; there is none where a lesson trains nothing.
        folder: for ASSIGNMENT/outputs.npz beside the two files.
    """
    if not artifacts.is_dir():
        return
    there = Path(folder, assignment)
    shutil.copytree(artifacts, there)
    item = import_module(f"solutions.{assignment.partition('_')[2]}.trained").TRAINED
    (weights,) = there.glob("*.weights.h5")
    (arguments,) = there.glob("*.json")
    unseen, labels = item.datasets[0].unseen(generator(SECRET, STUDENT, assignment, TRAINED))
    asked = item.asked(unseen)
    model = item.reference(**json.loads(arguments.read_text(encoding="utf-8")))
    model(*(array[:1] for array in asked))
    model.load_weights(weights)
    outputs = np.concatenate(
        [np.asarray(model(*(array[i : i + 100] for array in asked))) for i in range(0, len(unseen), 100)]
    )
    scored = {} if item.measured else {"accuracy": item.score(outputs, labels)}
    np.savez(there / "outputs.npz", outputs=outputs, keras=keras.__version__, **scored)
