"""Images per second in training lesson 04's vision transformer: the course's way against keras.io's and PyTorch's.

Run with the environment's Python: .venv/bin/python benchmarks/training.py --help

Equal architecture, data, batch, recipe, precision (float32), threads. Each training is a process of its own; sides take
turns. README.md beside this file says what the figures mean.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
from grading import machine
from rich.console import Console
from rich.table import Table

HERE = Path(__file__).parent
OURS, KERAS_IO, EAGER, COMPILED = "vitlab", "keras.io", "torch eager", "torch compiled"
WANTED = 1.3
"""How many times as fast as each other side; below, a profile is made."""
WIDTH = 120


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, help="also write the figures, and the runs behind them, to this file")
    parser.add_argument("--rounds", type=int, default=5, help="trainings of each side, each with a seed of its own")
    parser.add_argument("--epochs", type=int, default=30, help="of each training")
    parser.add_argument("--images", type=int, default=5_748, help="colour digits to train on")
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)), help="of every side")
    parser.add_argument("--torch", default=sys.executable, help="a Python that has torch and NumPy")
    given = parser.parse_args()
    if given.rounds < 1 or given.epochs < 2 or not 64 <= given.images <= 5_748 or given.threads < 1:
        parser.error("expected --rounds 1 or more, --epochs 2 or more, --images 64 to 5748, --threads 1 or more")
    return given


def main() -> None:
    """Train every side in turns, print a table, and write the file."""
    given, console = arguments(), Console(width=WIDTH)
    sides = [OURS, KERAS_IO, *([EAGER, COMPILED] if has_torch(given.torch) else [])]
    if EAGER not in sides:
        console.print(f"{given.torch} has no torch: PyTorch is left out. --torch names a Python that has it.")
    runs: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as folder:
        task = {"data": str(Path(folder, "data.npz"))}
        task["budget"] = save_data(Path(task["data"]), given.images, given.epochs)
        for number in range(given.rounds):
            for side in sides if number % 2 == 0 else sides[::-1]:
                with console.status(f"{side}, seed {number}"):
                    runs.append({"side": side, "seed": number, **train(side, task | {"seed": number}, given)})
                console.print(line(runs[-1], given.images), highlight=False)
        found = figures(runs, given.images, sides)
        slow = [side for side, times in found["speedup"].items() if times < WANTED]
        if slow:
            found |= train("profile", task | {"seed": 0}, given)
    console.print(table(found))
    if slow:
        parts = ", ".join(f"{name} {value:.2f}" for name, value in found["profile_ms"].items())
        console.print(f"Less than {WANTED} times as fast as {', '.join(slow)}. Milliseconds of a batch: {parts}.")
    if given.json:
        own = {"threads": given.threads, "budget": task["budget"], "runs": runs, **machine()}
        given.json.parent.mkdir(parents=True, exist_ok=True)
        given.json.write_text(json.dumps(found | own, indent=1) + "\n", encoding="utf-8")


def has_torch(python: str) -> bool:
    """Whether a Python can import torch."""
    return subprocess.run([python, "-c", "import torch"], capture_output=True, check=False).returncode == 0


def save_data(path: Path, images: int, epochs: int) -> dict[str, Any]:
    """Write the data set for all sides; the budget that they train under, which changes no image."""
    from vitlab import data, training

    (x, y), (x_test, y_test) = data.load("colour_digits")
    np.savez(path, x_train=x[:images], y_train=y[:images], x_test=x_test, y_test=y_test)
    return asdict(replace(training.budget("cpu"), images=images, epochs=epochs, flip=False, crop=0))


def train(side: str, task: dict[str, Any], given: argparse.Namespace) -> dict[str, Any]:
    """One training in a process of its own, and the load that it began under.

    Raises:
        RuntimeError: it failed; with its last words.
    """
    of_torch = side in (EAGER, COMPILED)
    python, script = (given.torch, "training_torch.py") if of_torch else (sys.executable, "training_keras.py")
    names = ("OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "MKL_NUM_THREADS")
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", **dict.fromkeys(names, str(given.threads))}
    load = os.getloadavg()[0]
    done = subprocess.run(
        [python, str(HERE / script), json.dumps({**task, "side": side})],
        capture_output=True,
        text=True,
        env=environment,
        cwd=HERE.parent,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{side} ended with {done.returncode}:\n{done.stderr[-3000:]}")
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return {**result, "load": load}


def steady(run: dict[str, Any], images: int) -> float:
    """Images per second in the median epoch after the first, which also compiles."""
    return images / statistics.median(run["seconds"][1:])


def line(run: dict[str, Any], images: int) -> str:
    """A run in words."""
    return (
        f"{run['side']:15} seed {run['seed']}: {steady(run, images):7.0f} images a second, first epoch "
        f"{run['seconds'][0]:5.1f} s, whole {sum(run['seconds']):6.1f} s, accuracy {run['accuracy']:.4f} "
        f"(load before {run['load']:.1f})"
    )


def figures(runs: list[dict[str, Any]], images: int, sides: list[str]) -> dict[str, Any]:
    """Medians of speed, means and spread of accuracy, and whether they are equal.

    Raises:
        RuntimeError: the sides' models have not the same number of parameters.
    """
    of = {side: [run for run in runs if run["side"] == side] for side in sides}
    counts = {side: of[side][0]["parameters"] for side in sides}
    if len(set(counts.values())) > 1:
        raise RuntimeError(f"Expected models of one size. Found: {counts}.")
    speed = {side: statistics.median(steady(run, images) for run in of[side]) for side in sides}
    whole = {side: statistics.median(sum(run["seconds"]) for run in of[side]) for side in sides}
    accuracy = {side: [run["accuracy"] for run in of[side]] for side in sides}
    mean = {side: statistics.fmean(found) for side, found in accuracy.items()}
    spread = {side: statistics.stdev(found) if len(found) > 1 else None for side, found in accuracy.items()}
    return {
        "parameters": counts[OURS],
        "images_per_second": speed,
        "speedup": {side: speed[OURS] / speed[side] for side in sides[1:]},
        "seconds_of_a_training": whole,
        "speedup_of_a_training": {side: whole[side] / whole[OURS] for side in sides[1:]},
        "accuracy_mean": mean,
        "accuracy_sd": spread,
        "equal_accuracy": {side: equal(mean, spread, side) for side in sides[1:]},
    }


def equal(mean: dict[str, float], spread: dict[str, float | None], side: str) -> bool | None:
    """Whether ours and a side differ by at most one standard deviation, the larger; None after one round."""
    sds = [sd for sd in (spread[OURS], spread[side]) if sd is not None]
    return abs(mean[OURS] - mean[side]) <= max(sds) if sds else None


def table(found: dict[str, Any]) -> Table:
    """One row for each side."""
    made = Table("side", "images a second", "ours: times as fast", "with compiling", "accuracy", "sd", "equal to ours")
    for side, speed in found["images_per_second"].items():
        times = [found[name].get(side, 1.0) for name in ("speedup", "speedup_of_a_training")]
        sd = found["accuracy_sd"][side]
        cells = [f"{speed:.0f}", *(f"{time:.2f}" for time in times), f"{found['accuracy_mean'][side]:.4f}"]
        words = {True: "yes", False: "NO", None: ""}[found["equal_accuracy"].get(side)]
        made.add_row(side, *cells, "" if sd is None else f"{sd:.4f}", words)
    return made


if __name__ == "__main__":
    main()
