"""Mistakes in masked_scores."""

from __future__ import annotations

import numpy as np
from keras import ops

from solutions.attention.misconceptions.building import NUDGE, POLARITY, allowed, as_float, normalised
from solutions.registry import Registry

KNOWN = Registry("masked_scores")


@KNOWN.wrong(POLARITY)
def inverted_mask(scores, mask):
    return ops.where(allowed(mask), -1e9, scores)


@KNOWN.wrong(NUDGE)
def adds_mask(scores, mask):
    return scores + as_float(mask)


@KNOWN.wrong("A forbidden score became 0, and exp(0) is 1. How low must it be so that its weight is 0?")
def multiplies_mask(scores, mask):
    return scores * as_float(mask)


@KNOWN.wrong("A score times True is not a number any more. And what weight would a forbidden score of 0 get?")
def multiplies_raw_mask(scores, mask):
    return scores * mask


@KNOWN.wrong("Change a forbidden score: your result moves with it. Where does the mask come in?")
def ignores_mask(scores, mask):
    return scores + 0.0 * as_float(mask)


@KNOWN.wrong("Your wall stands upwards: forbidden scores became the largest of all. Check its sign.")
def wall_upwards(scores, mask):
    return ops.where(allowed(mask), scores, 1e9)


def low_wall(name, height):
    """Register a wall that is not low enough."""

    def build_wall(scores, mask):
        return ops.where(allowed(mask), scores, height)

    build_wall.__name__ = name
    hint = f"{height:,.0f} is low enough for these scores. But what if an allowed score is -5,000 or less? See Returns."
    return KNOWN.wrong(hint)(build_wall)


for exponent in range(2, 8):
    low_wall(f"wall_at_minus_ten_to_{exponent}", -(10.0**exponent))


@KNOWN.wrong(
    "A negative score times a large negative number is large and positive. "
    "Does a forbidden score depend on its old value?",
)
def multiplies_by_wall(scores, mask):
    return ops.where(allowed(mask), scores, scores * -1e9)


@KNOWN.wrong("An allowed score may be exactly 0. Ask the mask, not the score, what is forbidden.")
def zeros_are_forbidden(scores, mask):
    kept = scores * as_float(mask)
    return ops.where(kept == 0, -1e9, kept)


@KNOWN.wrong("NaN spreads: 0 times infinity is not a number. Choose between two values instead of multiplying.")
def infinity_times_zero(scores, mask):
    return scores + (1.0 - as_float(mask)) * -np.inf


@KNOWN.wrong("A forbidden score is gone, but the allowed ones changed too. They must come through as they are.")
def softmax_included(scores, mask):
    return normalised(ops.where(allowed(mask), scores, -1e9))


@KNOWN.wrong("The mask itself came out where a key is allowed. Which of the two should be kept there?")
def keeps_mask_not_scores(scores, mask):
    return ops.where(allowed(mask), ops.ones_like(scores), -1e9)


@KNOWN.right("Minus infinity is low enough.")
def minus_infinity(scores, mask):
    return ops.where(allowed(mask), scores, -np.inf)


@KNOWN.right("A large negative number added where forbidden leaves allowed scores as they are.")
def adds_a_wall(scores, mask):
    return scores + (1.0 - as_float(mask)) * -1e9
