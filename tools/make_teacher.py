"""Make course/vitlab/data/teacher_digits.npz: train lesson 07's teacher, a small CNN, from a recorded seed.

    python tools/make_teacher.py [FILE]

The seed, the recipe and the versions are below and in the file itself. Another machine gives weights that differ in
the last digits, and a teacher that is as good. Weights are stored in half precision; what is printed is measured with
the stored ones.
"""

import dataclasses
import json
import sys
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf
from vitlab import teachers, training

TARGET = Path(__file__).parent.parent / "course/vitlab/data/teacher_digits.npz"
SEED = 7
RECIPE = dataclasses.replace(training.budget("cpu"), images=1_437, epochs=30, batch_size=32, crop=1, model={})


def accuracy(model, images, labels):
    """The share of images with the right label."""
    logits = model.predict(images, batch_size=256, verbose=0)
    return float((logits.argmax(-1) == labels).mean())


if __name__ == "__main__":
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else TARGET
    digits = teachers.digits()
    keras.utils.set_random_seed(SEED)
    teacher = teachers.network()
    training.fit(teacher, digits, RECIPE, seed=SEED)
    stored = [weight.astype("float16") for weight in teacher.get_weights()]
    teacher.set_weights([weight.astype("float32") for weight in stored])
    found = {name: round(accuracy(teacher, *part), 4) for name, part in zip(("train", "test"), digits, strict=True)}
    versions = {"keras": keras.__version__, "tensorflow": tf.__version__, "numpy": np.__version__}
    note = json.dumps({"seed": SEED, "recipe": dataclasses.asdict(RECIPE), "versions": versions, "accuracy": found})
    np.savez_compressed(path, note=np.array(note), **{str(i): weight for i, weight in enumerate(stored)})
    print(f"{path}: {teacher.count_params():,} numbers, {path.stat().st_size:,} bytes, accuracy {found}")
