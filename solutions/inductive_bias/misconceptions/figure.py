"""Mistakes about shifts and pooling, asked for in figure."""

from __future__ import annotations

from solutions.registry import Registry

KNOWN = Registry("figure")

KNOWN.question(
    "one_third_both_ways",
    "One third is the share for one direction. Draw the two squares: how many pixels have they together, how many in "
    "common?",
)
KNOWN.question(
    "the_mean_makes_up_for_the_stride",
    "Take stripes that change at every pixel. Which of their pixels does the mean see, before the shift and after it?",
)
KNOWN.question(
    "only_a_mean_is_invariant",
    "A shift changes the places of the numbers in front of the last step. Which of them does a maximum look at?",
)
KNOWN.question(
    "positions_are_there_from_the_start",
    "Follow one patch of the picture up to the step in question. Does anything tell it where it lies?",
)
KNOWN.question(
    "same_padding_always_feels_the_edge",
    "How many zeros lie around a picture of 8 x 8 pixels, if a kernel of side 1 is to have 8 x 8 places?",
)
KNOWN.question(
    "a_blur_saves_every_stripe",
    "Draw one period of the blurred stripes. Which of its pixels stay? And when the stripes have moved by one pixel?",
)
