"""The trained item of lesson 06: two vision transformers in one file, one trained plainly and one with smoothing.

The point is not how often they are right, but how sure they are. So besides the accuracy, which makes the points,
there are requirements: both know their training pictures by heart, the plain one is sure of them, and the smoothed one
is as sure as its targets, 1 - 0.1 + 0.1 / 8 = 0.9125. And a temperature, fitted on one half of the unseen pictures,
must not make either model's calibration error on the other half larger.

The models are given, and rebuilt from the notebook. There is no control: nothing is taken away from a right pair.
"""

from __future__ import annotations

import keras
import numpy as np
from vitlab import data, training
from vitlab.data.handwriting import many_colours, stored

from autograder.records import Argument, Dataset, Requirement, Trained
from solutions.calibration import reference

KNOWN = 8
"""Classes that are trained; digits 8 and 9 are kept for the question what a model says of what it does not know."""
EPSILON = 0.1
SEEDS = 2**32
PLAIN, SMOOTHED = 0, 1


def known_only(images, labels):
    """Float images and labels of the known classes."""
    kept = labels < KNOWN
    return data.as_floats(images[kept]), labels[kept]


def colour_training(budget):
    """What train_smoothed gets in the lesson; of the training pictures, those that the budget takes."""
    train, test = (known_only(*part) for part in data.load("colour_digits"))
    count = reference.by_heart((train, test))[0].images
    return tuple(part[:count] for part in train), test


def colour_unseen(rng):
    """The known test digits in colours that nobody has seen, and labels."""
    ink, labels = stored()[1]
    return known_only(*many_colours(ink, labels, seeds=rng.integers(SEEDS, size=6)))


def accuracy(logits, labels):
    """Logits (n, 2, K), labels (n,) -> the share of right choices of both models."""
    fits = logits.ndim == 3 and logits.shape[:1] == labels.shape
    return float((logits.argmax(-1) == labels[:, None]).mean()) if fits else 0.0


def probabilities(logits):
    """Softmax over the last axis, float64."""
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True).astype("float64"))
    return powers / powers.sum(axis=-1, keepdims=True)


def how_sure(which):
    """A measure: the mean of one model's largest probabilities."""
    return lambda logits, labels: float(probabilities(logits[:, which]).max(axis=-1).mean())


def error_rises(logits, labels):
    """By how much a temperature, fitted on every other picture, raises the calibration error on the rest: the worse of
    the two models; negative where it falls."""
    found = []
    for which in (PLAIN, SMOOTHED):
        own = logits[:, which]
        t = reference.fit_temperature(own[::2], labels[::2])
        before, after = (
            reference.expected_calibration_error(probabilities(own[1::2] / divisor), labels[1::2])
            for divisor in (1.0, t)
        )
        found.append(after - before)
    return float(max(found))


def pair_of(plain, smoothed):
    """Two trained models as one."""
    pair = fresh_pair()
    pair.plain.set_weights(plain.get_weights())
    pair.smoothed.set_weights(smoothed.get_weights())
    return pair


def fresh_pair():
    """The pair before training, called once."""
    pair = reference.Pair(**STANDARD)
    pair(np.zeros((1, STANDARD["image_size"], STANDARD["image_size"], 3), "float32"))
    return pair


def train(data, seed):
    """The reference's two trainings, as one model."""
    return pair_of(*(reference.train_smoothed(data, seed, epsilon)[0] for epsilon in (0.0, EPSILON)))


def train_without_smoothing(data, seed):
    """The mistake: the same training twice."""
    return pair_of(*(reference.train_smoothed(data, seed + i, 0.0)[0] for i in range(2)))


def untrained(data, seed):
    """A fresh pair."""
    keras.utils.set_random_seed(seed)
    return fresh_pair()


def paths(arguments):
    """Attribute paths of all weights of a Pair of this size."""
    dense, norm = ("kernel", "bias"), ("gamma", "beta")
    found = [f"patches.{part}" for part in dense] + ["positions.embeddings"]
    for i in range(arguments["depth"]):
        found += [f"norm{n}_{i}.{part}" for n in (1, 2) for part in norm]
        found += [f"attention_{i}.weights.{n}" for n in range(8)]  # query, key, value, output: kernel and bias each
        found += [f"fc{n}_{i}.{part}" for n in (1, 2) for part in dense]
    found += [f"norm.{part}" for part in norm] + [f"head.{part}" for part in dense]
    return tuple(f"{model}.{path}" for model in ("plain", "smoothed") for path in found)


STANDARD = {
    "num_classes": KNOWN,
    **{
        name: training.budget("cpu").model[name]
        for name in ("image_size", "patch_size", "dim", "depth", "num_heads", "mlp_dim")
    },
}
TRAINED = Trained(
    name="train_smoothed",
    builder="Pair",
    given="",
    reference=reference.Pair,
    arguments={
        "num_classes": Argument(KNOWN, KNOWN),
        "image_size": Argument(32, 32),
        "patch_size": Argument(4, 16, divides="image_size"),
        "dim": Argument(16, 256),
        "depth": Argument(1, 8),
        "num_heads": Argument(1, 16, divides="dim"),
        "mlp_dim": Argument(16, 1024),
    },
    paths=paths,
    datasets=(Dataset("colour_digits", colour_training, colour_unseen),),
    score=accuracy,
    standard=STANDARD,
    train=train,
    baselines={"without smoothing": train_without_smoothing, "untrained": untrained},
    requirements=(
        Requirement(
            "right on training pictures",
            accuracy,
            "Both models should know their training pictures by heart. Did both trainings run to their end?",
            "at least",
            seen=True,
        ),
        Requirement(
            "how sure the plain model is of training pictures",
            how_sure(PLAIN),
            "The first model of your pair should be trained with epsilon 0.",
            "at least",
            seen=True,
        ),
        Requirement(
            "how sure the smoothed model is of training pictures",
            how_sure(SMOOTHED),
            "The second model of your pair should be as sure as its targets with epsilon 0.1.",
            "between",
            seen=True,
        ),
        Requirement(
            "rise of the calibration error by a fitted temperature",
            error_rises,
            "A temperature, fitted on half of the unseen pictures, should not raise the calibration error on the rest.",
            "at most",
        ),
    ),
    budgets=("cpu", "gpu"),
)
