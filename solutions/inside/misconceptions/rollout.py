"""Mistakes in attention_rollout."""

from __future__ import annotations

import numpy as np
from keras import ops

from solutions.inside import reference
from solutions.registry import Registry

KNOWN = Registry("attention_rollout")


def mixed_with_identity(a):
    """Half attention (B, T, T), half the residual stream."""
    return 0.5 * a + 0.5 * np.eye(a.shape[-1])


def product(factors):
    """The first factor rightmost."""
    total = factors[0]
    for factor in factors[1:]:
        total = factor @ total
    return total


def row_sums_one(a):
    """Each row with the sum 1."""
    return a / np.sum(a, -1, keepdims=True)


def other_layer(name, hint, of_layer, combine=product, finish=lambda total: total):
    """Register a rollout with a mistake in a layer's matrix, of weights (B, h, T, T), or in how they are combined."""

    def roll(weights_per_layer):
        return finish(combine([of_layer(ops.convert_to_numpy(w).astype(float)) for w in weights_per_layer]))

    roll.__name__ = name
    return KNOWN.wrong(hint)(roll)


def right_layer(w):
    """What belongs into the product."""
    return mixed_with_identity(w.mean(1))


other_layer(
    "no_identity",
    "Around every attention runs the residual stream, which carries a token past it unchanged. What stands for it in "
    "your matrices?",
    lambda w: w.mean(1),
)
other_layer(
    "identity_alone_for_all",
    "Every token comes from itself alone in your result. Where does attention come in?",
    lambda w: np.broadcast_to(np.eye(w.shape[-1]), w[:, 0].shape) + 0,
)
other_layer(
    "not_halved",
    "Add up a row of your result. Two shares, attention and the residual stream, should make one whole.",
    lambda w: w.mean(1) + np.eye(w.shape[-1]),
)
other_layer(
    "more_residual_than_attention",
    "How large are the two shares in the text, that of attention and that of the residual stream?",
    lambda w: row_sums_one(w.mean(1) + 2 * np.eye(w.shape[-1])),
)
other_layer(
    "heads_summed",
    "Each head has rows that sum to 1. What do rows sum to if you add up the heads?",
    lambda w: mixed_with_identity(w.sum(1)),
)
other_layer(
    "heads_summed_then_divided",
    "You add the identity to the sum of the heads. With many heads, what is left of the residual stream's half?",
    lambda w: row_sums_one(w.sum(1) + np.eye(w.shape[-1])),
)


@KNOWN.wrong("A residual stream runs around every attention. Look at your first layer: where is its identity?")
def first_layer_without_residual(weights_per_layer):
    means = [ops.convert_to_numpy(w).astype(float).mean(1) for w in weights_per_layer]
    return product([means[0], *map(mixed_with_identity, means[1:])])


other_layer(
    "mean_over_the_images",
    "Weights are (B, h, T, T), and heads are what should go. Which axis do you take the mean over, and what is left in "
    "front of your result?",
    lambda w: mixed_with_identity(w.mean(0)),
)
other_layer(
    "strongest_head",
    "Some programs offer the strongest of the heads. The text asks for another way of making one of many.",
    lambda w: row_sums_one(w.max(1) + np.eye(w.shape[-1])),
)
other_layer(
    "weakest_head",
    "Some programs offer the weakest of the heads. The text asks for another way of making one of many.",
    lambda w: row_sums_one(w.min(1) + np.eye(w.shape[-1])),
)
other_layer(
    "first_head_alone",
    "You look at head 0 alone. What about the others?",
    lambda w: mixed_with_identity(w[:, 0]),
)
other_layer(
    "ones_for_the_identity",
    "You add the same number to every entry. The residual stream carries a token to one place only: which entries are "
    "those?",
    lambda w: row_sums_one(w.mean(1) + 1),
)
other_layer(
    "columns_sum_to_one",
    "Rows are what a token is made of. Along which axis do you divide?",
    lambda w: (lambda a: a / a.sum(axis=-2, keepdims=True))(w.mean(1) + np.eye(w.shape[-1])),
)
other_layer(
    "queries_and_keys_exchanged",
    "Rows are queries, the tokens that ask. In your matrices they have become columns.",
    lambda w: mixed_with_identity(np.swapaxes(w.mean(1), 1, 2)),
)
other_layer(
    "small_weights_thrown_away",
    "Some programs throw away the smaller weights, so that the pictures look clearer. Here nothing is left out.",
    lambda w: row_sums_one(
        np.where(w.mean(1) < np.median(w.mean(1), axis=-1, keepdims=True), 0, w.mean(1)) + np.eye(w.shape[-1])
    ),
)
other_layer(
    "extra_token_dropped",
    "Your result has a token less than there are. CLS belongs to the flow like any other.",
    lambda w: mixed_with_identity(w.mean(1)[:, 1:, 1:]),
)
other_layer(
    "first_layer_on_the_left",
    "Which layer does an input token meet first? In a product of matrices, the one that acts first stands next to what "
    "it acts on.",
    right_layer,
    lambda factors: product(factors[::-1]),
)
other_layer(
    "entry_by_entry",
    "A path from token j to token i may lead over any token in between. Which product adds up all these ways?",
    right_layer,
    lambda factors: np.prod(factors, axis=0),
)
other_layer(
    "mean_of_the_layers",
    "A mean of the layers treats them as if they worked side by side. They work one after the other.",
    right_layer,
    lambda factors: np.mean(factors, axis=0),
)
other_layer(
    "last_layer_alone",
    "Tokens of the last layer have long been mixtures of the input's. Where do the layers before it come in?",
    right_layer,
    lambda factors: factors[-1],
)
other_layer(
    "first_layer_alone",
    "Your result knows the first layer alone. What do the others do with it?",
    right_layer,
    lambda factors: factors[0],
)
other_layer(
    "first_layer_left_out",
    "Try a single layer. What should come out, and what does? Perhaps your loop begins one layer too late.",
    right_layer,
    lambda factors: product([np.broadcast_to(np.eye(factors[0].shape[-1]), factors[0].shape) + 0, *factors[1:]]),
)
other_layer(
    "identity_at_the_very_end",
    "The residual stream runs around every layer, not once around all of them. Where is it added?",
    lambda w: w.mean(1),
    product,
    mixed_with_identity,
)
other_layer(
    "images_averaged",
    "Every image has its own flow. Your result has none for each.",
    right_layer,
    product,
    lambda total: total.mean(axis=0),
)
other_layer(
    "result_turned",
    "Row i should belong to output token i, and sum to 1. Do your rows, or your columns?",
    right_layer,
    product,
    lambda total: np.swapaxes(total, 1, 2),
)
other_layer(
    "row_of_cls",
    "You return what CLS is made of. The text asks for a row for every token.",
    right_layer,
    product,
    lambda total: total[:, 0],
)


@KNOWN.wrong(
    "You follow each head through all layers by itself. But head 0 of one layer has nothing to do with head 0 of the "
    "next, since the heads are mixed in between. When is the mean taken?"
)
def heads_kept_apart(weights_per_layer):
    factors = [mixed_with_identity(ops.convert_to_numpy(w).astype(float)) for w in weights_per_layer]
    return product(factors).mean(axis=1)


@KNOWN.wrong("You return the flow after every layer. The text asks for the last one.")
def after_every_layer(weights_per_layer):
    counts = range(1, len(weights_per_layer) + 1)
    return np.stack([ops.convert_to_numpy(reference.attention_rollout(weights_per_layer[:n])) for n in counts])


@KNOWN.right("Dividing each row by its sum afterwards changes nothing: the sums are 2.")
def divided_by_the_row_sums(weights_per_layer):
    total = None
    for weights in weights_per_layer:
        a = ops.mean(weights, axis=1) + ops.eye(weights.shape[-1])
        a = a / ops.sum(a, axis=-1, keepdims=True)
        total = a if total is None else a @ total
    return total


@KNOWN.right("From the last layer backwards, each factor on the right.")
def from_the_last_layer(weights_per_layer):
    total = np.eye(weights_per_layer[0].shape[-1])
    for weights in reversed(weights_per_layer):
        total = total @ right_layer(ops.convert_to_numpy(weights))
    return total


@KNOWN.right("Identity mixed into each head first: a mean over heads is the same before and after.")
def mixed_before_the_mean(weights_per_layer):
    return product([mixed_with_identity(ops.convert_to_numpy(w)).mean(axis=1) for w in weights_per_layer])
