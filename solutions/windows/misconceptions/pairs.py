"""Mistakes in attention_pairs."""

from __future__ import annotations

import numpy as np

from solutions.registry import Registry
from solutions.windows import reference

KNOWN = Registry("attention_pairs")


def pairs_variant(name, hint, kind, count):
    """Register a count that is off for one kind: count(height, width, window, radius)."""

    def pairs(which, height, width, window=None, radius=None):
        if which == kind:
            return count(height, width, window, radius)
        return reference.attention_pairs(which, height, width, window, radius)

    def named(kind, height, width, window=None, radius=None):
        return pairs(kind, height, width, window, radius)

    named.__name__ = name
    return KNOWN.wrong(hint)(named)


def spans(length, radius):
    """How many places on an axis each place sees, cut off at both ends."""
    return [min(i, radius) + 1 + min(length - 1 - i, radius) for i in range(length)]


pairs_variant(
    "tokens_for_pairs",
    "So many tokens are there. Each of them asks: how many others, and itself?",
    "global",
    lambda h, w, window, radius: h * w,
)
pairs_variant(
    "each_pair_once",
    "Token 0 asks token 1, and token 1 asks token 0. Are these two scores one number?",
    "global",
    lambda h, w, window, radius: h * w * (h * w + 1) // 2,
)
pairs_variant(
    "nobody_asks_itself",
    "A token that looks at itself is a pair, too, says the text.",
    "global",
    lambda h, w, window, radius: h * w * (h * w - 1),
)
pairs_variant(
    "sides_squared",
    "How many tokens has a grid of H rows and W columns? And how many pairs do that many tokens make?",
    "global",
    lambda h, w, window, radius: h**2 + w**2,
)
pairs_variant(
    "squares_not_cut_off",
    "In the middle, a token sees (2r + 1)^2 others. And in a corner?",
    "local",
    lambda h, w, window, radius: h * w * (2 * radius + 1) ** 2,
)
pairs_variant(
    "squares_moved_inwards",
    "At the border your squares keep their size. The text's are cut off there.",
    "local",
    lambda h, w, window, radius: h * w * min(2 * radius + 1, h) * min(2 * radius + 1, w),
)
pairs_variant(
    "a_quarter_of_the_square",
    "The radius counts in both directions, and the token in the middle comes on top.",
    "local",
    lambda h, w, window, radius: h * w * (radius + 1) ** 2,
)
pairs_variant(
    "radius_taken_for_the_side",
    "Radius 1 means a square of 3 by 3, not of 1 by 1.",
    "local",
    lambda h, w, window, radius: h * w * radius**2,
)
pairs_variant(
    "local_without_itself",
    "The token in the middle of the square looks at itself, too.",
    "local",
    lambda h, w, window, radius: sum(spans(h, radius)) * sum(spans(w, radius)) - h * w,
)
pairs_variant(
    "rows_and_columns_added",
    "A square is so many rows *times* so many columns.",
    "local",
    lambda h, w, window, radius: sum(a + b for a in spans(h, radius) for b in spans(w, radius)),
)
pairs_variant(
    "one_neighbourhood",
    "This is the neighbourhood of one token. How many tokens ask?",
    "local",
    lambda h, w, window, radius: (2 * radius + 1) ** 2,
)
pairs_variant(
    "axial_sides_squared",
    "This is one row and one column. How many rows are there, and how many columns?",
    "axial",
    lambda h, w, window, radius: h**2 + w**2,
)
pairs_variant(
    "axial_itself_once",
    "These are two passes, one after the other. In how many of them does a token meet itself?",
    "axial",
    lambda h, w, window, radius: h * w * (h + w - 1),
)
pairs_variant(
    "axial_along_the_height_alone",
    "This is the pass along the height. The other one has a price, too.",
    "axial",
    lambda h, w, window, radius: h * w * h,
)
pairs_variant(
    "axial_along_the_width_alone",
    "This is the pass along the width. The other one has a price, too.",
    "axial",
    lambda h, w, window, radius: h * w * w,
)
pairs_variant(
    "axial_twice_the_height",
    "Both of your passes have sequences as long as a column. How long is a row, if the grid is not a square?",
    "axial",
    lambda h, w, window, radius: 2 * h * h * w,
)
pairs_variant(
    "axial_twice_the_width",
    "Both of your passes have sequences as long as a row. How long is a column, if the grid is not a square?",
    "axial",
    lambda h, w, window, radius: 2 * h * w * w,
)
pairs_variant(
    "axial_product_of_both",
    "The second pass comes after the first. Do their prices multiply, or add up?",
    "axial",
    lambda h, w, window, radius: h * w * h * w,
)
pairs_variant(
    "one_window",
    "This is one window. How many are there in the grid?",
    "window",
    lambda h, w, window, radius: window**4,
)
pairs_variant(
    "window_side_once",
    "How many tokens does one token find in its window?",
    "window",
    lambda h, w, window, radius: h * w * window,
)
pairs_variant(
    "tokens_of_all_windows",
    "So many tokens are there in all windows together. Each of them asks how many?",
    "window",
    lambda h, w, window, radius: h * w,
)
pairs_variant(
    "windows_meet_each_other",
    "You counted pairs of windows. Who asks whom: windows, or tokens in a window?",
    "window",
    lambda h, w, window, radius: (h * w // window**2) ** 2,
)
pairs_variant(
    "window_is_not_looked_at",
    "With windows a token no longer asks everybody. Where does `window` come in?",
    "window",
    lambda h, w, window, radius: (h * w) ** 2,
)


@KNOWN.wrong("Above 2**31 your numbers go wrong: a whole number of 32 bits has no room for them. Python's own ints do.")
def numbers_of_32_bits(kind, height, width, window=None, radius=None):
    right = reference.attention_pairs(kind, height, width, window, radius)
    return int(np.array(right % 2**32, "uint32").astype("int32"))


@KNOWN.wrong(
    "Your number is rounded: it went through a float of 32 bits, with room for seven digits. Stay with Python's ints."
)
def floats_of_32_bits(kind, height, width, window=None, radius=None):
    return float(np.float32(reference.attention_pairs(kind, height, width, window, radius)))


@KNOWN.wrong(
    "These are the multiply-adds of a whole layer. The text asks how many pairs there are: where are they in it?"
)
def price_of_the_layer(kind, height, width, window=None, radius=None):
    return 4 * height * width * 96**2 + 192 * reference.attention_pairs(kind, height, width, window, radius)


@KNOWN.wrong("One multiply-add for each pair is not what is asked here: only how many pairs there are.")
def twice_as_many(kind, height, width, window=None, radius=None):
    return 2 * reference.attention_pairs(kind, height, width, window, radius)


@KNOWN.right("The ones of the mask, where it fits into memory, are the same number.")
def by_counting_ones(kind, height, width, window=None, radius=None):
    if kind != "local":
        return reference.attention_pairs(kind, height, width, window, radius)
    return np.count_nonzero(reference.local_attention_mask(height, width, radius))


@KNOWN.right("A whole number may be a float.")
def as_a_float(kind, height, width, window=None, radius=None):
    return float(reference.attention_pairs(kind, height, width, window, radius))
