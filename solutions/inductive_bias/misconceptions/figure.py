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
    "pooling_is_invariant",
    "The output of a pooling layer has changed under a shift of two pixels. In which way?",
)
KNOWN.question(
    "any_shift_is_a_whole_patch",
    "Cut a picture into patches, move it by one pixel and cut again. Are these the same patches in another order?",
)
KNOWN.question(
    "more_1x1_see_more",
    "Brighten one pixel in front of a 1 x 1 convolution, and follow it through a second one.",
)
KNOWN.question(
    "blur_may_come_later",
    "Take stripes that change at every pixel, and keep every second pixel. What is left for a blur to smooth?",
)
