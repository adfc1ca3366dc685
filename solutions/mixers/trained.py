"""The trained item of lesson 10: an MLP-Mixer, from weights that students hand in.

The model is given, but for the student's own MixerBlock in it, so it is rebuilt from the notebook, and its outputs must
agree with the reference's for the same weights. There is no control: nothing is taken away from a right model.
"""

from __future__ import annotations

import dataclasses
import os

import keras
import numpy as np
from vitlab import data, training
from vitlab.data.handwriting import many_colours, stored

from autograder.records import Argument, Dataset, NoData, Trained
from solutions.mixers import reference

UNSEEN = 2_000
SEEDS = 2**32
FIRST_PIXEL = 59, 62, 63
"""Of the first training image of CIFAR-10 as it was published: a frog. A JPEG of the images has other numbers."""


def colour_training(budget):
    """Colour digits, as train_mixer gets them: all of them under every budget."""
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
    """Attribute paths of all weights of an MLPMixer of this size."""
    dense, norm = ("kernel", "bias"), ("gamma", "beta")
    block = [f"{name}.{part}" for name in ("norm1", "norm2") for part in norm]
    block += [f"{mlp}.weights.{i}" for mlp in ("token_mlp", "channel_mlp") for i in range(4)]
    blocks = [f"blocks.{i}.{path}" for i in range(arguments["depth"]) for path in block]
    ends = [f"norm.{part}" for part in norm] + [f"head.{part}" for part in dense]
    return (*(f"patch_embed.{part}" for part in dense), *blocks, *ends)


def accuracy(logits, labels):
    """Logits (n, K), labels (n,) -> the share of images with the right label."""
    return float((logits.argmax(-1) == labels).mean()) if logits.shape[:-1] == labels.shape else 0.0


def fresh(budget):
    """A model of the budget's size with first weights."""
    sizes = reference.mixer_sizes(budget)
    model = reference.MLPMixer(**sizes)
    model(np.zeros((1, sizes["image_size"], sizes["image_size"], 3), "float32"))
    return model


def train(data, seed):
    """The reference's model after its training, under the budget of its data set."""
    return reference.train_mixer(data, seed)[0]


def train_for_two_epochs(data, seed):
    """The same training with two epochs."""
    keras.utils.set_random_seed(seed)
    recipe = training.budget(dataset=data)
    model = fresh(recipe)
    training.fit(model, data, dataclasses.replace(recipe, epochs=2), seed=seed)
    return model


def train_without_token_mixing(data, seed):
    """The same training of a model in which no patch ever learns of another: its token_mlp all return 0."""
    keras.utils.set_random_seed(seed)
    recipe = training.budget(dataset=data)
    model = fresh(recipe)
    for block in model.blocks:
        for weight in block.token_mlp.weights[2:]:
            weight.assign(0 * weight)
        block.token_mlp.trainable = False
    training.fit(model, data, recipe, seed=seed)
    return model


def untrained(data, seed):
    """A fresh model."""
    keras.utils.set_random_seed(seed)
    return fresh(training.budget(dataset=data))


TRAINED = Trained(
    name="train_mixer",
    builder="MLPMixer",
    given="",
    reference=reference.MLPMixer,
    arguments={
        "image_size": Argument(32, 32),
        "patch_size": Argument(4, 16, divides="image_size"),
        "num_classes": Argument(10, 10),
        "dim": Argument(16, 256),
        "depth": Argument(1, 12),
        "token_mlp_dim": Argument(8, 512),
        "channel_mlp_dim": Argument(16, 1024),
    },
    paths=paths,
    datasets=(
        Dataset("colour_digits", colour_training, colour_unseen),
        *(Dataset(name, cifar_training(name), cifar_unseen(name)) for name in ("cifar10", "cifar10-jpeg")),
    ),
    score=accuracy,
    standard=reference.mixer_sizes(training.budget("cpu")),
    train=train,
    baselines={
        "two epochs": train_for_two_epochs,
        "tokens never mixed": train_without_token_mixing,
        "untrained": untrained,
    },
    budgets=("cpu", "gpu"),
)
