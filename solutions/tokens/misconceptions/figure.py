"""Mistakes about waves and places, asked for in figure."""

from __future__ import annotations

from solutions.registry import Registry

KNOWN = Registry("figure")


KNOWN.question(
    "the_exponent_reaches_one",
    "The paper speaks of wavelengths up to 10000 times 2 pi. Which i belongs to the last pair, and what is 2i/d then?",
)
KNOWN.question(
    "columns_for_pairs",
    "i counts pairs. With 512 columns, how many pairs are there, and which number does the last one have?",
)
KNOWN.question(
    "counts_down_first",
    "Count the tokens of the first row of patches. How many whole rows of patches lie above the pixel?",
)
KNOWN.question(
    "channel_before_pixel",
    "The three values of a pixel stand side by side. How many pixels of its patch come first, and how many numbers?",
)
