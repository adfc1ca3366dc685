"""Mistakes in cka_matrix."""

from __future__ import annotations

import numpy as np
from keras import ops

from solutions.inside.misconceptions.alike import centred, numbers, ratio
from solutions.registry import Registry

KNOWN = Registry("cka_matrix")


def flattened(z):
    """(n, everything else)."""
    z = numbers(z)
    return z.reshape(z.shape[0], -1)


def pooled(z):
    """The mean over all axes between the first and the last."""
    z = numbers(z)
    return z.mean(axis=tuple(range(1, z.ndim - 1)))


def table(features_a, features_b, prepare=flattened, compare=lambda x, y: ratio(centred(x), centred(y))):
    """One number for each pair of layers."""
    rows, columns = [prepare(z) for z in features_a], [prepare(z) for z in features_b]
    return np.array([[compare(x, y) for y in columns] for x in rows])


def other_features(name, hint, prepare):
    """Register a table of features that are made flat in another way."""

    def compare_all(features_a, features_b):
        return table(features_a, features_b, prepare)

    compare_all.__name__ = name
    return KNOWN.wrong(hint)(compare_all)


def other_table(name, hint, change):
    """Register a mistake in the table: change(table, features_a, features_b)."""

    def compare_all(features_a, features_b):
        return change(table(features_a, features_b), features_a, features_b)

    compare_all.__name__ = name
    return KNOWN.wrong(hint)(compare_all)


other_features(
    "tokens_for_examples",
    "Each of your rows is a token. Then only layers with equally many tokens can be compared. Which axis counts the "
    "examples?",
    lambda z: numbers(z).reshape(-1, z.shape[-1]),
)
other_features(
    "tokens_averaged",
    "You take a mean over the tokens, or over the places of the map. The text flattens: every number is a feature.",
    pooled,
)
other_features(
    "first_token_alone",
    "You keep the first token, or the first corner. All numbers of an example are features.",
    lambda z: numbers(z).reshape(z.shape[0], -1, z.shape[-1])[:, 0],
)
other_features(
    "last_token_alone",
    "You keep the last token, or the last corner. All numbers of an example are features.",
    lambda z: numbers(z).reshape(z.shape[0], -1, z.shape[-1])[:, -1],
)
other_features(
    "channels_averaged",
    "You take a mean over the last axis. All numbers of an example are features.",
    lambda z: flattened(numbers(z).mean(axis=-1)) if len(z.shape) > 2 else numbers(z),
)
other_features(
    "scaled_to_unit_variance",
    "Your flat features are scaled to unit variance. The text only moves them, and your linear_cka does that already.",
    lambda z: (lambda f: f / f.std(axis=0))(flattened(z)),
)
other_features(
    "examples_of_length_one",
    "You divide each example by its length. Nothing in the text does that.",
    lambda z: (lambda f: f / np.linalg.norm(f, axis=1, keepdims=True))(flattened(z)),
)
other_table(
    "rows_and_columns_exchanged",
    "Which list makes the rows? With lists of different lengths you can see it from the shape alone.",
    lambda found, a, b: found.T,
)
other_table(
    "one_long_row",
    "The numbers are there, in one long row. The text asks for a table.",
    lambda found, a, b: found.ravel(),
)
other_table(
    "upper_triangle_alone",
    "Half of your table is empty. Only a list with itself gives a symmetric table; here there are two lists.",
    lambda found, a, b: np.triu(found),
)
other_table(
    "upper_triangle_mirrored",
    "You copy what lies above the diagonal to below it. Only a list with itself gives a symmetric table.",
    lambda found, a, b: np.array(
        [[found[min(i, j), max(i, j)] if max(i, j) < len(b) and min(i, j) < len(a) else found[i, j]
          for j in range(len(b))] for i in range(len(a))]
    ),
)  # fmt: skip
other_table(
    "ones_on_the_diagonal",
    "Layer 1 of a ViT and layer 1 of a CNN are two layers. Why should their CKA be 1?",
    lambda found, a, b: np.where(np.eye(*found.shape) > 0, 1.0, found),
)
other_table(
    "divided_by_the_layers",
    "Your numbers are too small, all by the same factor. What do you divide by? (A published program divided by the "
    "number of layers here.)",
    lambda found, a, b: found / len(b),
)
other_table(
    "first_list_with_itself",
    "The second list does not change your result. Where does it come in?",
    lambda found, a, b: table(a, a),
)
other_table(
    "second_list_with_itself",
    "The first list does not change your result. Where does it come in?",
    lambda found, a, b: table(b, b),
)
other_table(
    "pairs_of_equal_number",
    "You compare layer 0 with layer 0, layer 1 with layer 1. The text asks for each with each.",
    lambda found, a, b: np.diag(found),
)
other_table(
    "distances",
    "Equal layers should have 1 in your table. Yours says how different they are.",
    lambda found, a, b: 1 - found,
)


@KNOWN.wrong("The layers are not centred. With a right linear_cka there is nothing to do, so do you call yours?")
def no_centring(features_a, features_b):
    return table(features_a, features_b, compare=ratio)


@KNOWN.wrong(
    "You subtract one mean from each example. Centred are the columns of the flat features: a mean for each, over the "
    "examples."
)
def centres_the_examples(features_a, features_b):
    return table(features_a, features_b, compare=lambda x, y: ratio(*(z - z.mean(1, keepdims=True) for z in (x, y))))


@KNOWN.wrong(
    "You compare the tokens place by place, and average at the end. Then layers need equally many tokens. The text "
    "flattens all of them into one row for each example."
)
def token_by_token(features_a, features_b):
    def compare(x, y):
        x, y = (z.reshape(z.shape[0], -1, z.shape[-1]) for z in (x, y))
        return np.mean([ratio(centred(x[:, t]), centred(y[:, t])) for t in range(max(x.shape[1], y.shape[1]))])

    return table(features_a, features_b, numbers, compare)


@KNOWN.right("By products between examples: each layer is worked on once.")
def by_products_between_examples(features_a, features_b):
    sides = []
    for features in (features_a, features_b):
        grams = [centred(flattened(z)) for z in features]
        grams = np.array([(g @ g.T).ravel() for g in grams])
        sides.append(grams / np.linalg.norm(grams, axis=1, keepdims=True))
    return sides[0] @ sides[1].T


@KNOWN.right("With ops.")
def by_ops(features_a, features_b):
    flat = [[ops.reshape(z, (z.shape[0], -1)) for z in features] for features in (features_a, features_b)]
    return ops.stack([ops.stack([ratio(centred(numbers(x)), centred(numbers(y))) for y in flat[1]]) for x in flat[0]])


@KNOWN.right("Lists of lists are as good as an array.")
def lists_of_lists(features_a, features_b):
    return [[float(number) for number in row] for row in table(features_a, features_b)]
