"""What lesson 05's model reaches on scenes that it has never seen, and what it costs: captions without any error.

Run with the environment's Python: .venv/bin/python benchmarks/captioning.py --help

The reference's training under the CPU's budget, or a part of it. Beside it stand chance (the best caption that ignores
the picture), the same model on blank pictures, and the share of right words when the true ones are given.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest import mock

import keras
import numpy as np
from grading import machine
from vitlab import scenes, training

from autograder.judge.trusted import in_batches
from solutions.captioning import reference, trained


def arguments() -> argparse.Namespace:
    """The command line."""
    recipe = training.budget("cpu", dataset="scenes")
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    parser.add_argument("--seed", type=int, default=0, help="of the training")
    parser.add_argument("--epochs", type=int, default=recipe.epochs, help="of the training")
    parser.add_argument("--images", type=int, default=recipe.images, help="scenes to train on")
    return parser.parse_args()


def measured(given: argparse.Namespace) -> dict[str, Any]:
    """Train once, and measure on 2,000 scenes of another seed."""
    recipe = replace(training.budget("cpu", dataset="scenes"), epochs=given.epochs, images=given.images)
    data = scenes.scenes(given.images, trained.TRAINING), scenes.scenes(1_000, trained.WATCHED)
    images, captions = scenes.scenes(trained.UNSEEN, 1_000 + given.seed)
    load, wall, cpu = os.getloadavg()[0], time.monotonic(), time.process_time()
    with mock.patch.object(training, "budget", return_value=recipe):
        captioner, _ = reference.train_captioner(data, given.seed)
        seconds = {"seconds": time.monotonic() - wall, "cpu_seconds": time.process_time() - cpu}
        writer = trained.writer(captioner)
    inputs, targets, weights = (keras.ops.convert_to_numpy(part) for part in reference.shift_captions(captions))
    right = in_batches(captioner, images, inputs).argmax(axis=-1) == targets
    return {
        "exact": trained.share_exact(in_batches(writer, images), captions),
        "chance": max(Counter(map(tuple, captions.tolist())).values()) / len(captions),
        "exact_on_blank_pictures": trained.share_exact(in_batches(writer, np.ones_like(images)), captions),
        "words_given_the_true_ones": float(right[weights == 1].mean()),
        "exact_in_training": trained.share_exact(in_batches(writer, data[0][0][:2_000]), data[0][1][:2_000]),
        **{name: round(value, 1) for name, value in seconds.items()},
        "load_at_the_start": round(load, 1),
    }


def main() -> None:
    """Measure, print, and write the file."""
    given = arguments()
    found = measured(given)
    for name, value in found.items():
        print(f"{name:28s} {value:.4f}" if isinstance(value, float) else f"{name:28s} {value}")
    if given.json:
        settings = {name: value for name, value in vars(given).items() if name != "json"}
        content = {"benchmark": "captioning", "settings": settings, "figures": found, **machine()}
        given.json.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
