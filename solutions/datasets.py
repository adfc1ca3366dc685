"""Data sets of trained items: what training functions get, unseen inputs of each, and the share of right answers."""

from __future__ import annotations

import os

from vitlab import data, training
from vitlab.data.handwriting import many_colours, stored

from autograder.records import Dataset, NoData

UNSEEN = 2_000
SEEDS = 2**32
FIRST_PIXEL = 59, 62, 63
"""Of the first training image of CIFAR-10 as it was published: a frog. A JPEG of the images has other numbers."""


def colour_training(budget):
    """Colour digits, with float images: all of them under every budget."""
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


def accuracy(logits, labels):
    """Logits (n, K), labels (n,) -> the share of images with the right label."""
    return float((logits.argmax(-1) == labels).mean()) if logits.shape[:-1] == labels.shape else 0.0


COLOUR_AND_CIFAR = (
    Dataset("colour_digits", colour_training, colour_unseen),
    *(Dataset(name, cifar_training(name), cifar_unseen(name)) for name in ("cifar10", "cifar10-jpeg")),
)
"""For an item that takes either; the first one that is here is used."""
