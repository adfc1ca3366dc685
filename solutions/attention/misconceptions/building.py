"""Right steps to build wrong variants with, and the hints that several of them share."""

from __future__ import annotations

from keras import ops


def dots(q, k):
    """All dot products, without any scale."""
    return ops.einsum("...id,...jd->...ij", q, k)


def root(n):
    """Square root of a length."""
    return float(n) ** 0.5


def scaled(q, k):
    """Right scores."""
    return dots(q, k) / root(q.shape[-1])


def normalised(scores, axis=-1):
    """A right softmax to build wrong variants with; the library's is switched off in softmax_rows."""
    exponentials = ops.exp(scores - ops.max(scores, axis=axis, keepdims=True))
    return exponentials / ops.sum(exponentials, axis=axis, keepdims=True)


def allowed(mask):
    """The mask as bool."""
    return ops.cast(mask, "bool")


def as_float(mask):
    """The mask as 1.0 and 0.0."""
    return ops.cast(mask, "float32")


SHARPER = (
    "Your numbers are larger than the lecture's 14 and 12. What happened to 112 and 96 between the row of scores and "
    "the row below it?"
)
SHARPER_WEIGHTS = (
    "Your weights are sharper than the lecture's 0.88 and 0.12. What happened to 112 between the score row and the "
    "softmax row?"
)
WHICH_NUMBER = "14 and 12 came from 112 and 96 with d = 64. Which number divides them, and how is it obtained from d?"
LONGER = "Should longer vectors make the softmax sharper, or keep it about the same? Yours grows with the width."
OTHER_COUNT = "Try keys of another count but of the same width: should the scores of the first ones change?"
POLARITY = "In this course 1 means 'may attend'. Which positions got through, the 1s or the 0s?"
NUDGE = "Adding 1 to a score is a nudge, not a wall. How low must a forbidden score be?"
ORDINARY = "A score of 0 is an ordinary score: many allowed keys score less. What should a forbidden one be?"
IGNORED = "Change a forbidden key: your output moves with it. Where does the mask come in?"
TRANSPOSE = (
    "Try 5 keys of width 8. Which shape must the scores of 3 queries have, and which axes must the product join?"
)
WHICH_AXIS = "For one query, the weights over all keys should sum to 1. Sum yours over both axes and look."
