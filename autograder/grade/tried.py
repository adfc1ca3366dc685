"""A model handed in, tried in the sandbox: what is believed of its answer, and whether it is the model it should be."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass

import numpy as np
from vitlab.compare import compare

from autograder.judge.trusted import OtherModel, outputs_with
from autograder.records import Outcome, Run, Trained, Value

COMPARED, TOLERANCE = 256, 1e-4
BY_PLACE = (
    ".weights.h5 stores weights by their place and not by name, so two of one shape that are made in another order "
    "change places without an error"
)


class Settled(Exception):
    """The item's verdict is known before its accuracy is."""

    def __init__(self, outcome: Outcome, message: str, seconds: float = 0.0) -> None:
        """No points; for a fault of ours, no decision either."""
        super().__init__(message)
        self.outcome, self.message, self.seconds = outcome, message, seconds


@dataclass(frozen=True)
class Tried:
    """A model handed in, after it was tried in the sandbox: what came back is of the right shapes and finite."""

    weights: dict[str, np.ndarray]
    outputs: np.ndarray
    seconds: float


def believed(run: Run, paths: tuple[str, ...], count: int, student: str) -> Tried:
    """What came back from the sandbox, once it is seen to be weights and outputs.

    Raises:
        Settled: it is not; or the code ended before, or failed.
    """
    if run.ended == "infra_error":
        logging.getLogger(__name__).error("The trained item of %r could not be run: %s", student, run.message)
        raise Settled("infra_error", "A fault of the grader's machine, not yours: a person will look.", run.seconds)
    if run.ended != "finished":
        raise Settled(run.ended, run.message, run.seconds)
    answer = run.answers[0]
    if answer.error is not None:
        end = "" if answer.error.endswith((".", "?", "!")) else "."
        raise Settled("failed", f"{answer.error}{end}", run.seconds)
    found = answer.value if isinstance(answer.value, dict) else {}
    weights, outputs = found.get("weights"), found.get("outputs")
    if not isinstance(weights, dict) or set(weights) != set(paths) or not isinstance(outputs, np.ndarray):
        raise Settled("failed", "The code answered something else than the model's weights and outputs.", run.seconds)
    arrays = {"the outputs": outputs, **{f"the weight `{path}`": weights[path] for path in paths}}
    for name, array in arrays.items():
        if not isinstance(array, np.ndarray) or array.dtype.kind != "f" or not np.isfinite(array).all():
            raise Settled("failed", f"Expected finite numbers in {name}: did the training diverge?", run.seconds)
    if len(outputs) != count:
        raise Settled("failed", f"Expected an output for each of {count} inputs, got {len(outputs)}.", run.seconds)
    return Tried({path: weights[path] for path in paths}, outputs, run.seconds)


def require_agreement(
    trained: Trained,
    arguments: dict[str, Value],
    tried: Tried,
    asked: tuple[np.ndarray, ...],
    count: int,
    rng: np.random.Generator,
) -> None:
    """The reference model with the same weights must give the same outputs: accuracy hides no wrong model.

    Args:
        trained: the item.
        arguments: of the model handed in.
        tried: what came back.
        asked: what the model was called with.
        count: the first so many are compared, or some of them.
        rng: chooses which.

    Raises:
        Settled: it does not, or the weights have other shapes.
    """
    chosen = np.sort(rng.permutation(count)[:COMPARED])
    try:
        expected = outputs_with(trained.reference, arguments, tried.weights, *(array[chosen] for array in asked))
    except OtherModel as error:
        raise Settled("failed", str(error), tried.seconds) from None
    difference = compare(expected, tried.outputs[chosen], TOLERANCE)
    if difference:
        message = (
            f"With your weights, your model and ours give different outputs ({difference}). Either your model computes "
            f"something else than the text asks, or its code was changed after training: {BY_PLACE}."
        )
        raise Settled("failed", message, tried.seconds)


def hash_of(weights: dict[str, np.ndarray]) -> str:
    """Hash of the weights' numbers, whatever file held them."""
    digest = hashlib.sha256()
    for path, array in sorted(weights.items()):
        digest.update(path.encode() + repr(array.shape).encode() + array.astype(np.float64).tobytes())
    return digest.hexdigest()
