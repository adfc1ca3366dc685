"""Mistakes about measures and laws, asked for in figure."""

from __future__ import annotations

from solutions.registry import Registry

KNOWN = Registry("figure")

KNOWN.question(
    "floor_forgotten",
    "Below 0.05 this network never comes. How much of the 0.10 is left for the part that falls with n?",
)
KNOWN.question(
    "exponent_upside_down",
    "You know n^(-b) and look for n. To which power do you raise both sides?",
)
KNOWN.question(
    "one_feature_scaled",
    "A rotation and one factor for all features leave CKA as it is. Is a factor for a single feature one of these?",
)
KNOWN.question(
    "bias_of_the_undecided",
    "Which pictures stand below the line of the shape bias? Do those count that were taken for a third class?",
)
KNOWN.question(
    "product_loses_its_sums",
    "Each row of two matrices sums to 1. Multiply their product by a column of ones: what comes out?",
)
