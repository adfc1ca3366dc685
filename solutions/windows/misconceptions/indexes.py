"""Mistakes in relative_position_index."""

from __future__ import annotations

import numpy as np

from solutions.registry import Registry
from solutions.windows import reference
from solutions.windows.misconceptions.building import places

KNOWN = Registry("relative_position_index")


def index_variant(name, hint, rule, twin=None):
    """Register a table made by rule(rows down, columns right, w), both query minus key."""

    def index(window):
        y, x = places(window, window)
        return rule(y[:, None] - y, x[:, None] - x, window)

    index.__name__ = name
    return KNOWN.wrong(hint, twin)(index)


index_variant(
    "key_minus_query",
    "Compare your table with that of the text, row by row and column by column. Who is taken away from whom?",
    lambda down, right, w: (w - 1 - down) * (2 * w - 1) + (w - 1 - right),
)
index_variant(
    "columns_first",
    "Rows count more: one step down changes the number by 2w - 1, one step to the right by 1. What does yours do?",
    lambda down, right, w: (right + w - 1) * (2 * w - 1) + (down + w - 1),
)
index_variant(
    "step_of_w",
    "How many different steps to the right are there, from the far left to the far right? Two pairs of your table "
    "share a number, and should not.",
    lambda down, right, w: (down + w - 1) * w + (right + w - 1),
)
index_variant(
    "step_of_2w",
    "Some numbers never occur in your table. How many different steps to the right are there?",
    lambda down, right, w: (down + w - 1) * 2 * w + (right + w - 1),
)
index_variant(
    "step_of_2w_plus_1",
    "Steps to the right run from -(w-1) to w-1. How many are these?",
    lambda down, right, w: (down + w - 1) * (2 * w + 1) + (right + w - 1),
)
index_variant(
    "negative_numbers",
    "A row of a table has a number from 0. Yours begin below it: what brings -(w-1) to 0?",
    lambda down, right, w: down * (2 * w - 1) + right,
)
index_variant(
    "rows_not_moved",
    "Both steps can be negative. You moved only one of them up to 0.",
    lambda down, right, w: down * (2 * w - 1) + right + w - 1,
)
index_variant(
    "columns_not_moved",
    "Both steps can be negative. You moved only one of them up to 0.",
    lambda down, right, w: (down + w - 1) * (2 * w - 1) + right,
)
index_variant(
    "moved_by_w",
    "Which is the smallest step, -w or -(w-1)? Number 0 never occurs in your table.",
    lambda down, right, w: (down + w) * (2 * w - 1) + (right + w),
)
index_variant(
    "counted_from_1",
    "We count from 0.",
    lambda down, right, w: (down + w - 1) * (2 * w - 1) + (right + w - 1) + 1,
)
index_variant(
    "steps_added_up",
    "One down and one to the right are two different things. In your table they get the same number.",
    lambda down, right, w: (down + w - 1) + (right + w - 1),
)
index_variant(
    "steps_multiplied",
    "Most products stand for several pairs of steps. How do you number the cells of a table row by row?",
    lambda down, right, w: (down + w - 1) * (right + w - 1),
)
index_variant(
    "without_a_sign",
    "Left and right are different places. Your table knows only how far, not where to.",
    lambda down, right, w: abs(down) * (2 * w - 1) + abs(right),
)
index_variant(
    "without_a_sign_by_w",
    "Left and right are different places. Your table knows only how far, not where to.",
    lambda down, right, w: abs(down) * w + abs(right),
)
index_variant(
    "pairs_of_steps",
    "The two steps are right. The text makes one number of them, so that a table with one row for each can be read.",
    lambda down, right, w: np.stack([down + w - 1, right + w - 1], axis=-1),
)
index_variant(
    "one_long_list",
    "The numbers are right. Leave them as a table, queries down and keys to the right.",
    lambda down, right, w: ((down + w - 1) * (2 * w - 1) + (right + w - 1)).ravel(),
)


@KNOWN.wrong(
    "These are the distances between tokens in one long row. In a window, the next row lies just below.",
    twin="step_of_w",
)
def steps_in_the_sequence(window):
    order = np.arange(window * window)
    return order[:, None] - order + window * window - 1


@KNOWN.wrong("So you number the pairs, each by itself. Pairs with the same step should share a number.")
def every_pair_its_own(window):
    return np.arange(window**4).reshape(window**2, window**2)


@KNOWN.right("Coordinates by meshgrid, as in Swin's own code.")
def by_meshgrid(window):
    at = np.stack(np.meshgrid(np.arange(window), np.arange(window), indexing="ij")).reshape(2, -1)
    steps = (at[:, :, None] - at[:, None, :]).transpose(1, 2, 0) + window - 1
    return (steps * [2 * window - 1, 1]).sum(-1).astype("int32")


@KNOWN.right("Loops are fine, and so are the places in one row numbered by 2w - 1.")
def by_wide_numbers(window):
    at = [y * (2 * window - 1) + x for y in range(window) for x in range(window)]
    return [[p - q + at[-1] for q in at] for p in at]


@KNOWN.right("Whole numbers may be floats.")
def as_floats(window):
    return reference.relative_position_index(window).astype("float32")
