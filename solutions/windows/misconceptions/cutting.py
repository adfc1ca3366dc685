"""Mistakes in window_partition."""

from __future__ import annotations

from keras import ops

from solutions.registry import Registry
from solutions.windows.misconceptions.building import cut

KNOWN = Registry("window_partition")


def other_order(name, hint, order, twin=None):
    """Register a partition whose axes come in another order."""

    def part(x, window):
        return cut(x, window, order)

    part.__name__ = name
    return KNOWN.wrong(hint, twin)(part)


other_order(
    "windows_down_first",
    "In which order does the text count windows: down first, or to the right? Where does your second one lie?",
    "bcryxk",
)
other_order(
    "tokens_down_first",
    "The right tokens are in each window. In which order does the text count them there?",
    "brcxyk",
)
other_order(
    "everything_down_first",
    "Left to right, then down: both for the windows and for the tokens in a window. Yours go down first.",
    "bcrxyk",
)
other_order(
    "window_by_window",
    "All windows of image 0 come first. In yours, the first windows of all images stand side by side.",
    "rcbyxk",
)
other_order(
    "no_transpose",
    "Six axes are there. Which two must change places before the last reshape?",
    "brycxk",
    twin="plain_reshape",
)


@KNOWN.wrong(
    "Number the tokens of a grid of 4 by 6: your first window is a piece of a row, not a square. A reshape never moves "
    "a number."
)
def plain_reshape(x, window):
    return ops.reshape(x, (-1, window * window, x.shape[-1]))


@KNOWN.wrong("The windows are right. The text has one long list of windows, those of all images on the first axis.")
def images_kept_apart(x, window):
    b, dim = x.shape[0], x.shape[-1]
    return ops.reshape(cut(x, window), (b, -1, window * window, dim))


@KNOWN.wrong("Your windows are little grids. Attention wants a list of tokens: one axis of w*w.")
def little_grids(x, window):
    return ops.reshape(cut(x, window), (-1, window, window, x.shape[-1]))


@KNOWN.wrong("In lesson 3 a patch became one long row of numbers. In a window, tokens stay tokens of width C.")
def one_row_of_numbers(x, window):
    return ops.reshape(cut(x, window), (x.shape[0], -1, window * window * x.shape[-1]))


@KNOWN.wrong("The list of windows is right. But a window is a list of *tokens*: three axes. How wide is one of them?")
def each_window_one_row(x, window):
    return ops.reshape(cut(x, window), (-1, window * window * x.shape[-1]))


@KNOWN.wrong("Tokens before features: in your windows the last axis runs over the tokens.")
def features_before_tokens(x, window):
    return ops.swapaxes(cut(x, window), 1, 2)


@KNOWN.wrong("`window` is the side of a window in tokens. You cut the grid into that many windows a side.")
def that_many_windows_a_side(x, window):
    b, height, width, dim = x.shape
    tall, wide = height // window, width // window
    pieces = ops.reshape(x, (b, window, tall, window, wide, dim))
    return ops.reshape(ops.transpose(pieces, (0, 1, 3, 2, 4, 5)), (b * window * window, tall * wide, dim))


@KNOWN.wrong(
    "Neighbours of your window are far apart in the grid. When an axis of length H is split in two, which part changes "
    "faster: the window, or the token inside it?"
)
def tokens_far_apart(x, window):
    b, height, width, dim = x.shape
    pieces = ops.reshape(x, (b, window, height // window, window, width // window, dim))
    return ops.reshape(ops.transpose(pieces, (0, 2, 4, 1, 3, 5)), (-1, window * window, dim))


@KNOWN.wrong("Try a grid that is wider than tall. Which axis is the height, the second or the third?")
def height_taken_for_width(x, window):
    b, width, height, dim = x.shape
    return cut(ops.reshape(x, (b, height, width, dim)), window)


@KNOWN.wrong("Try a wide grid: windows are missing. How many fit side by side, and which length tells you?")
def as_many_columns_as_rows(x, window):
    corners = range(0, x.shape[1], window)
    squares = [x[:, i : i + window, j : j + window] for i in corners for j in corners]
    return ops.concatenate([cut(square, window) for square in squares if 0 not in square.shape], axis=0)


@KNOWN.wrong("Windows lie side by side, and each token is in one of them. Yours overlap.")
def overlapping(x, window):
    step, (height, width) = max(1, window // 2), x.shape[1:3]
    corners = [(i, j) for i in range(0, height - window + 1, step) for j in range(0, width - window + 1, step)]
    squares = [cut(x[:, i : i + window, j : j + window], window) for i, j in corners]
    return ops.reshape(ops.stack(squares, axis=1), (-1, *squares[0].shape[1:]))


@KNOWN.wrong("Your windows are bands: w rows high, and as wide as the whole grid.")
def whole_bands(x, window):
    return ops.reshape(x, (-1, window * x.shape[2], x.shape[3]))


@KNOWN.right("Loops over the corners give the same windows.")
def by_loops(x, window):
    squares = []
    for image in ops.convert_to_numpy(x):
        for i in range(0, image.shape[0], window):
            for j in range(0, image.shape[1], window):
                squares.append(image[i : i + window, j : j + window].reshape(window * window, -1))
    return ops.stack(squares)


@KNOWN.right("Patches of lesson 3 whose pixels are tokens: Keras can cut them.")
def by_patches(x, window):
    maps = ops.image.extract_patches(x, window)
    return ops.reshape(maps, (-1, window * window, x.shape[-1]))
