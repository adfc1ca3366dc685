"""Mistakes in softmax_rows."""

from __future__ import annotations

import numpy as np
from keras import ops

from solutions.attention.misconceptions.building import WHICH_AXIS, normalised
from solutions.registry import Registry

KNOWN = Registry("softmax_rows")


@KNOWN.wrong(
    "exp(10,000) is infinite in float32. Which number can you subtract from all scores without changing the weights?",
)
def overflows(scores, axis=-1):
    e = ops.exp(scores)
    return e / ops.sum(e, axis=axis, keepdims=True)


@KNOWN.wrong("Cutting large scores off makes 10,001 and 10,003 equal. Which shift keeps their difference?")
def clips_scores(scores, axis=-1):
    e = ops.exp(ops.clip(scores, -50.0, 50.0))
    return e / ops.sum(e, axis=axis, keepdims=True)


@KNOWN.wrong(
    "A row far below the largest score of the whole table becomes 0/0. Whose maximum should each row subtract?",
)
def one_maximum_for_all(scores, axis=-1):
    e = ops.exp(scores - ops.max(scores))
    return e / ops.sum(e, axis=axis, keepdims=True)


@KNOWN.wrong("If you subtract the smallest, the largest still overflows. Which end of the row must become 0?")
def subtracts_minimum(scores, axis=-1):
    e = ops.exp(scores - ops.min(scores, axis=axis, keepdims=True))
    return e / ops.sum(e, axis=axis, keepdims=True)


@KNOWN.wrong("Your weights always sum to 1 along the last axis. Where does your code use the argument `axis`?")
def ignores_axis(scores, axis=-1):
    return normalised(scores)


@KNOWN.wrong("Your weights always sum to 1 along the first axis. Where does your code use the argument `axis`?")
def always_first_axis(scores, axis=-1):
    return normalised(scores, 0)


@KNOWN.wrong("Your weights always sum to 1 along the second axis. Where does your code use the argument `axis`?")
def always_second_axis(scores, axis=-1):
    return normalised(scores, 1)


@KNOWN.wrong("With a ceiling, two large scores become equal. Which shift keeps their difference?")
def ceiling(scores, axis=-1):
    e = ops.exp(ops.minimum(scores, 80.0))
    return e / ops.sum(e, axis=axis, keepdims=True)


@KNOWN.wrong(
    "After a maximum or a sum an axis is gone, and the rows no longer meet their own. Can you keep that axis?",
)
def nothing_keeps_its_axis(scores, axis=-1):
    e = ops.exp(scores - ops.max(scores, axis=axis))
    return e / ops.sum(e, axis=axis)


@KNOWN.wrong(WHICH_AXIS)
def columns_by_default(scores, axis=-1):
    return normalised(scores, {-1: -2, -2: -1}.get(axis, axis)) if len(scores.shape) > 1 else normalised(scores)


@KNOWN.wrong("How many probability distributions should there be for 3 queries? Your whole table sums to 1.")
def over_everything(scores, axis=-1):
    return ops.reshape(normalised(ops.reshape(scores, (-1,))), scores.shape)


@KNOWN.wrong("Run one row alone and in a table of two: its weights must not change.")
def first_axis_by_default(scores, axis=-1):
    return normalised(scores, 0 if axis == -1 else axis)


@KNOWN.wrong("Your weights sum to 1, but exp is missing: can they be negative?")
def no_exponential(scores, axis=-1):
    return scores / ops.sum(scores, axis=axis, keepdims=True)


@KNOWN.wrong("These are the logarithms of the weights: they are negative. One step is left.")
def logarithms(scores, axis=-1):
    return ops.log(normalised(scores, axis))


@KNOWN.wrong("exp is there and stays finite. What makes the weights of one row sum to 1?")
def not_divided(scores, axis=-1):
    return ops.exp(scores - ops.max(scores, axis=axis, keepdims=True))


@KNOWN.wrong(
    "Dividing by the largest score keeps exp finite, but 14 and 12 become 1 and 0.86. Is there a shift instead?",
)
def divides_by_maximum(scores, axis=-1):
    return normalised(scores / ops.max(scores, axis=axis, keepdims=True), axis)


@KNOWN.wrong("The sum lost its axis, so each column was divided by another row's sum. Look at keepdims.")
def sum_without_keepdims(scores, axis=-1):
    e = ops.exp(scores - ops.max(scores, axis=axis, keepdims=True))
    return e / ops.sum(e, axis=axis)


@KNOWN.wrong("Along the last axis all is well. Whose maximum is subtracted when another axis is asked for?")
def maximum_along_last_axis(scores, axis=-1):
    e = ops.exp(scores - ops.max(scores, axis=-1, keepdims=True))
    return e / ops.sum(e, axis=axis, keepdims=True)


@KNOWN.wrong("A power of 2 instead of e: 14 and 12 give 0.80 and 0.20. Which base has the lecture's 0.88?")
def base_two(scores, axis=-1):
    return normalised(scores * float(np.log(2.0)), axis)


@KNOWN.right("The logsumexp form is the same function.")
def by_logsumexp(scores, axis=-1):
    return ops.exp(scores - ops.logsumexp(scores, axis=axis, keepdims=True))
