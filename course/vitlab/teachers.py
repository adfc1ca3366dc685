"""A teacher for small students: a convolutional network that comes with vitlab, trained by tools/make_teacher.py."""

from importlib.resources import files

import keras
import numpy as np

from vitlab.data import as_floats
from vitlab.data import load as load_data

WIDTHS = (32, 64)
SHIPPED = ("digits",)
LABELLED = 200


def load(name="digits"):
    """The teacher of a data set: a built keras.Model, images (B, 8, 8, 3) float32 in [0, 1] -> logits (B, 10).

    Args:
        name: "digits".

    Raises:
        ValueError: no teacher of this name comes with vitlab; says how to train one.
    """
    if name not in SHIPPED:
        raise ValueError(
            f"Expected one of the teachers {', '.join(SHIPPED)}. Received: {name!r}. Train one of your own: "
            "teacher = teachers.network(), then training.fit(teacher, data, budget)."
        )
    teacher = network()
    path = files("vitlab.data").joinpath(f"teacher_{name}.npz")
    with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
        teacher.set_weights([arrays[str(i)].astype("float32") for i in range(len(teacher.weights))])
    return teacher


def digits():
    """The grey digits as the teacher and its students see them: ((x_train (1437, 8, 8, 3), y_train), (x_test, y_test)).

    Images are float32 in [0, 1], their three channels alike.
    """
    return tuple((in_three_channels(as_floats(images)), labels) for images, labels in load_data("digits"))


def with_few_labels(data, count=LABELLED):
    """The same data, of which only the first `count` labels are known: all others are 0, whatever is in the picture."""
    (images, labels), test = data
    return (images, np.where(np.arange(len(labels)) < count, labels, 0).astype("int32")), test


def in_three_channels(images):
    """(n, H, W, 1) -> (n, H, W, 3)."""
    return np.repeat(images, 3, axis=-1)


def network(widths=WIDTHS, num_classes=10):
    """A fresh network: for each width a convolution 3 by 3, a BatchNormalization, ReLU, and a quarter of the pixels.

    Args:
        widths: channels of each convolution.
        num_classes: K.
    """
    images = x = keras.Input((8, 8, 3))
    for width in widths:
        x = keras.layers.Conv2D(width, 3, padding="same", use_bias=False)(x)
        x = keras.layers.ReLU()(keras.layers.BatchNormalization()(x))
        x = keras.layers.MaxPooling2D()(x)
    return keras.Model(images, keras.layers.Dense(num_classes)(keras.layers.Flatten()(x)), name="teacher")
