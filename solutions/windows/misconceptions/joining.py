"""Mistakes in window_reverse."""

from __future__ import annotations

import numpy as np
from keras import ops

from solutions.registry import Registry
from solutions.windows.misconceptions.building import join

KNOWN = Registry("window_reverse")


def other_order(name, hint, order):
    """Register an inverse that expects the windows' axes in another order."""

    def whole(windows, window, height, width):
        return join(windows, window, height, width, order)

    whole.__name__ = name
    return KNOWN.wrong(hint)(whole)


other_order(
    "windows_down_first",
    "Where in the grid does window 1 go: to the right of window 0, or below it?",
    "bcryxk",
)
other_order(
    "tokens_down_first",
    "Where in its window does token 1 go: to the right of token 0, or below it?",
    "brcxyk",
)
other_order(
    "everything_down_first",
    "Left to right, then down: both for the windows and for the tokens in a window.",
    "bcrxyk",
)
other_order(
    "window_by_window",
    "The first windows in the list all belong to image 0. Where do yours go?",
    "rcbyxk",
)
other_order(
    "tokens_far_apart",
    "Tokens that are neighbours in a window end up far apart. Which part of an axis changes faster?",
    "byxrck",
)


@KNOWN.wrong(
    "The first row of the grid holds the first rows of several windows. A reshape alone never moves a number. (It does "
    "undo a partition that is a reshape alone: both are wrong.)"
)
def plain_reshape(windows, window, height, width):
    return ops.reshape(windows, (-1, height, width, windows.shape[-1]))


@KNOWN.wrong(
    "This is the transpose of a partition done once more to the same list. Which of your axes are rows of windows, and "
    "which are rows in a window?",
)
def axes_of_the_partition(windows, window, height, width):
    pieces = ops.reshape(windows, (-1, height // window, window, width // window, window, windows.shape[-1]))
    return ops.reshape(ops.transpose(pieces, (0, 1, 3, 2, 4, 5)), (-1, height, width, windows.shape[-1]))


@KNOWN.wrong(
    "Your six axes have the right lengths. Write their names down in the order of your last reshape: which of them "
    "should make the height, and which the width?"
)
def columns_of_windows_inside(windows, window, height, width):
    pieces = ops.reshape(windows, (-1, height // window, width // window, window, window, windows.shape[-1]))
    return ops.reshape(ops.transpose(pieces, (0, 1, 3, 4, 2, 5)), (-1, height, width, windows.shape[-1]))


@KNOWN.wrong("Height before width: how many windows lie side by side, H/w or W/w?")
def rows_and_columns_of_windows_swapped(windows, window, height, width):
    tall, wide, dim = height // window, width // window, windows.shape[-1]
    pieces = ops.reshape(windows, (-1, wide, tall, window, window, dim))
    return ops.reshape(ops.transpose(pieces, (0, 1, 3, 2, 4, 5)), (-1, height, width, dim))


@KNOWN.wrong("Height and width of your result have changed places. In which order do the arguments come?")
def width_before_height(windows, window, height, width):
    return join(windows, window, width, height)


@KNOWN.wrong("Your result is as high as it is wide. Both lengths are given; which of them did you use twice?")
def always_a_square(windows, window, height, width):
    count = windows.shape[0] * window * window
    side = next(n for n in (min(height, width), height, width) if count % (n * n) == 0 or n == width)
    return join(windows[: count // (side * side) * (side // window) ** 2], window, side, side)


@KNOWN.wrong("The tokens are in their places, but still in one list. The text wants the grid back: four axes.")
def a_list_of_tokens(windows, window, height, width):
    return ops.reshape(join(windows, window, height, width), (-1, height * width, windows.shape[-1]))


@KNOWN.wrong("Only one image came back. How many are there in the list? Its first axis tells you.")
def first_image_alone(windows, window, height, width):
    return join(windows, window, height, width)[:1]


@KNOWN.wrong("The windows of several images end up in one long picture. How many windows has one image?")
def images_below_each_other(windows, window, height, width):
    found = join(windows, window, height, width)
    return ops.reshape(found, (1, found.shape[0] * height, width, found.shape[-1]))


@KNOWN.right("Filling an empty grid, window by window, is slow and right.")
def by_filling(windows, window, height, width):
    wide, tall = width // window, height // window
    squares = ops.convert_to_numpy(windows).reshape(-1, tall * wide, window, window, windows.shape[-1])
    grid = np.zeros((len(squares), height, width, windows.shape[-1]), "float32")
    for n in range(tall * wide):
        top, left = n // wide * window, n % wide * window
        grid[:, top : top + window, left : left + window] = squares[:, n]
    return grid


@KNOWN.right("Windows side by side make bands, and bands make the grid.")
def by_bands(windows, window, height, width):
    wide, dim = width // window, windows.shape[-1]
    bands = ops.reshape(windows, (-1, wide, window, window, dim))
    bands = ops.concatenate(ops.unstack(bands, axis=1), axis=2)
    return ops.reshape(bands, (-1, height, width, dim))
