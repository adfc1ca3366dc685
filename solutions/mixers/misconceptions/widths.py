"""Mistakes in regnet_widths."""

from __future__ import annotations

import math

import numpy as np

from solutions.mixers import reference
from solutions.registry import Registry

KNOWN = Registry("regnet_widths")


def width_variant(name, hint, twin=None, line=None, step=None, jump=None, width=None, end=None):
    """Register a rule with a step replaced.

    Args:
        line: line(w0, wa, j) -> u_j.
        step: step(u, w0, wm) -> s_j before it is rounded.
        jump: jump(s) -> s_j, rounded.
        width: width(w0, wm, s, q) -> the width.
        end: end(widths) -> the result.
    """
    line = line or (lambda w0, wa, j: w0 + wa * j)
    step = step or (lambda u, w0, wm: math.log(u / w0) / math.log(wm))
    width = width or (lambda w0, wm, s, q: q * round(w0 * wm**s / q))
    jump, end = jump or round, end or list

    def widths(w0, wa, wm, depth, q=8):
        lines = [line(w0, wa, j) for j in range(depth)]
        return end([width(w0, wm, jump(step(u, w0, wm)), q) for u in lines])

    widths.__name__ = name
    return KNOWN.wrong(hint, twin)(widths)


def runs(widths):
    """Each width once, and how many blocks have it."""
    kept = sorted(set(widths), key=widths.index)
    return kept, [widths.count(width) for width in kept]


width_variant(
    "one_width_a_stage",
    "How many blocks are there, and how many widths do you return? A stage is a run of blocks that are alike.",
    end=lambda widths: runs(widths)[0],
)
width_variant(
    "widths_and_depths",
    "Stages and how long they are: that is how a network is built from it. The text asks for a width for every block.",
    end=runs,
)
width_variant(
    "straight_line",
    "Your widths climb a little with every block. Where do they become steps? What did you not round?",
    jump=lambda s: s,
)
width_variant(
    "straight_line_without_logarithms",
    "Your widths climb a little with every block. What are the logarithms for?",
    twin="straight_line",
    step=lambda u, w0, wm: math.log(u / w0, wm),
    jump=float,
)
width_variant(
    "exact_line",
    "Two roundings are missing: to steps, and to whole multiples of q.",
    jump=lambda s: s,
    width=lambda w0, wm, s, q: w0 * wm**s,
)
width_variant(
    "not_rounded_to_q",
    "Every width is a whole multiple of q. Yours are whole numbers, and no more.",
    width=lambda w0, wm, s, q: round(w0 * wm**s),
)
width_variant(
    "floats_not_rounded_at_all",
    "A block has a whole number of channels, a multiple of q. Yours have places after the point.",
    width=lambda w0, wm, s, q: w0 * wm**s,
)
width_variant(
    "always_a_multiple_of_8",
    "Your widths are right for q = 8. Where does q come in?",
    width=lambda w0, wm, s, q: 8 * round(w0 * wm**s / 8),
)
width_variant(
    "divided_by_q",
    "Your widths are q times too small: rounded in units of q, and left in these units.",
    width=lambda w0, wm, s, q: round(w0 * wm**s / q),
)
width_variant(
    "down_to_q",
    "To the nearest multiple of q. Yours go down to the one below.",
    width=lambda w0, wm, s, q: q * math.floor(w0 * wm**s / q),
)
width_variant(
    "up_to_q",
    "To the nearest multiple of q. Yours go up to the one above.",
    width=lambda w0, wm, s, q: q * math.ceil(w0 * wm**s / q),
)
width_variant(
    "nearest_in_channels",
    "Which step is the nearest one: that in channels, or that in the exponent? The formula rounds s_j.",
    step=lambda u, w0, wm: min(range(60), key=lambda power: abs(w0 * wm**power - u)),
)
width_variant(
    "steps_rounded_down",
    "s_j is the nearest step. Yours stays on the step below until the next one is reached.",
    jump=lambda s: math.floor(s + 1e-9),
)
width_variant(
    "steps_rounded_up",
    "s_j is the nearest step. Yours takes the next one at once.",
    jump=lambda s: math.ceil(s - 1e-9),
)
width_variant(
    "steps_and_widths_rounded_down",
    "int() cuts off. To which integer does the rule round?",
    jump=lambda s: math.floor(s + 1e-9),
    width=lambda w0, wm, s, q: q * math.floor(w0 * wm**s / q),
)
width_variant(
    "counts_from_1",
    "The first block has the number 0, and so the width w0. Which number has it in yours?",
    line=lambda w0, wa, j: w0 + wa * (j + 1),
)
width_variant(
    "line_from_0",
    "The line begins at w0. Where does yours begin?",
    line=lambda w0, wa, j: max(wa * j, w0),
)
width_variant(
    "without_the_base",
    "How many times do you multiply by wm to get from w0 to u? A logarithm to the base wm, says the rule.",
    step=lambda u, w0, wm: math.log(u / w0),
)
width_variant(
    "base_2",
    "A logarithm to the base wm is asked for, not to the base 2.",
    step=lambda u, w0, wm: math.log2(u / w0),
)
width_variant(
    "logarithm_of_the_ratio_of_both",
    "log a / log b is not log(a / b). Which of the two stands in the rule?",
    step=lambda u, w0, wm: math.log(u / w0 / wm),
)
width_variant(
    "u_not_divided_by_w0",
    "Steps are counted from w0. From where do yours count?",
    step=lambda u, w0, wm: math.log(u) / math.log(wm),
)
width_variant(
    "ratio_in_place_of_its_logarithm",
    "Each step multiplies, so steps are evenly spaced in the logarithm. What do you compare instead?",
    step=lambda u, w0, wm: (u / w0 - 1) / (wm - 1),
)
width_variant(
    "steps_add",
    "From step to step the width is multiplied by wm. What happens in yours?",
    width=lambda w0, wm, s, q: q * round(w0 * (1 + s * (wm - 1)) / q),
)
width_variant(
    "without_w0",
    "The steps begin at w0. Where do yours begin?",
    width=lambda w0, wm, s, q: q * max(1, round(wm**s / q)),
)
width_variant(
    "last_block_first",
    "First to last. Which block is the widest?",
    end=lambda widths: widths[::-1],
)
width_variant(
    "rounded_from_step_to_step",
    "Every width starts from w0 * wm^s. In yours the roundings add up from one step to the next.",
    width=lambda w0, wm, s, q: climbed(w0, wm, s, q),
)


def climbed(w0, wm, s, q):
    """Up step by step, rounded on each."""
    width = w0
    for _ in range(int(s)):
        width = q * round(width * wm / q)
    return width


@KNOWN.wrong("range(depth) has depth numbers. How many widths do you return?")
def one_too_many(w0, wa, wm, depth, q=8):
    return reference.regnet_widths(w0, wa, wm, depth + 1, q)


@KNOWN.wrong("The sum of all widths is one number. A width for every block is asked for.")
def all_together(w0, wa, wm, depth, q=8):
    return sum(reference.regnet_widths(w0, wa, wm, depth, q))


@KNOWN.right("A NumPy array of ints will do, and so will another base on both sides of the logarithm.")
def in_numpy(w0, wa, wm, depth, q=8):
    steps = np.rint(np.log2((np.arange(depth) * wa + w0) / w0) / np.log2(wm))
    return (np.rint(w0 * np.power(float(wm), steps) / q) * q).astype(int)


@KNOWN.right("A tuple, and rounding by adding a half.")
def tuple_by_halves(w0, wa, wm, depth, q=8):
    steps = (math.floor(math.log((w0 + wa * j) / w0, wm) + 0.5) for j in range(depth))
    return tuple(int(q * math.floor(w0 * wm**s / q + 0.5)) for s in steps)
