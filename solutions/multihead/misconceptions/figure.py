"""Mistakes about costs and sets, asked for in figure."""

from __future__ import annotations

from solutions.registry import Registry

KNOWN = Registry("figure")

KNOWN.question(
    "permutation_invariant",
    "Swap two tokens: do the outputs stay where they are, or do they swap along? The slide has one word for both.",
)
KNOWN.question(
    "the_context_is_a_set_too",
    "Shuffle only the tokens that are read. Each query still averages the same values with the same weights.",
)
KNOWN.question(
    "a_mask_knows_places",
    "A mask over the past says which places may be read. Shuffle the tokens, and the mask stays where it is.",
)
KNOWN.question(
    "quadratic_in_the_side",
    "Twice the side is four times the pixels, and the scores grow with the square of that.",
)
