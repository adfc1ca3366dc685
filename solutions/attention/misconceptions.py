"""Wrong answers that students of lesson 01 give, each with the hint that leads out; and right ones that look wrong.

Every variant must fail and be named as itself; every accepted one must pass.
"""

from __future__ import annotations

import keras
import numpy as np
from keras import ops

from autograder.records import Misconception
from solutions.attention import reference

MISCONCEPTIONS: list[Misconception] = []


def wrong(exercise, hint, twin=None):
    """Register the decorated function or class as a variant that must fail and be named."""
    return register(exercise, "variant", hint, twin)


def right(exercise, why):
    """Register the decorated function as one that looks wrong and must pass."""
    return register(exercise, "accepted", why)


def register(exercise, kind, hint, twin=None):
    """A decorator; the function's name is the misconception's id, after the exercise's."""

    def keep(function):
        name = f"{exercise}.{function.__name__}"
        twin_id = f"{exercise}.{twin}" if twin else None
        MISCONCEPTIONS.append(Misconception(name, exercise, kind, hint, function, twin_id))
        return function

    return keep


def question(exercise, name, hint):
    """Register a mistake that is asked about in words, not in code."""
    MISCONCEPTIONS.append(Misconception(f"{exercise}.{name}", exercise, "question", hint))


def dots(q, k):
    """All dot products, without any scale."""
    return ops.einsum("...id,...jd->...ij", q, k)


def root(n):
    """Square root of a length."""
    return float(n) ** 0.5


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


# attention_scores


@wrong("attention_scores", SHARPER)
def no_scale(q, k, scale=None):
    return dots(q, k) * (1.0 if scale is None else scale)


@wrong("attention_scores", SHARPER)
def no_scale_at_all(q, k, scale=None):
    return dots(q, k)


@wrong("attention_scores", WHICH_NUMBER)
def divides_by_width(q, k, scale=None):
    return dots(q, k) * (1 / q.shape[-1] if scale is None else scale)


@wrong("attention_scores", LONGER)
def multiplies_by_root(q, k, scale=None):
    return dots(q, k) * (root(q.shape[-1]) if scale is None else scale)


@wrong("attention_scores", OTHER_COUNT)
def root_of_key_count(q, k, scale=None):
    return dots(q, k) * (1 / root(k.shape[-2]) if scale is None else scale)


@wrong(
    "attention_scores", "Your scale depends on how many queries there are. Ask one query alone: its scores must stay."
)
def root_of_query_count(q, k, scale=None):
    return dots(q, k) * (1 / root(q.shape[-2]) if scale is None else scale)


@wrong(
    "attention_scores", "The caller may bring a scale of their own. Where does your code look at the argument `scale`?"
)
def ignores_scale(q, k, scale=None):
    return dots(q, k) / root(q.shape[-1])


@wrong("attention_scores", "With a scale of 2, should scores double or halve? Read what the text does with `scale`.")
def divides_by_scale(q, k, scale=None):
    return dots(q, k) / (root(q.shape[-1]) if scale is None else scale)


@wrong("attention_scores", "The caller's scale replaces 1/sqrt(d); yours is multiplied with it as well.")
def scales_twice(q, k, scale=None):
    return dots(q, k) / root(q.shape[-1]) * (1.0 if scale is None else scale)


@wrong("attention_scores", "0 is a number too. Which values of `scale` does your test take for 'not given'?")
def zero_counts_as_none(q, k, scale=None):
    return dots(q, k) * (scale or 1 / root(q.shape[-1]))


@wrong("attention_scores", TRANSPOSE)
def no_transpose(q, k, scale=None):
    return ops.matmul(q, k) * (1 / root(q.shape[-1]) if scale is None else scale)


@wrong(
    "attention_scores", "Row i belongs to query i, column j to key j. Which of the two has Tq entries in your result?"
)
def keys_by_queries(q, k, scale=None):
    return dots(k, q) * (1 / root(q.shape[-1]) if scale is None else scale)


@wrong(
    "attention_scores",
    "You return weights between 0 and 1. The softmax is the next exercise; here the raw 14 and 12 count.",
)
def softmax_already(q, k, scale=None):
    return normalised(dots(q, k) * (1 / root(q.shape[-1]) if scale is None else scale))


@wrong(
    "attention_scores",
    "You compare directions only: a key twice as long scores the same. The lecture's scores are plain dot products.",
)
def cosine_similarity(q, k, scale=None):
    q, k = (x / ops.sqrt(ops.sum(x * x, axis=-1, keepdims=True)) for x in (q, k))
    return dots(q, k) * (1.0 if scale is None else scale)


@right("attention_scores", "Scaling the queries first is the same product.")
def scales_the_queries(q, k, scale=None):
    return dots(q * (1 / root(q.shape[-1]) if scale is None else scale), k)


# softmax_rows


@wrong(
    "softmax_rows",
    "exp(10,000) is infinite in float32. Which number can you subtract from all scores without changing the weights?",
)
def overflows(scores, axis=-1):
    e = ops.exp(scores)
    return e / ops.sum(e, axis=axis, keepdims=True)


@wrong("softmax_rows", "Cutting large scores off makes 10,001 and 10,003 equal. Which shift keeps their difference?")
def clips_scores(scores, axis=-1):
    e = ops.exp(ops.clip(scores, -50.0, 50.0))
    return e / ops.sum(e, axis=axis, keepdims=True)


@wrong(
    "softmax_rows",
    "A row far below the largest score of the whole table becomes 0/0. Whose maximum should each row subtract?",
)
def one_maximum_for_all(scores, axis=-1):
    e = ops.exp(scores - ops.max(scores))
    return e / ops.sum(e, axis=axis, keepdims=True)


@wrong("softmax_rows", "If you subtract the smallest, the largest still overflows. Which end of the row must become 0?")
def subtracts_minimum(scores, axis=-1):
    e = ops.exp(scores - ops.min(scores, axis=axis, keepdims=True))
    return e / ops.sum(e, axis=axis, keepdims=True)


@wrong(
    "softmax_rows", "Your weights always sum to 1 along the last axis. Where does your code use the argument `axis`?"
)
def ignores_axis(scores, axis=-1):
    return normalised(scores)


@wrong(
    "softmax_rows", "Your weights always sum to 1 along the first axis. Where does your code use the argument `axis`?"
)
def always_first_axis(scores, axis=-1):
    return normalised(scores, 0)


@wrong(
    "softmax_rows", "Your weights always sum to 1 along the second axis. Where does your code use the argument `axis`?"
)
def always_second_axis(scores, axis=-1):
    return normalised(scores, 1)


@wrong("softmax_rows", "With a ceiling, two large scores become equal. Which shift keeps their difference?")
def ceiling(scores, axis=-1):
    e = ops.exp(ops.minimum(scores, 80.0))
    return e / ops.sum(e, axis=axis, keepdims=True)


@wrong(
    "softmax_rows",
    "After a maximum or a sum an axis is gone, and the rows no longer meet their own. Can you keep that axis?",
)
def nothing_keeps_its_axis(scores, axis=-1):
    e = ops.exp(scores - ops.max(scores, axis=axis))
    return e / ops.sum(e, axis=axis)


@wrong("softmax_rows", WHICH_AXIS)
def columns_by_default(scores, axis=-1):
    return normalised(scores, {-1: -2, -2: -1}.get(axis, axis)) if len(scores.shape) > 1 else normalised(scores)


@wrong("softmax_rows", "How many probability distributions should there be for 3 queries? Your whole table sums to 1.")
def over_everything(scores, axis=-1):
    return ops.reshape(normalised(ops.reshape(scores, (-1,))), scores.shape)


@wrong("softmax_rows", "Run one row alone and in a table of two: its weights must not change.")
def first_axis_by_default(scores, axis=-1):
    return normalised(scores, 0 if axis == -1 else axis)


@wrong("softmax_rows", "Your weights sum to 1, but exp is missing: can they be negative?")
def no_exponential(scores, axis=-1):
    return scores / ops.sum(scores, axis=axis, keepdims=True)


@wrong("softmax_rows", "These are the logarithms of the weights: they are negative. One step is left.")
def logarithms(scores, axis=-1):
    return ops.log(normalised(scores, axis))


@wrong("softmax_rows", "exp is there and stays finite. What makes the weights of one row sum to 1?")
def not_divided(scores, axis=-1):
    return ops.exp(scores - ops.max(scores, axis=axis, keepdims=True))


@wrong(
    "softmax_rows",
    "Dividing by the largest score keeps exp finite, but 14 and 12 become 1 and 0.86. Is there a shift instead?",
)
def divides_by_maximum(scores, axis=-1):
    return normalised(scores / ops.max(scores, axis=axis, keepdims=True), axis)


@wrong("softmax_rows", "The sum lost its axis, so each column was divided by another row's sum. Look at keepdims.")
def sum_without_keepdims(scores, axis=-1):
    e = ops.exp(scores - ops.max(scores, axis=axis, keepdims=True))
    return e / ops.sum(e, axis=axis)


@wrong("softmax_rows", "Along the last axis all is well. Whose maximum is subtracted when another axis is asked for?")
def maximum_along_last_axis(scores, axis=-1):
    e = ops.exp(scores - ops.max(scores, axis=-1, keepdims=True))
    return e / ops.sum(e, axis=axis, keepdims=True)


@wrong("softmax_rows", "A power of 2 instead of e: 14 and 12 give 0.80 and 0.20. Which base has the lecture's 0.88?")
def base_two(scores, axis=-1):
    return normalised(scores * float(np.log(2.0)), axis)


@right("softmax_rows", "The logsumexp form is the same function.")
def by_logsumexp(scores, axis=-1):
    return ops.exp(scores - ops.logsumexp(scores, axis=axis, keepdims=True))


# masked_scores


@wrong("masked_scores", POLARITY)
def inverted_mask(scores, mask):
    return ops.where(allowed(mask), -1e9, scores)


@wrong("masked_scores", NUDGE)
def adds_mask(scores, mask):
    return scores + as_float(mask)


@wrong("masked_scores", "A forbidden score became 0, and exp(0) is 1. How low must it be so that its weight is 0?")
def multiplies_mask(scores, mask):
    return scores * as_float(mask)


@wrong(
    "masked_scores", "A score times True is not a number any more. And what weight would a forbidden score of 0 get?"
)
def multiplies_raw_mask(scores, mask):
    return scores * mask


@wrong("masked_scores", "Change a forbidden score: your result moves with it. Where does the mask come in?")
def ignores_mask(scores, mask):
    return scores + 0.0 * as_float(mask)


@wrong("masked_scores", "Your wall stands upwards: forbidden scores became the largest of all. Check its sign.")
def wall_upwards(scores, mask):
    return ops.where(allowed(mask), scores, 1e9)


def low_wall(name, height):
    """Register a wall that is not low enough."""

    def build_wall(scores, mask):
        return ops.where(allowed(mask), scores, height)

    build_wall.__name__ = name
    hint = f"{height:,.0f} is low enough for these scores. But what if an allowed score is -5,000 or less? See Returns."
    return wrong("masked_scores", hint)(build_wall)


for exponent in range(2, 8):
    low_wall(f"wall_at_minus_ten_to_{exponent}", -(10.0**exponent))


@wrong(
    "masked_scores",
    "A negative score times a large negative number is large and positive. "
    "Does a forbidden score depend on its old value?",
)
def multiplies_by_wall(scores, mask):
    return ops.where(allowed(mask), scores, scores * -1e9)


@wrong("masked_scores", "An allowed score may be exactly 0. Ask the mask, not the score, what is forbidden.")
def zeros_are_forbidden(scores, mask):
    kept = scores * as_float(mask)
    return ops.where(kept == 0, -1e9, kept)


@wrong(
    "masked_scores", "NaN spreads: 0 times infinity is not a number. Choose between two values instead of multiplying."
)
def infinity_times_zero(scores, mask):
    return scores + (1.0 - as_float(mask)) * -np.inf


@wrong(
    "masked_scores", "A forbidden score is gone, but the allowed ones changed too. They must come through as they are."
)
def softmax_included(scores, mask):
    return normalised(ops.where(allowed(mask), scores, -1e9))


@wrong("masked_scores", "The mask itself came out where a key is allowed. Which of the two should be kept there?")
def keeps_mask_not_scores(scores, mask):
    return ops.where(allowed(mask), ops.ones_like(scores), -1e9)


@right("masked_scores", "Minus infinity is low enough.")
def minus_infinity(scores, mask):
    return ops.where(allowed(mask), scores, -np.inf)


@right("masked_scores", "A large negative number added where forbidden leaves allowed scores as they are.")
def adds_a_wall(scores, mask):
    return scores + (1.0 - as_float(mask)) * -1e9


# scaled_dot_product_attention


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


def scaled(q, k):
    """Right scores."""
    return dots(q, k) / root(q.shape[-1])


def attention_variant(name, hint, **steps):
    """Register an attention with one step replaced."""
    attend = attention(**{"scores_of": scaled, **steps})
    attend.__name__ = name
    return wrong("scaled_dot_product_attention", hint, steps.pop("twin", None))(attend)


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


@wrong(
    "scaled_dot_product_attention",
    "The same factor stands above and below the fraction line of that formula. What is left of it?",
    twin="no_scale",
)
def slide_formula(q, k, v, mask=None):
    scores = dots(q, k) if mask is None else reference.masked_scores(dots(q, k), mask)
    e = ops.exp(scores - ops.max(scores, axis=-1, keepdims=True)) / root(q.shape[-1])
    weights = e / ops.sum(e, axis=-1, keepdims=True)
    return ops.matmul(weights, v), weights


@wrong("scaled_dot_product_attention", ORDINARY, twin="multiplies_scores_by_mask")
def zero_for_forbidden(q, k, v, mask=None):
    scores = scaled(q, k) if mask is None else ops.where(allowed(mask), scaled(q, k), 0.0)
    return ops.matmul(normalised(scores), v), normalised(scores)


@wrong("scaled_dot_product_attention", "Three roles: who is compared, and who is averaged?")
def averages_keys(q, k, v, mask=None):
    _, weights = reference.scaled_dot_product_attention(q, k, v, mask)
    return ops.matmul(weights, k), weights


@wrong("scaled_dot_product_attention", "Row i of the output belongs to query i. Check the shape when Tq is not Tk.")
def weights_transposed(q, k, v, mask=None):
    _, weights = reference.scaled_dot_product_attention(q, k, v, mask)
    return ops.matmul(ops.swapaxes(weights, -1, -2), v), weights


@wrong("scaled_dot_product_attention", "You return scores where the weights belong. Which step lies between them?")
def returns_scores(q, k, v, mask=None):
    output, _ = reference.scaled_dot_product_attention(q, k, v, mask)
    scores = scaled(q, k)
    return output, scores if mask is None else reference.masked_scores(scores, mask)


@wrong(
    "scaled_dot_product_attention", "Both results are there, in the other order. Which comes first, output or weights?"
)
def results_swapped(q, k, v, mask=None):
    return reference.scaled_dot_product_attention(q, k, v, mask)[::-1]


@wrong("scaled_dot_product_attention", "The output is there. The text asks for a tuple: what else belongs into it?")
def output_only(q, k, v, mask=None):
    return reference.scaled_dot_product_attention(q, k, v, mask)[0]


@wrong(
    "scaled_dot_product_attention",
    "The values were averaged with the scores themselves: rows of scores do not sum to 1.",
)
def no_softmax(q, k, v, mask=None):
    scores = scaled(q, k) if mask is None else scaled(q, k) * as_float(mask)
    return ops.matmul(scores, v), scores


@wrong(
    "scaled_dot_product_attention",
    "The weights are right, but the output was made with others: from before the mask came in.",
)
def output_without_mask(q, k, v, mask=None):
    _, weights = reference.scaled_dot_product_attention(q, k, v, mask)
    return ops.matmul(normalised(scaled(q, k)), v), weights


@right(
    "scaled_dot_product_attention",
    "Masking after the softmax and dividing by the new sum is the same as masking first.",
)
def renormalises(q, k, v, mask=None):
    weights = normalised(scaled(q, k))
    if mask is not None:
        weights = weights * as_float(mask)
        weights = weights / ops.sum(weights, axis=-1, keepdims=True)
    return ops.matmul(weights, v), weights


# SelfAttention


def layer_variant(name, hint, attend):
    """Register a SelfAttention whose call is attend(layer, x, mask) -> (output, weights)."""

    def call(self, x, mask=None, return_weights=False):
        output, weights = attend(self, x, mask)
        return (output, weights) if return_weights else output

    return wrong("SelfAttention", hint)(type(name, (reference.SelfAttention,), {"call": call}))


def attend_with(scale_of):
    """Attention of a layer with another factor on the scores."""

    def attend(layer, x, mask):
        q, k, v = layer.wq(x), layer.wk(x), layer.wv(x)
        scores = dots(q, k) * scale_of(x, q)
        weights = normalised(scores if mask is None else reference.masked_scores(scores, mask))
        return ops.matmul(weights, v), weights

    return attend


def roles(order):
    """Attention of a layer with its projections in other roles, e.g. "kqv" swaps queries and keys."""

    def attend(layer, x, mask):
        made = {"q": layer.wq(x), "k": layer.wk(x), "v": layer.wv(x), "x": x}
        return reference.scaled_dot_product_attention(*(made[role] for role in order), mask)

    return attend


def masks(change):
    """Attention of a layer that changes the mask first."""

    def attend(layer, x, mask):
        mask = None if mask is None else change(mask)
        return reference.scaled_dot_product_attention(layer.wq(x), layer.wk(x), layer.wv(x), mask)

    return attend


def attend_over(axis):
    """Attention of a layer with the softmax along another axis."""

    def attend(layer, x, mask):
        scores = scaled(layer.wq(x), layer.wk(x))
        weights = normalised(scores if mask is None else reference.masked_scores(scores, mask), axis)
        return ops.matmul(weights, layer.wv(x)), weights

    return attend


layer_variant("no_scale", SHARPER_WEIGHTS, attend_with(lambda x, q: 1.0))
layer_variant("divides_by_width", WHICH_NUMBER, attend_with(lambda x, q: 1.0 / q.shape[-1]))
layer_variant("multiplies_by_root", LONGER, attend_with(lambda x, q: root(q.shape[-1])))
layer_variant(
    "root_of_token_width",
    "Queries and keys have `dim` numbers each. Which width belongs under the root: theirs, or that of the tokens?",
    attend_with(lambda x, q: 1.0 / root(x.shape[-1])),
)
layer_variant("root_of_token_count", OTHER_COUNT, attend_with(lambda x, q: 1.0 / root(x.shape[-2])))
layer_variant(
    "queries_and_keys_swapped",
    "Row i of the weights belongs to query i. Which projection asks, which is asked?",
    roles("kqv"),
)
layer_variant("averages_keys", "Three roles: who is compared, and who is averaged?", roles("qkk"))
layer_variant(
    "averages_tokens", "The tokens themselves were averaged. Which projection makes the values?", roles("qkx")
)
layer_variant("queries_as_keys", "Each token is compared with queries only. Where do the keys come in?", roles("qqv"))
layer_variant(
    "no_projection_of_keys",
    "Each query is compared with the tokens themselves. Which projection makes keys of them?",
    roles("qxv"),
)
layer_variant("ignores_mask", IGNORED, masks(lambda mask: None))
layer_variant("inverted_mask", POLARITY, masks(lambda mask: ops.logical_not(allowed(mask))))
layer_variant(
    "mask_transposed",
    "Row i of the mask says what token i may see. Your rows and columns changed places.",
    masks(lambda mask: ops.swapaxes(mask, -1, -2)),
)
layer_variant("softmax_over_queries", WHICH_AXIS, attend_over(-2))
layer_variant(
    "softmax_over_batch", "Run one example alone and in a batch of two: its output must not change.", attend_over(0)
)


@wrong("SelfAttention", "Without return_weights the text asks for the output alone, not for a tuple.")
class always_a_tuple(reference.SelfAttention):
    def call(self, x, mask=None, return_weights=False):
        return super().call(x, mask, True)


@wrong(
    "SelfAttention",
    "With return_weights=True the text asks for two results. Where does your code look at that argument?",
)
class never_weights(reference.SelfAttention):
    def call(self, x, mask=None, return_weights=False):
        return super().call(x, mask)


@wrong("SelfAttention", "The tokens were added to the output. That residual belongs to the encoder block, not in here.")
class adds_residual(reference.SelfAttention):
    def call(self, x, mask=None, return_weights=False):
        output, weights = super().call(x, mask, True)
        return (output + x, weights) if return_weights else output + x


@wrong(
    "SelfAttention",
    "The biases were asked for with use_bias=True and are not there. Does the argument reach all three projections?",
)
class never_a_bias(reference.SelfAttention):
    def __init__(self, dim, use_bias=False, **kwargs):
        super().__init__(dim, use_bias=False, **kwargs)


@wrong(
    "SelfAttention",
    "Without use_bias there are more numbers than 3 kernels hold. What does Dense add unless you tell it not to?",
)
class always_a_bias(reference.SelfAttention):
    def __init__(self, dim, use_bias=False, **kwargs):
        super().__init__(dim, use_bias=True, **kwargs)


@wrong(
    "SelfAttention",
    "There are more weights than three projections have. The output projection comes with many heads, in lesson 2.",
)
class output_projection(reference.SelfAttention):
    def __init__(self, dim, use_bias=False, **kwargs):
        super().__init__(dim, use_bias, **kwargs)
        self.wo = keras.layers.Dense(dim, use_bias=False)

    def call(self, x, mask=None, return_weights=False):
        output, weights = super().call(x, mask, True)
        return (self.wo(output), weights) if return_weights else self.wo(output)


# figure


question(
    "figure",
    "slide_scale_cancels",
    "The same factor stands above and below the fraction line. "
    "What is left of the formula, and what is the ratio then?",
)
question(
    "figure",
    "softmax_over_the_wrong_index",
    "Write out one output y_j with two tokens. Which weights stand in that sum, and must they sum to 1?",
)
question(
    "figure",
    "permutation_invariant",
    "Swap two tokens: do the outputs stay, or swap along? Lesson 2 gives the two cases their names.",
)
