"""A teacher for small students: a convolutional network that comes with vitlab, trained by tools/make_teacher.py."""

from importlib.resources import files

import keras
import numpy as np

WIDTHS = (16, 32, 64)
SHIPPED = ("colour_digits",)


def load(name="colour_digits"):
    """The teacher of a data set: a built keras.Model, images (B, 32, 32, 3) float32 in [0, 1] -> logits (B, 10).

    Args:
        name: "colour_digits".

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


def network(widths=WIDTHS, num_classes=10):
    """A fresh network: for each width a convolution 3 by 3, a BatchNormalization, ReLU, and a quarter of the pixels.

    Args:
        widths: channels of each convolution.
        num_classes: K.
    """
    images = x = keras.Input((32, 32, 3))
    for width in widths:
        x = keras.layers.Conv2D(width, 3, padding="same", use_bias=False)(x)
        x = keras.layers.ReLU()(keras.layers.BatchNormalization()(x))
        x = keras.layers.MaxPooling2D()(x)
    return keras.Model(images, keras.layers.Dense(num_classes)(keras.layers.Flatten()(x)), name="teacher")
