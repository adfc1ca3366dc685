"""Mistakes about costs and reach, asked for in figure."""

from __future__ import annotations

from solutions.registry import Registry

KNOWN = Registry("figure")

KNOWN.question(
    "the_projections_are_free",
    "256 times fewer pairs make the pairs 256 times cheaper. What else does a layer compute, whatever its windows?",
)
KNOWN.question(
    "windows_meet_without_a_shift",
    "Two blocks without a shift have the same windows. How would a token learn of one beyond the border?",
)
KNOWN.question(
    "first_layer_last",
    "Start from the token that asks: what does it read in the last layer? And what did those read in the layer before?",
)
KNOWN.question(
    "one_table_for_each_grid",
    "The table of biases has a row for each step inside a window. Does a larger picture need more of them?",
)
