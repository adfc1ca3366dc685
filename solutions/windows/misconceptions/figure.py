"""Mistakes about costs and reach, asked for in figure."""

from __future__ import annotations

from solutions.registry import Registry

KNOWN = Registry("figure")

KNOWN.question(
    "the_projections_are_free",
    "256 times fewer pairs make the pairs 256 times cheaper. What else does a layer compute, whatever its windows?",
)
KNOWN.question(
    "every_shift_widens_the_view",
    "Draw the windows of the first block, and over them those of the second. Which borders does the second one cover?",
)
KNOWN.question(
    "first_layer_last",
    "Start from the token that asks: what does it read in the last layer? And what did those read in the layer before?",
)
KNOWN.question(
    "news_turns_the_other_corner",
    "Follow the news in the order of the passes. Where can it have got to after the first one?",
)
KNOWN.question(
    "only_the_last_row_jumps",
    "Write down the rows of the rolled grid. Which rows of the picture share the last row of windows?",
)
KNOWN.question(
    "steps_have_no_opposite",
    "The step from p to q and the step from q to p: what do they add up to? And the two numbers of these steps?",
)
KNOWN.question(
    "one_table_for_each_grid",
    "The table of biases has a row for each step inside a window. Does a larger picture need more of them?",
)
