"""CIFAR-10, from a folder of your own or by Keras's download."""

import os
import zipfile
from pathlib import Path

import numpy as np

CIFAR_CLASSES = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")
PARTS = ("x_train", "y_train", "x_test", "y_test")
WAYS = (
    "Either connect to the internet for the first use (170 MB, kept afterwards), or set the environment variable "
    'VITLAB_DATA to a folder that holds cifar10.npz, or use data.load("colour_digits"), which needs no download.'
)


def cifar10():
    """CIFAR-10 (Krizhevsky 2009): -> ((x_train (50000, 32, 32, 3), y_train), (x_test (10000, 32, 32, 3), y_test)).

    Images are uint8, labels (n,) int32. From cifar10.npz in the folder VITLAB_DATA if that is set, else by
    keras.datasets.cifar10, which downloads once and keeps the files below ~/.keras.

    Raises:
        FileNotFoundError, ConnectionError, ValueError: each says what to do.
    """
    folder = os.environ.get("VITLAB_DATA")
    x_train, y_train, x_test, y_test = from_folder(Path(folder)) if folder else downloaded()
    return checked(x_train, y_train), checked(x_test, y_test)


def from_folder(folder):
    """The four arrays of cifar10.npz in a folder."""
    path = folder / "cifar10.npz"
    if not path.is_file():
        raise FileNotFoundError(f"Expected {path}, since VITLAB_DATA is set to {folder}. There is no such file. {WAYS}")
    try:
        with np.load(path, allow_pickle=False) as arrays:
            return [arrays[part] for part in PARTS]
    except (KeyError, ValueError, EOFError, zipfile.BadZipFile) as error:
        raise ValueError(f"Expected {path} to hold the arrays {', '.join(PARTS)}. It says: {error}") from error


def downloaded():
    """The four arrays, by Keras."""
    import keras

    try:
        (x_train, y_train), (x_test, y_test) = keras.datasets.cifar10.load_data()
    except Exception as error:  # Keras raises plain Exceptions when a download fails
        raise ConnectionError(f"CIFAR-10 could not be downloaded: {error}. {WAYS}") from error
    return x_train, y_train, x_test, y_test


def checked(images, labels):
    """(images, labels), if they are what they should be; labels become (n,) int32."""
    labels = np.ravel(labels).astype("int32")
    if images.dtype != np.uint8 or images.ndim != 4 or images.shape[1:] != (32, 32, 3):
        raise ValueError(f"Expected images (n, 32, 32, 3) uint8. Received: {images.shape} {images.dtype}. {WAYS}")
    if len(labels) != len(images) or not np.isin(labels, range(len(CIFAR_CLASSES))).all():
        raise ValueError(f"Expected {len(images)} labels from 0 to 9. Received: {len(labels)} others. {WAYS}")
    return images, labels
