"""Handwritten digits that come with vitlab. digits.txt beside this file says where they are from."""

from importlib.resources import files

import numpy as np

SIDE = 32
NOISE = 0.03  # standard deviation, in colours from 0 to 1


def digits():
    """Grey digits of 8 by 8 pixels: ((x_train (1437, 8, 8, 1), y_train), (x_test (360, 8, 8, 1), y_test))."""
    return tuple((np.rint(ink * 255).astype("uint8")[..., None], labels) for ink, labels in stored())


def colour_digits():
    """The digits enlarged to 32 by 32 pixels, each in several random pairs of colours; the same on every machine.

    Training digits come in 4 colourings and test digits in 2, so that colour says nothing about the class.

    Returns:
        ((x_train (5748, 32, 32, 3), y_train), (x_test (720, 32, 32, 3), y_test)).
    """
    (x_train, y_train), (x_test, y_test) = stored()
    return many_colours(x_train, y_train, seeds=(0, 1, 2, 3)), many_colours(x_test, y_test, seeds=(10, 11))


def many_colours(ink, labels, seeds):
    """Each digit once for each seed: -> (pictures, labels)."""
    return np.concatenate([coloured(ink, seed) for seed in seeds]), np.tile(labels, len(seeds))


def stored():
    """Training and test digits as stored: twice (ink (n, 8, 8) from 0 to 1, labels (n,) int32)."""
    with files(__package__).joinpath("digits.npz").open("rb") as file, np.load(file, allow_pickle=False) as arrays:
        return [(arrays[f"x_{part}"] / 16, arrays[f"y_{part}"].astype("int32")) for part in ("train", "test")]


def coloured(ink, seed):
    """Ink (n, 8, 8) from 0 to 1 -> pictures (n, 32, 32, 3) uint8, with colours drawn from the seed.

    Each colour channel of the ink differs from the paper's by at least 0.35, so that every digit can be read.
    """
    generator = np.random.RandomState(seed)  # its numbers are the same in every version of NumPy
    count, enlarge = len(ink), enlarging(ink.shape[1], SIDE)
    paper = generator.uniform(0, 1, (count, 1, 1, 3))
    writing = (paper + generator.uniform(0.35, 0.65, paper.shape)) % 1
    share = (enlarge @ ink @ enlarge.T)[..., None]
    noise = generator.normal(0, NOISE, (count, SIDE, SIDE, 3))
    return np.rint(np.clip(paper + share * (writing - paper) + noise, 0, 1) * 255).astype("uint8")


def enlarging(small, large):
    """The matrix (large, small) that enlarges by linear interpolation: each row sums to 1."""
    places = (np.arange(large)[:, None] + 0.5) * small / large - 0.5
    weights = np.maximum(0, 1 - np.abs(places - np.arange(small)))
    return weights / weights.sum(axis=1, keepdims=True)
