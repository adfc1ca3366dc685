"""Mistakes in scaled_dot_product_attention."""

from __future__ import annotations

from keras import ops

from solutions.attention import reference
from solutions.attention.misconceptions.building import (
    IGNORED,
    LONGER,
    NUDGE,
    ORDINARY,
    OTHER_COUNT,
    POLARITY,
    SHARPER_WEIGHTS,
    TRANSPOSE,
    WHICH_AXIS,
    allowed,
    as_float,
    dots,
    normalised,
    root,
    scaled,
)
from solutions.registry import Registry

KNOWN = Registry("scaled_dot_product_attention")


def attention(scores_of, weights_of=normalised, after=None):
    """Attention with one step replaced. scores_of(q, k); weights_of(scores); after(weights, mask) replaces masking."""

    def attend(q, k, v, mask=None):
        scores = scores_of(q, k)
        if mask is not None and after is None:
            scores = reference.masked_scores(scores, mask)
        weights = weights_of(scores)
        if mask is not None and after is not None:
            weights = after(scores, mask)
        return ops.matmul(weights, v), weights

    return attend


def attention_variant(name, hint, **steps):
    """Register an attention with one step replaced."""
    attend = attention(**{"scores_of": scaled, **steps})
    attend.__name__ = name
    return KNOWN.wrong(hint, steps.pop("twin", None))(attend)


attention_variant("no_scale", SHARPER_WEIGHTS, scores_of=dots)
attention_variant("multiplies_by_root", LONGER, scores_of=lambda q, k: dots(q, k) * root(q.shape[-1]))
attention_variant(
    "divided_by_width",
    "Your scores were divided by d in all, not by its root. Which of your functions has a scale in it already?",
    scores_of=lambda q, k: dots(q, k) / q.shape[-1],
)
attention_variant("root_of_key_count", OTHER_COUNT, scores_of=lambda q, k: dots(q, k) / root(k.shape[-2]))
attention_variant("no_transpose", TRANSPOSE, scores_of=lambda q, k: ops.matmul(q, k) / root(q.shape[-1]))
attention_variant("softmax_over_queries", WHICH_AXIS, weights_of=lambda s: normalised(s, -2))
attention_variant(
    "softmax_over_everything",
    "How many probability distributions should there be for 3 queries? Sum your weights over both axes.",
    weights_of=lambda s: normalised(s, (-2, -1)),
)
attention_variant(
    "softmax_over_batch",
    "Run one example alone and in a batch of two: its output must not change.",
    weights_of=lambda s: normalised(s, 0),
)
attention_variant(
    "multiplies_scores_by_mask",
    "exp(0) is not 0. Print the weight of a forbidden position.",
    after=lambda s, m: normalised(s * as_float(m)),
)
attention_variant(
    "multiplies_weights_by_mask",
    "Do your rows still sum to 1? Does the forbidden key still influence the sum in the denominator?",
    after=lambda s, m: normalised(s) * as_float(m),
)
attention_variant("inverted_mask", POLARITY, after=lambda s, m: normalised(ops.where(allowed(m), -1e9, s)))
attention_variant("adds_mask", NUDGE, after=lambda s, m: normalised(s + as_float(m)))
attention_variant("ignores_mask", IGNORED, after=lambda s, m: normalised(s))


@KNOWN.wrong(
    "The same factor stands above and below the fraction line of that formula. What is left of it?",
    twin="no_scale",
)
def slide_formula(q, k, v, mask=None):
    scores = dots(q, k) if mask is None else reference.masked_scores(dots(q, k), mask)
    e = ops.exp(scores - ops.max(scores, axis=-1, keepdims=True)) / root(q.shape[-1])
    weights = e / ops.sum(e, axis=-1, keepdims=True)
    return ops.matmul(weights, v), weights


@KNOWN.wrong(ORDINARY, twin="multiplies_scores_by_mask")
def zero_for_forbidden(q, k, v, mask=None):
    scores = scaled(q, k) if mask is None else ops.where(allowed(mask), scaled(q, k), 0.0)
    return ops.matmul(normalised(scores), v), normalised(scores)


@KNOWN.wrong("Three roles: who is compared, and who is averaged?")
def averages_keys(q, k, v, mask=None):
    _, weights = reference.scaled_dot_product_attention(q, k, v, mask)
    return ops.matmul(weights, k), weights


@KNOWN.wrong("Row i of the output belongs to query i. Check the shape when Tq is not Tk.")
def weights_transposed(q, k, v, mask=None):
    _, weights = reference.scaled_dot_product_attention(q, k, v, mask)
    return ops.matmul(ops.swapaxes(weights, -1, -2), v), weights


@KNOWN.wrong("You return scores where the weights belong. Which step lies between them?")
def returns_scores(q, k, v, mask=None):
    output, _ = reference.scaled_dot_product_attention(q, k, v, mask)
    scores = scaled(q, k)
    return output, scores if mask is None else reference.masked_scores(scores, mask)


@KNOWN.wrong("Both results are there, in the other order. Which comes first, output or weights?")
def results_swapped(q, k, v, mask=None):
    return reference.scaled_dot_product_attention(q, k, v, mask)[::-1]


@KNOWN.wrong("The output is there. The text asks for a tuple: what else belongs into it?")
def output_only(q, k, v, mask=None):
    return reference.scaled_dot_product_attention(q, k, v, mask)[0]


@KNOWN.wrong(
    "The values were averaged with the scores themselves: rows of scores do not sum to 1.",
)
def no_softmax(q, k, v, mask=None):
    scores = scaled(q, k) if mask is None else scaled(q, k) * as_float(mask)
    return ops.matmul(scores, v), scores


@KNOWN.wrong(
    "The weights are right, but the output was made with others: from before the mask came in.",
)
def output_without_mask(q, k, v, mask=None):
    _, weights = reference.scaled_dot_product_attention(q, k, v, mask)
    return ops.matmul(normalised(scaled(q, k)), v), weights


@KNOWN.right(
    "Masking after the softmax and dividing by the new sum is the same as masking first.",
)
def renormalises(q, k, v, mask=None):
    weights = normalised(scaled(q, k))
    if mask is not None:
        weights = weights * as_float(mask)
        weights = weights / ops.sum(weights, axis=-1, keepdims=True)
    return ops.matmul(weights, v), weights
