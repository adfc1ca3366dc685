"""Pictures for the lessons: digits that come with vitlab, CIFAR-10, and the way from arrays to batches.

Pictures stay uint8 until they are batched: a quarter of the memory of float32.
"""

import numpy as np

from vitlab.data.batches import pipeline
from vitlab.data.cifar import CIFAR_CLASSES, cifar10
from vitlab.data.handwriting import colour_digits, digits

__all__ = ["as_floats", "class_names", "load", "pipeline"]

LOADERS = {"digits": digits, "colour_digits": colour_digits, "cifar10": cifar10}


def load(name="colour_digits"):
    """A data set by name: -> ((x_train, y_train), (x_test, y_test)), images uint8 from 0 to 255, labels (n,) int32.

    Args:
        name: "digits" (n, 8, 8, 1): 1,437 and 360 grey digits, written by hand.
            "colour_digits" (n, 32, 32, 3): the same digits large and in random colours, 5,748 and 720.
            "cifar10" (n, 32, 32, 3): 50,000 and 10,000 photographs of ten classes. The first use downloads 170 MB,
            unless the environment variable VITLAB_DATA names a folder that holds cifar10.npz.
            The digits need no download.

    Raises:
        ValueError: there is no data set of this name, or cifar10.npz holds something else.
        FileNotFoundError: VITLAB_DATA is set, and cifar10.npz is not there.
        ConnectionError: CIFAR-10 could not be downloaded.
    """
    return LOADERS[known(name)]()


def class_names(name):
    """The ten classes of a data set in words, in the order of its labels."""
    return CIFAR_CLASSES if known(name) == "cifar10" else tuple("0123456789")


def known(name):
    """The name, if there is a data set of this name."""
    if name not in LOADERS:
        raise ValueError(f"Expected one of the data sets {', '.join(LOADERS)}. Received: {name!r}.")
    return name


def as_floats(images):
    """uint8 images from 0 to 255 -> float32 in [0, 1], the same shape: what the models of this course take."""
    return np.asarray(images, "float32") / 255
