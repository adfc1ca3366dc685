"""Mistakes in SelfAttention."""

from __future__ import annotations

import keras
from keras import ops

from solutions.attention import reference
from solutions.attention.misconceptions.building import (
    IGNORED,
    LONGER,
    OTHER_COUNT,
    POLARITY,
    SHARPER_WEIGHTS,
    WHICH_AXIS,
    WHICH_NUMBER,
    allowed,
    dots,
    normalised,
    root,
    scaled,
)
from solutions.registry import Registry

KNOWN = Registry("SelfAttention")


def layer_variant(name, hint, attend):
    """Register a SelfAttention whose call is attend(layer, x, mask) -> (output, weights)."""

    def call(self, x, mask=None, return_weights=False):
        output, weights = attend(self, x, mask)
        return (output, weights) if return_weights else output

    return KNOWN.wrong(hint)(type(name, (reference.SelfAttention,), {"call": call}))


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


@KNOWN.wrong("Without return_weights the text asks for the output alone, not for a tuple.")
class always_a_tuple(reference.SelfAttention):
    def call(self, x, mask=None, return_weights=False):
        return super().call(x, mask, True)


@KNOWN.wrong(
    "With return_weights=True the text asks for two results. Where does your code look at that argument?",
)
class never_weights(reference.SelfAttention):
    def call(self, x, mask=None, return_weights=False):
        return super().call(x, mask)


@KNOWN.wrong("The tokens were added to the output. That residual belongs to the encoder block, not in here.")
class adds_residual(reference.SelfAttention):
    def call(self, x, mask=None, return_weights=False):
        output, weights = super().call(x, mask, True)
        return (output + x, weights) if return_weights else output + x


@KNOWN.wrong(
    "The biases were asked for with use_bias=True and are not there. Does the argument reach all three projections?",
)
class never_a_bias(reference.SelfAttention):
    def __init__(self, dim, use_bias=False, **kwargs):
        super().__init__(dim, use_bias=False, **kwargs)


@KNOWN.wrong(
    "Without use_bias there are more numbers than 3 kernels hold. What does Dense add unless you tell it not to?",
)
class always_a_bias(reference.SelfAttention):
    def __init__(self, dim, use_bias=False, **kwargs):
        super().__init__(dim, use_bias=True, **kwargs)


@KNOWN.wrong(
    "There are more weights than three projections have. The output projection comes with many heads, in lesson 2.",
)
class output_projection(reference.SelfAttention):
    def __init__(self, dim, use_bias=False, **kwargs):
        super().__init__(dim, use_bias, **kwargs)
        self.wo = keras.layers.Dense(dim, use_bias=False)

    def call(self, x, mask=None, return_weights=False):
        output, weights = super().call(x, mask, True)
        return (self.wo(output), weights) if return_weights else self.wo(output)
