"""Make course/vitlab/data/checkpoint_{cnn,vit,mixer}.arrays and photographs.arrays: what lesson 11 looks into.

    VITLAB_DATA=FOLDER python tools/make_checkpoints.py [--only NAME] [--smoke] [--to FOLDER]

Each network is trained on its own, on CIFAR-10 (vitlab.data.load), from a recorded seed; one that was stopped goes on
after its last whole epoch (its state is kept in .calibration/checkpoints/NAME). The seed, the recipe, the data and the
versions are in each file. Another machine gives weights that differ in the last digits. Weights are stored in half
precision; the accuracies are measured with the stored ones.

--only NAME: cnn, vit, mixer or photographs; otherwise all of them.
--smoke: a few steps on a thousand images, to see that it runs; name a folder for what comes out.
--to FOLDER: where the files go, if not into the package.
"""

import argparse
import dataclasses
import json
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf
from vitlab import checkpoints, data, training

ROOT = Path(__file__).parent.parent
SEEDS = {"cnn": 111, "vit": 112, "mixer": 113}
EPOCHS = {"cnn": 6, "vit": 8, "mixer": 8}
OF_EACH_CLASS = 10
FIRST_PIXEL = (59, 62, 63)
"""Of CIFAR-10 as it is published; a copy that went through JPEG has another."""


def recipe(name, smoke):
    """The budget of a network's training."""
    base = dataclasses.replace(training.budget("cpu", "cifar10"), epochs=EPOCHS[name], crop=2, model={})
    return dataclasses.replace(base, images=1_000, epochs=1) if smoke else base


def train(name, photographs, smoke, folder):
    """Train a network and write its file: -> the path."""
    keras.utils.set_random_seed(SEEDS[name])
    model, budget = checkpoints.NETWORKS[name](), recipe(name, smoke)
    state = None if smoke else ROOT / ".calibration/checkpoints" / name
    training.fit(model, photographs, budget, seed=SEEDS[name], resume=state)
    halves = [weight.astype("float16") for weight in model.get_weights()]
    model.set_weights([weight.astype("float32") for weight in halves])
    note = {"seed": SEEDS[name], "recipe": dataclasses.asdict(budget), **where_from(photographs)}
    (x_train, y_train), (x_test, y_test) = photographs
    parts = {"train": (x_train[:10_000], y_train[:10_000]), "test": (x_test, y_test)}
    note["accuracy"] = {part: accuracy(model, *pair) for part, pair in parts.items()}
    path = folder / f"checkpoint_{name}.arrays"
    write(path, note, **{str(i): half for i, half in enumerate(halves)})
    print(f"{path}: {model.count_params():,} numbers, {path.stat().st_size:,} bytes, {note['accuracy']}")
    return path


def write(path, note, **arrays):
    """Arrays and a note into one compressed file, in the format of .npz under the name that is given."""
    with path.open("wb") as file:
        np.savez_compressed(file, note=np.array(json.dumps(note)), **arrays)


def accuracy(model, images, labels):
    """The share of images with the right label."""
    return round(float((checkpoints.predict(model, images) == labels).mean()), 4)


def where_from(photographs):
    """Which copy of CIFAR-10 it is, and the versions."""
    published = tuple(photographs[0][0][0, 0, 0]) == FIRST_PIXEL
    versions = {"keras": keras.__version__, "tensorflow": tf.__version__, "numpy": np.__version__}
    return {"data": "cifar10" if published else "cifar10-jpeg", "versions": versions}


def write_photographs(photographs, folder):
    """The first ten test images of each class, class by class: -> the path."""
    _, (images, labels) = photographs
    chosen = np.concatenate([np.flatnonzero(labels == label)[:OF_EACH_CLASS] for label in range(10)])
    note = {"test_images": chosen.tolist(), **where_from(photographs)}
    path = folder / "photographs.arrays"
    write(path, note, images=images[chosen], labels=labels[chosen].astype("uint8"))
    print(f"{path}: {len(chosen)} images, {path.stat().st_size:,} bytes")
    return path


def main():
    """Read the command line and make what it asks for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=(*checkpoints.NAMES, "photographs"))
    parser.add_argument("--smoke", action="store_true")
    parser.add_argument("--to", type=Path, default=ROOT / "course/vitlab/data")
    given = parser.parse_args()
    photographs = data.load("cifar10")
    given.to.mkdir(parents=True, exist_ok=True)
    for name in [given.only] if given.only else [*checkpoints.NAMES, "photographs"]:
        if name == "photographs":
            write_photographs(photographs, given.to)
        else:
            train(name, photographs, given.smoke, given.to)


if __name__ == "__main__":
    main()
