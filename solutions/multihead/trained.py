"""The trained item of lesson 02: a model that says sequences backwards, from weights that students hand in.

The model is given (vitlab.sequences), so what is graded is the training alone. Its positions are given too and are no
weights: a model that passes without them would not have learnt what the lesson is about.
"""

from __future__ import annotations

from unittest import mock

import keras
import numpy as np
from vitlab.sequences import build_reverser, reversal_data

from autograder.records import Argument, Control, Dataset, Trained
from solutions.multihead import reference

LENGTH, VOCABULARY, WIDTH = 16, 10, 32
UNSEEN = 2_000


def training(budget):
    """The data of the lesson: 10,000 sequences to train on, 2,000 others to watch; small enough for every budget."""
    return reversal_data(10_000, 1), reversal_data(2_000, 2)


def unseen(rng):
    """Sequences that nobody has seen: token ids (2000, 16) and the same ones backwards."""
    return reversal_data(UNSEEN, int(rng.integers(2**32)))


def paths(arguments):
    """Attribute paths of the eleven weights, the same for every size of the model."""
    attention = tuple(f"attention.weights.{i}" for i in range(8))  # query, key, value, output: kernel and bias each
    return ("embedding.embeddings", *attention, "logits.kernel", "logits.bias")


def share_right(logits, ids):
    """Logits (n, T, V), ids (n, T) -> the share of places with the right token."""
    return float((logits.argmax(-1) == ids).mean()) if logits.shape[:-1] == ids.shape else 0.0


def without_positions(arguments):
    """Further arguments that zero the given positions."""
    return {"positions": np.zeros((arguments["length"], arguments["dim"]), "float32")}


def train(data, seed):
    """The reference's model after its training."""
    return reference.train_reverser(data, seed)[0]


def train_without_positions(data, seed):
    """The reference's training, of a model whose positions are zero from the start."""
    blind = lambda: build_reverser(positions=np.zeros((LENGTH, WIDTH), "float32"))  # noqa: E731
    with mock.patch.object(reference, "build_reverser", blind):
        return train(data, seed)


def untrained(data, seed):
    """A fresh model."""
    keras.utils.set_random_seed(seed)
    return build_reverser()


TRAINED = Trained(
    name="train_reverser",
    builder="build_reverser",
    given="from vitlab.sequences import build_reverser",
    reference=build_reverser,
    arguments={
        "length": Argument(LENGTH, LENGTH),
        "vocabulary": Argument(VOCABULARY, VOCABULARY),
        "dim": Argument(16, 128),
        "num_heads": Argument(1, 8, divides="dim"),
    },
    paths=paths,
    datasets=(Dataset("reversal", training, unseen),),
    score=share_right,
    standard={"length": LENGTH, "vocabulary": VOCABULARY, "dim": WIDTH, "num_heads": 2},
    train=train,
    baselines={"without positions": train_without_positions, "untrained": untrained},
    controls=(
        Control(
            "accuracy without positions",
            without_positions,
            0.30,  # 0.24 is what the most frequent digits of a sequence give away
            "With the given positions zeroed your model is still right far more often than chance allows. It should "
            "need them: was it trained with positions of another kind?",
        ),
    ),
    promised=0.99,
)
