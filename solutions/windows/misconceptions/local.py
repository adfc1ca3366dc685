"""Mistakes in local_attention_mask."""

from __future__ import annotations

import numpy as np

from solutions.registry import Registry
from solutions.windows.misconceptions.building import places

KNOWN = Registry("local_attention_mask")


def apart(height, width):
    """How far two tokens are apart, in rows and in columns: two arrays (H*W, H*W)."""
    y, x = places(height, width)
    return abs(y[:, None] - y), abs(x[:, None] - x)


def mask_variant(name, hint, rule):
    """Register a mask made by rule(rows apart, columns apart, radius)."""

    def mask(height, width, radius):
        return rule(*apart(height, width), radius)

    mask.__name__ = name
    return KNOWN.wrong(hint)(mask)


mask_variant(
    "a_diamond",
    "Look at the diagonal neighbour: one row down, one column to the right. Is it in the square of radius 1?",
    lambda rows, columns, radius: rows + columns <= radius,
)
mask_variant(
    "a_circle",
    "The corners of the square are missing. Which of the two distances decides, the row's, the column's, or both?",
    lambda rows, columns, radius: rows**2 + columns**2 <= radius**2,
)
mask_variant(
    "only_the_border_of_the_square",
    "What about the tokens that are nearer than the radius?",
    lambda rows, columns, radius: np.maximum(rows, columns) == radius,
)
mask_variant(
    "less_than_the_radius",
    "With radius 1, who sees more than itself? A token at a distance of exactly the radius: in or out?",
    lambda rows, columns, radius: np.maximum(rows, columns) < radius,
)
mask_variant(
    "radius_taken_for_the_side",
    "Radius 1 means a square of 3 by 3. How large is yours?",
    lambda rows, columns, radius: np.maximum(rows, columns) <= radius // 2,
)
mask_variant(
    "side_taken_for_the_radius",
    "Radius 1 means a square of 3 by 3. How far does yours reach to one side?",
    lambda rows, columns, radius: np.maximum(rows, columns) <= 2 * radius + 1,
)


@KNOWN.wrong("Take the last token of a row. Which token has the next number, and where does that one lie in the grid?")
def square_runs_on_in_the_next_row(height, width, radius):
    numbers = np.arange(height * width)
    steps, rows_away = numbers - numbers[:, None], np.arange(-radius, radius + 1)
    return (np.abs(steps[..., None] - width * rows_away) <= radius).any(axis=-1)


mask_variant(
    "rows_alone",
    "Take two tokens in one row, at its two ends. Should they see each other?",
    lambda rows, columns, radius: rows <= radius,
)
mask_variant(
    "columns_alone",
    "Take two tokens in one column, the top one and the bottom one. Should they see each other?",
    lambda rows, columns, radius: columns <= radius,
)
mask_variant(
    "near_in_one_direction",
    "Near means near in rows *and* in columns. Yours lets a token in that is near in one of them.",
    lambda rows, columns, radius: (rows <= radius) | (columns <= radius),
)
mask_variant(
    "a_cross",
    "Your neighbourhood has the form of a plus. What does the text say about its form?",
    lambda rows, columns, radius: ((rows == 0) & (columns <= radius)) | ((columns == 0) & (rows <= radius)),
)
mask_variant(
    "without_itself",
    "May a token look at itself? What would the mask be for radius 0?",
    lambda rows, columns, radius: (np.maximum(rows, columns) <= radius) & (rows + columns > 0),
)
mask_variant(
    "inverted",
    "In this course 1 means 'may attend'. Which entries are 1 in yours, the near ones or the far ones?",
    lambda rows, columns, radius: np.maximum(rows, columns) > radius,
)
mask_variant(
    "distances",
    "How far apart two tokens are is half of it. The text asks for a yes or a no.",
    lambda rows, columns, radius: np.maximum(rows, columns),
)
mask_variant(
    "to_be_added_to_scores",
    "A mask of this course holds 1 and 0, not numbers to be added to the scores.",
    lambda rows, columns, radius: np.where(np.maximum(rows, columns) <= radius, 0.0, -1e9),
)


@KNOWN.wrong("Does the token at the right end of a row see the one at its left end? The text says no: no wrap-around.")
def wraps_around(height, width, radius):
    rows, columns = apart(height, width)
    return np.maximum(np.minimum(rows, height - rows), np.minimum(columns, width - columns)) <= radius


@KNOWN.wrong("Number 5 comes after number 4, but in the grid one may end a row and the other begin the next.")
def near_in_the_sequence(height, width, radius):
    order = np.arange(height * width)
    return abs(order[:, None] - order) <= radius


@KNOWN.wrong("Try a grid that is wider than tall. How many tokens are there in a row, and which length tells you?")
def rows_as_long_as_high(height, width, radius):
    y, x = np.divmod(np.arange(height * width), height)
    return np.maximum(abs(y[:, None] - y), abs(x[:, None] - x)) <= radius


@KNOWN.wrong("A token at the border sees fewer others. Your square moves inwards there, so that it stays whole.")
def squares_moved_inwards(height, width, radius):
    (y, x), side = places(height, width), 2 * radius + 1
    top, left = (np.clip(at - radius, 0, max(0, n - side)) for at, n in ((y, height), (x, width)))
    in_rows = (y >= top[:, None]) & (y < top[:, None] + side)
    return in_rows & (x >= left[:, None]) & (x < left[:, None] + side)


@KNOWN.wrong("Your squares are fixed, like the tiles of a floor. Here each token stands in the middle of its own.")
def tiles_of_the_grid(height, width, radius):
    y, x = (at // (2 * radius + 1) for at in places(height, width))
    return (y[:, None] == y) & (x[:, None] == x)


@KNOWN.wrong("Only tokens before the one that asks get through. That is for captions; a picture has no 'later'.")
def only_what_came_before(height, width, radius):
    rows, columns = apart(height, width)
    return np.tril(np.maximum(rows, columns) <= radius)


@KNOWN.wrong("The entries are right. The text asks for two axes: tokens that ask, and tokens that are read.")
def keeps_the_grids_axes(height, width, radius):
    rows, columns = apart(height, width)
    return (np.maximum(rows, columns) <= radius).reshape(height, width, height, width)


@KNOWN.wrong("No batch axis, says the text: one table serves all images.")
def a_batch_axis(height, width, radius):
    rows, columns = apart(height, width)
    return (np.maximum(rows, columns) <= radius)[None]


@KNOWN.right("Ones and zeros may be floats, and loops are fine.")
def by_loops(height, width, radius):
    seen = np.zeros((height * width, height * width), "float32")
    for p in range(height * width):
        for q in range(height * width):
            y, x = p // width - q // width, p % width - q % width
            seen[p, q] = abs(y) <= radius and abs(x) <= radius
    return seen


@KNOWN.right("A square is near rows times near columns: a Kronecker product.")
def by_kronecker(height, width, radius):
    near = [np.abs(np.subtract.outer(range(n), range(n))) <= radius for n in (height, width)]
    return np.kron(*near).astype("int8")
