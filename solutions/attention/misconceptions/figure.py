"""Mistakes about the slides, asked for in figure."""

from __future__ import annotations

from solutions.registry import Registry

KNOWN = Registry("figure")


KNOWN.question(
    "slide_scale_cancels",
    "The same factor stands above and below the fraction line. "
    "What is left of the formula, and what is the ratio then?",
)
KNOWN.question(
    "softmax_over_the_wrong_index",
    "Write out one output y_j with two tokens. Which weights stand in that sum, and must they sum to 1?",
)
KNOWN.question(
    "permutation_invariant",
    "Swap two tokens: do the outputs stay, or swap along? Lesson 2 gives the two cases their names.",
)
