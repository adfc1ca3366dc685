"""In a child: rebuild a model, load a .weights.h5 file that nobody trusts into it, and hand out outputs and weights.

Nobody outside a sandbox parses such a file. Holds against: links and data elsewhere, shapes that declare more than they
store, what is not numbers; each is told in words. What HDF5 itself does with a broken file ends this process only.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import h5py
import keras
import numpy as np
from vitlab.probe import WeightError, find_weight, plain

BATCH = 256
FILE = "handed-in.weights.h5"
MOST_BYTES = 64 * 2**20
"""What all numbers in a file may declare: they must fit into an answer."""
MOST_PARTS = 5_000
MOST_SHAPES = 3
SAVE_AGAIN = "Save the model with save_trained(...) once more and hand in those files"


class BadWeights(Exception):
    """The file is not what model.save_weights writes for this model; says what was expected and what came."""


def ask_with_weights(target: Any, question: dict[str, Any], file: bytes, paths: list[str]) -> dict[str, Any]:
    """{"outputs": array, "weights": {path: array}} of the model that `target` makes, with the file's weights.

    Args:
        target: class or function that makes the model from the question's init.
        question: its init, and the inputs as its arguments, each (n, ...).
        file: content of a .weights.h5.
        paths: attribute paths of all the weights that the model must have.

    Raises:
        BadWeights, WeightError: see there.
        Exception: whatever the code of the model raises.
    """
    inputs = question["args"]
    Path(FILE).write_bytes(file)
    require_plain(FILE)
    model = target(**question["init"])
    run_batch(model, inputs, 0, 1)
    load(model, FILE)
    outputs = [run_batch(model, inputs, start, BATCH) for start in range(0, len(inputs[0]), BATCH)]
    found = {path: find_weight(model, path) for path in paths}
    others = [weight for weight in model.weights if not any(weight is own for own in found.values())]
    if others:
        shapes = ", ".join(sorted(str(tuple(weight.shape)) for weight in others)[:5])
        raise WeightError(f"expected {len(found)} weights in the model, found {len(others)} more, of shape {shapes}")
    return {"outputs": np.concatenate(outputs), "weights": {path: plain(weight) for path, weight in found.items()}}


def run_batch(model: Any, inputs: Sequence[np.ndarray], start: int, count: int) -> np.ndarray:
    """The model's outputs for some of the inputs, as it is used after training."""
    batch = (keras.ops.convert_to_tensor(array[start : start + count]) for array in inputs)
    found = plain(model(*batch, training=False))
    if not isinstance(found, np.ndarray):
        raise BadWeights(f"expected the model to return one array of numbers, got a {type(found).__name__}")
    return found


def load(model: Any, file: str) -> None:
    """Load the file as Keras does; an optimizer's state in it is passed over.

    Raises:
        BadWeights: it does not fit the model.
    """
    try:
        model.load_weights(file)
    except Exception as error:  # Keras raises many kinds for a file that does not fit
        words = misfit(model, file) or " ".join(str(error).split())[:200]
        raise BadWeights(
            f"the weights do not fit the model that your code and the JSON describe: {words}. "
            "Was one of them changed after the weights were saved?"
        ) from None


def misfit(model: Any, file: str) -> str:
    """Which shapes the model needs and the file lacks, in words, or "". Keras names but one layer, often another."""
    needed = Counter(tuple(weight.shape) for weight in model.weights)
    with h5py.File(file, "r") as opened:
        stored = [found for name, found in opened.items() if name != "optimizer"]
        parts = [part for top in stored for _, part in (parts_of(top) if isinstance(top, h5py.Group) else ())]
        here = Counter(part.shape for part in parts if isinstance(part, h5py.Dataset))
    lacking, more = needed - here, here - needed
    if not lacking:
        return ""
    return f"the model needs {shapes(lacking)}" + (f", the file has {shapes(more)}" if more else ", the file has none")


def shapes(counts: Counter[tuple[int, ...]]) -> str:
    """Some shapes of weights, in words."""
    return " and ".join(f"{count} of shape {shape}" for shape, count in sorted(counts.items())[:MOST_SHAPES])


def require_plain(file: str) -> None:
    """Refuse a file that holds anything but groups and moderate arrays of numbers of its own.

    Raises:
        BadWeights: names the first such thing.
    """
    try:
        with h5py.File(file, "r") as opened:
            declared = 0
            for i, (name, found) in enumerate(parts_of(opened)):
                declared += declared_bytes(name, found)
                if i > MOST_PARTS or declared > MOST_BYTES:
                    raise BadWeights(f"the file declares more than {MOST_BYTES // 2**20} MB of numbers. {SAVE_AGAIN}")
    except (OSError, RuntimeError, ValueError, KeyError) as error:
        raise BadWeights(f"the file of weights is broken or cut off ({type(error).__name__}). {SAVE_AGAIN}") from None


def parts_of(group: Any) -> Iterator[tuple[str, Any]]:
    """Everything below a group, each object once however many names lead to it.

    Raises:
        BadWeights: a name is a link that is no hard one.
    """
    waiting, seen = [group], set()
    while waiting:
        current = waiting.pop()
        for name in current:
            link = current.get(name, getlink=True)
            if not isinstance(link, h5py.HardLink):
                raise BadWeights(f"the file holds a link ({type(link).__name__}) in place of numbers. {SAVE_AGAIN}")
            found = current[name]
            if found.id not in seen:
                seen.add(found.id)
                yield name, found
                waiting += [found] if isinstance(found, h5py.Group) else []


def declared_bytes(name: str, found: Any) -> int:
    """How much a part of the file says that it holds.

    Raises:
        BadWeights: it is not an array of numbers stored in this file.
    """
    if isinstance(found, h5py.Group):
        return 0
    if not isinstance(found, h5py.Dataset) or found.external or found.is_virtual or found.dtype.kind not in "biuf":
        raise BadWeights(f"the file holds something that is not numbers of its own, called {ascii(name)[:40]}")
    return 0 if found.shape is None else math.prod(found.shape) * found.dtype.itemsize
