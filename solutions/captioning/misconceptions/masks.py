"""Mistakes in causal_mask and padding_mask."""

from __future__ import annotations

import numpy as np
from keras import ops

from solutions.captioning import reference
from solutions.registry import Registry

CAUSAL = Registry("causal_mask")
PADDING = Registry("padding_mask")


def as_bool(mask):
    """The mask as True and False where it holds 1 and 0 alone: so it is equal to both kinds."""
    mask = np.asarray(ops.convert_to_numpy(mask))
    return mask.astype(bool) if np.isin(mask, (0, 1)).all() else mask


def causal_variant(name, hint, made):
    """Register made(T): a mask from the length, as True and False where it holds 1 and 0 alone."""

    def mask(length):
        return as_bool(made(length))

    mask.__name__ = name
    return CAUSAL.wrong(hint)(mask)


causal_variant(
    "looks_ahead",
    "Row t: what may word t read? Yours may read what comes, and not what was.",
    lambda t: np.triu(np.ones((t, t))),
)
causal_variant(
    "not_itself",
    "May a word read itself? Look at your row 0: nothing is left that word 0 could read.",
    lambda t: np.tril(np.ones((t, t)), -1),
)
causal_variant(
    "one_word_ahead",
    "In your row 0, word 0 reads word 1. Is that the past?",
    lambda t: np.tril(np.ones((t, t)), 1),
)
causal_variant(
    "forbids_the_past",
    "In this course 1 means 'may attend'. Count the ones in row 0 and in the last row: which should have more?",
    lambda t: 1 - np.tril(np.ones((t, t))),
)
causal_variant(
    "all_ones",
    "Your mask hides nothing. May word 0 read the last word?",
    lambda t: np.ones((t, t)),
)
causal_variant(
    "identity",
    "Each of your words reads itself alone. What about the words before it?",
    lambda t: np.eye(t),
)
causal_variant(
    "additive",
    "This is what would be added to scores. The text asks for 1 (may) and 0 (may not).",
    lambda t: (1 - np.tril(np.ones((t, t)))) * -1e9,
)
causal_variant(
    "the_word_before_alone",
    "How far back may word 3 look? Yours sees its neighbour and itself.",
    lambda t: np.tril(np.ones((t, t))) - np.tril(np.ones((t, t)), -2),
)
causal_variant(
    "first_word_hidden",
    "Who may read word 0? Look at your first column.",
    lambda t: np.where(np.arange(t) == 0, np.eye(t)[:, :1], np.tril(np.ones((t, t)))),
)
causal_variant(
    "numbers_of_places",
    "Your mask holds other numbers than 0 and 1. A word may be read or not, there is nothing between.",
    lambda t: np.tril(np.ones((t, t))) * np.arange(1, t + 1),
)
causal_variant(
    "rows_sum_to_1",
    "A mask says who may be read. How much of each is read is for the softmax to say: 0 or 1 is enough here.",
    lambda t: np.tril(np.ones((t, t))) / np.arange(1, t + 1)[:, None],
)
causal_variant(
    "upside_down",
    "Which of your rows has a single 1, the first or the last? Word 0 has only itself.",
    lambda t: np.tril(np.ones((t, t)))[::-1],
)
causal_variant(
    "batch_axes",
    "The text asks for (length, length). Axes for images and heads come by themselves, by broadcasting.",
    lambda t: np.tril(np.ones((1, 1, t, t))),
)
causal_variant(
    "one_row",
    "One row for all words: where does it say which word asks?",
    lambda t: np.ones(t),
)
causal_variant(
    "one_too_many",
    "Count your rows: there are more of them than words.",
    lambda t: np.tril(np.ones((t + 1, t + 1))),
)


@CAUSAL.right("True and False are as good as 1 and 0, and two rows of numbers can be compared instead.")
def by_comparing(length):
    places = ops.arange(length)
    return places[None, :] <= places[:, None]


@CAUSAL.right("Whole numbers will do.")
def cumulative(length):
    return np.cumsum(np.eye(length, dtype="int32"), axis=0)


def padding_variant(name, hint, made, twin=None):
    """Register made(token_ids, pad_id): a mask from the tokens, as True and False where it holds 1 and 0 alone."""

    def mask(token_ids, pad_id=0):
        return as_bool(made(ops.convert_to_tensor(token_ids), pad_id))

    mask.__name__ = name
    return PADDING.wrong(hint, twin)(mask)


def words(tokens, pad):
    """(B, T), 1 where there is a word."""
    return ops.cast(ops.not_equal(tokens, pad), "float32")


padding_variant(
    "marks_the_pads",
    "In this course 1 means 'may attend'. Your mask is 1 where the padding stands.",
    lambda tokens, pad: 1 - words(tokens, pad)[:, None, None, :],
)
padding_variant(
    "no_new_axes",
    "(B, T) against scores (B, h, T, T): broadcasting starts at the right, so B would meet a T. Where must the new "
    "axes of length 1 go?",
    words,
)
padding_variant(
    "one_new_axis",
    "Scores have four axes: pictures, heads, who asks, who is read. Yours has three.",
    lambda tokens, pad: words(tokens, pad)[:, None, :],
)
padding_variant(
    "who_asks",
    "Padding must not be read. Yours stands on the axis of those who ask.",
    lambda tokens, pad: words(tokens, pad)[:, None, :, None],
)
padding_variant(
    "at_the_end",
    "The last axis of the scores belongs to the tokens that are read. In yours it has length 1.",
    lambda tokens, pad: words(tokens, pad)[:, :, None, None],
)
padding_variant(
    "on_the_heads",
    "The second axis of the scores counts heads. Which axis counts the tokens that are read?",
    lambda tokens, pad: words(tokens, pad)[None, :, None, :],
)
padding_variant(
    "both_ways",
    "Your mask also keeps padding from asking, and then its rows are empty. The text asks for (B, 1, 1, T).",
    lambda tokens, pad: words(tokens, pad)[:, None, None, :] * words(tokens, pad)[:, None, :, None],
)
padding_variant(
    "one_row_for_each_word",
    "Every word that asks gets the same row, so one is enough: (B, 1, 1, T).",
    lambda tokens, pad: words(tokens, pad)[:, None, None, :] * ops.ones((1, 1, tokens.shape[1], 1)),
)
padding_variant(
    "always_0",
    "Your mask is right as long as padding is 0. There is an argument for it.",
    lambda tokens, pad: words(tokens, 0)[:, None, None, :],
)
padding_variant(
    "larger_than_the_pad",
    "A word may have a smaller number than the padding. Which comparison asks whether two numbers are the same?",
    lambda tokens, pad: ops.cast(tokens > pad, "float32")[:, None, None, :],
)
padding_variant(
    "truth_of_the_number",
    "A number is 'true' when it is not 0, and this is what you ask. What if padding is another number?",
    lambda tokens, pad: ops.cast(tokens, "bool")[:, None, None, :],
    twin="always_0",
)
padding_variant(
    "additive",
    "This is what would be added to scores. The text asks for 1 (may) and 0 (may not).",
    lambda tokens, pad: (1 - words(tokens, pad)[:, None, None, :]) * -1e9,
)
padding_variant(
    "keeps_the_numbers",
    "Your mask holds the numbers of the words. 1 is enough: it may be read.",
    lambda tokens, pad: ops.cast(tokens, "float32")[:, None, None, :] * words(tokens, pad)[:, None, None, :],
)
padding_variant(
    "causal_too",
    "Who comes later is the other mask's business. This one knows words and padding only.",
    lambda tokens, pad: (
        words(tokens, pad)[:, None, None, :] * ops.cast(reference.causal_mask(tokens.shape[1]), "float32")
    ),
)
padding_variant(
    "first_pad_counts",
    "The first padding behind the words may still be read in yours.",
    lambda tokens, pad: ops.concatenate([ops.ones_like(words(tokens, pad)[:, :1]), words(tokens, pad)[:, :-1]], axis=1)[
        :, None, None, :
    ],
)


@PADDING.right("Numbers in place of True and False, new axes by reshape.")
def by_reshape(token_ids, pad_id=0):
    found = np.array(ops.convert_to_numpy(token_ids)) != pad_id
    return found.astype("int64").reshape(len(found), 1, 1, -1)


@PADDING.right("1 minus 'is padding' is the same.")
def the_other_way_round(token_ids, pad_id=0):
    return 1.0 - ops.cast(ops.equal(token_ids, pad_id), "float32")[:, None, None]
