"""The trained item of lesson 04: a vision transformer, from weights that students hand in.

The model is the student's own VisionTransformer, so its cell is rebuilt in the sandbox, and its outputs must agree with
the reference's for the same weights. There is no control: positions are weights here, and how much a right model must
lose without them has not been measured over seeds.
"""

from __future__ import annotations

import os
from unittest import mock

import keras
import numpy as np
from vitlab import data, training
from vitlab.data.handwriting import many_colours, stored

from autograder.records import Argument, Dataset, NoData, Trained
from solutions.vit import reference

UNSEEN = 2_000
SEEDS = 2**32
FIRST_PIXEL = 59, 62, 63
"""Of the first training image of CIFAR-10 as it was published: a frog. A JPEG of the images has other numbers."""


def colour_training(budget):
    """Colour digits, as train_vit gets them: all of them under every budget."""
    return as_given(data.load("colour_digits"))


def colour_unseen(rng):
    """The test digits in colours that nobody has seen: (2160, 32, 32, 3) float32 and labels."""
    ink, labels = stored()[1]
    images, labels = many_colours(ink, labels, seeds=rng.integers(SEEDS, size=6))
    return data.as_floats(images), labels


def cifar_training(name):
    """Budget -> the training and test images of CIFAR-10, of one encoding."""

    def load(budget):
        (x, y), test = cifar(name)
        images = training.budget(budget, dataset="cifar10").images
        return as_given(((x[:images], y[:images]), test))

    return load


def cifar_unseen(name):
    """Generator -> 2,000 of the test images of CIFAR-10, of one encoding."""

    def draw(rng):
        _, (images, labels) = cifar(name)
        chosen = rng.permutation(len(images))[:UNSEEN]
        return data.as_floats(images[chosen]), labels[chosen]

    return draw


def cifar(name):
    """CIFAR-10 from the folder VITLAB_DATA, if it is there and of this encoding.

    Raises:
        NoData: it is not, and nothing is downloaded where a class is graded.
    """
    folder = os.environ.get("VITLAB_DATA")
    if not folder:
        raise NoData("Expected VITLAB_DATA to name a folder that holds cifar10.npz. It is not set.")
    try:
        found = data.load("cifar10")
    except (FileNotFoundError, ValueError) as error:
        raise NoData(str(error)) from error
    here = "cifar10" if tuple(found[0][0][0, 0, 0]) == FIRST_PIXEL else "cifar10-jpeg"
    if here != name:
        raise NoData(f"Expected {name} in {folder}. Found {here}: their bars are not mixed.")
    return found


def as_given(loaded):
    """Both parts of a data set with float images."""
    return tuple((data.as_floats(images), labels) for images, labels in loaded)


def paths(arguments):
    """Attribute paths of all weights of a VisionTransformer of this size."""
    norms = ("gamma", "beta")
    block = [f"{norm}.{part}" for norm in ("norm1", "norm2") for part in norms]
    block += [f"attn.weights.{i}" for i in range(8)]  # query, key, value, output: kernel and bias each
    block += [f"mlp.{dense}.{part}" for dense in ("fc1", "fc2") for part in ("kernel", "bias")]
    blocks = [f"blocks.{i}.{path}" for i in range(arguments["depth"]) for path in block]
    ends = [f"norm.{part}" for part in norms] + ["head.kernel", "head.bias"]
    return ("patch_embed.kernel", "patch_embed.bias", "cls_token", "pos_embed", *blocks, *ends)


def accuracy(logits, labels):
    """Logits (n, K), labels (n,) -> the share of images with the right label."""
    return float((logits.argmax(-1) == labels).mean()) if logits.shape[:-1] == labels.shape else 0.0


class WithoutPositions(reference.VisionTransformer):
    """The reference's model with a table of positions that is zero and stays so."""

    def add_weight(self, *args, name=None, **options):
        """Every other weight as it is."""
        if name == "pos_embed":
            options |= {"initializer": "zeros", "trainable": False}
        return super().add_weight(*args, name=name, **options)


def train(data, seed):
    """The reference's model after its training, under the budget of its data set."""
    return reference.train_vit(data, seed)[0]


def train_without_positions(data, seed):
    """The reference's training, of a model without positions."""
    with mock.patch.object(reference, "VisionTransformer", WithoutPositions):
        return train(data, seed)


def untrained(data, seed):
    """A fresh model."""
    keras.utils.set_random_seed(seed)
    arguments = training.budget(dataset=data).model
    model = reference.VisionTransformer(**arguments)
    model(np.zeros((1, arguments["image_size"], arguments["image_size"], 3), "float32"))
    return model


TRAINED = Trained(
    name="train_vit",
    builder="VisionTransformer",
    given="",
    reference=reference.VisionTransformer,
    arguments={
        "image_size": Argument(32, 32),
        "patch_size": Argument(4, 16, divides="image_size"),
        "num_classes": Argument(10, 10),
        "dim": Argument(16, 256),
        "depth": Argument(1, 8),
        "num_heads": Argument(1, 16, divides="dim"),
        "mlp_dim": Argument(16, 1024),
        "dropout": Argument(0.0, 0.9, whole=False),
        "pool": Argument(choices=("cls", "mean")),
    },
    paths=paths,
    datasets=(
        Dataset("colour_digits", colour_training, colour_unseen),
        *(Dataset(name, cifar_training(name), cifar_unseen(name)) for name in ("cifar10", "cifar10-jpeg")),
    ),
    score=accuracy,
    standard=training.budget("cpu").model,
    train=train,
    baselines={"without positions": train_without_positions, "untrained": untrained},
    budgets=("cpu", "gpu"),
)
