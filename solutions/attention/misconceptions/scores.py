"""Mistakes in attention_scores."""

from __future__ import annotations

from keras import ops

from solutions.attention.misconceptions.building import (
    LONGER,
    OTHER_COUNT,
    SHARPER,
    TRANSPOSE,
    WHICH_NUMBER,
    dots,
    normalised,
    root,
)
from solutions.registry import Registry

KNOWN = Registry("attention_scores")


@KNOWN.wrong(SHARPER)
def no_scale(q, k, scale=None):
    return dots(q, k) * (1.0 if scale is None else scale)


@KNOWN.wrong(SHARPER)
def no_scale_at_all(q, k, scale=None):
    return dots(q, k)


@KNOWN.wrong(WHICH_NUMBER)
def divides_by_width(q, k, scale=None):
    return dots(q, k) * (1 / q.shape[-1] if scale is None else scale)


@KNOWN.wrong(LONGER)
def multiplies_by_root(q, k, scale=None):
    return dots(q, k) * (root(q.shape[-1]) if scale is None else scale)


@KNOWN.wrong(OTHER_COUNT)
def root_of_key_count(q, k, scale=None):
    return dots(q, k) * (1 / root(k.shape[-2]) if scale is None else scale)


@KNOWN.wrong("Your scale depends on how many queries there are. Ask one query alone: its scores must stay.")
def root_of_query_count(q, k, scale=None):
    return dots(q, k) * (1 / root(q.shape[-2]) if scale is None else scale)


@KNOWN.wrong("The caller may bring a scale of their own. Where does your code look at the argument `scale`?")
def ignores_scale(q, k, scale=None):
    return dots(q, k) / root(q.shape[-1])


@KNOWN.wrong("With a scale of 2, should scores double or halve? Read what the text does with `scale`.")
def divides_by_scale(q, k, scale=None):
    return dots(q, k) / (root(q.shape[-1]) if scale is None else scale)


@KNOWN.wrong("The caller's scale replaces 1/sqrt(d); yours is multiplied with it as well.")
def scales_twice(q, k, scale=None):
    return dots(q, k) / root(q.shape[-1]) * (1.0 if scale is None else scale)


@KNOWN.wrong("0 is a number too. Which values of `scale` does your test take for 'not given'?")
def zero_counts_as_none(q, k, scale=None):
    return dots(q, k) * (scale or 1 / root(q.shape[-1]))


@KNOWN.wrong(TRANSPOSE)
def no_transpose(q, k, scale=None):
    return ops.matmul(q, k) * (1 / root(q.shape[-1]) if scale is None else scale)


@KNOWN.wrong("Row i belongs to query i, column j to key j. Which of the two has Tq entries in your result?")
def keys_by_queries(q, k, scale=None):
    return dots(k, q) * (1 / root(q.shape[-1]) if scale is None else scale)


@KNOWN.wrong(
    "You return weights between 0 and 1. The softmax is the next exercise; here the raw 14 and 12 count.",
)
def softmax_already(q, k, scale=None):
    return normalised(dots(q, k) * (1 / root(q.shape[-1]) if scale is None else scale))


@KNOWN.wrong(
    "You compare directions only: a key twice as long scores the same. The lecture's scores are plain dot products.",
)
def cosine_similarity(q, k, scale=None):
    q, k = (x / ops.sqrt(ops.sum(x * x, axis=-1, keepdims=True)) for x in (q, k))
    return dots(q, k) * (1.0 if scale is None else scale)


@KNOWN.right("Scaling the queries first is the same product.")
def scales_the_queries(q, k, scale=None):
    return dots(q * (1 / root(q.shape[-1]) if scale is None else scale), k)
