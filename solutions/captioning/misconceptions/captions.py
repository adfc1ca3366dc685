"""Mistakes in shift_captions."""

from __future__ import annotations

import numpy as np
from keras import ops

from solutions.registry import Registry

KNOWN = Registry("shift_captions")
COPIES = "Your loss would go to 0 in a minute. What does the model have to do but copy?"


def shift_variant(name, hint, made, twin=None):
    """Register made(captions, is_word): the three results; is_word is float (B, L)."""

    def shift(captions, pad_id=0):
        captions = np.array(ops.convert_to_numpy(captions))
        return made(captions, (captions != pad_id).astype("float32"))

    shift.__name__ = name
    return KNOWN.wrong(hint, twin)(shift)


shift_variant("no_shift", COPIES, lambda c, word: (c[:, :-1], c[:, :-1], word[:, :-1]))
shift_variant(
    "no_shift_at_the_right", f"{COPIES} Both lack <start>.", lambda c, word: (c[:, 1:], c[:, 1:], word[:, 1:])
)
shift_variant("whole_captions", f"{COPIES} Both should have one column less.", lambda c, word: (c, c, word))
shift_variant(
    "backwards",
    "Given <start>, what should come out first? In yours the model is asked for the word before.",
    lambda c, word: (c[:, 1:], c[:, :-1], word[:, :-1]),
)
shift_variant(
    "by_two",
    "Which word should come out where <start> goes in: the first, or the second?",
    lambda c, word: (c[:, :-2], c[:, 2:], word[:, 2:]),
)
shift_variant(
    "one_column_lost",
    "One column goes missing on each side, and no more. Which input should bring out the last column?",
    lambda c, word: (c[:, :-2], c[:, 1:-1], word[:, 1:-1]),
)
shift_variant(
    "inputs_in_full",
    "The last word of the row has no successor, so there is nothing to ask it for: inputs have one column less.",
    lambda c, word: (c, c[:, 1:], word[:, 1:]),
)
shift_variant(
    "around_the_corner",
    "Your last target is <start>: the row went round the corner. Each result has L - 1 columns.",
    lambda c, word: (c, np.roll(c, -1, axis=1), np.roll(word, -1, axis=1)),
)
shift_variant(
    "weights_of_the_inputs",
    "Is the <end> target counted, and is the first pad not? Look at which of the two rows your weights follow.",
    lambda c, word: (c[:, :-1], c[:, 1:], word[:, :-1]),
)
shift_variant(
    "weights_in_full",
    "One weight for each target. Yours have a column more than the targets.",
    lambda c, word: (c[:, :-1], c[:, 1:], word),
)
shift_variant(
    "end_not_counted",
    "When should the model stop? It only learns that if the end counts.",
    lambda c, word: (c[:, :-1], c[:, 1:], np.pad(word[:, 2:], [(0, 0), (0, 1)])),
)
shift_variant(
    "where_both_are_words",
    "In a caption that fills its row all is well, and where it ends, too. But which input has <end> in it?",
    lambda c, word: (c[:, :-1], c[:, 1:], word[:, :-1] * word[:, 1:] * np.pad(word[:, 2:], [(0, 0), (0, 1)])),
    twin="end_not_counted",
)
shift_variant(
    "everything_counts",
    "Are your weights 1 at the padding, too? Then the model mostly learns to write padding.",
    lambda c, word: (c[:, :-1], c[:, 1:], np.ones_like(word[:, 1:])),
)
shift_variant(
    "pads_count",
    "Your weights are 1 at the padding and 0 at the words. Which of the two should the model learn?",
    lambda c, word: (c[:, :-1], c[:, 1:], 1 - word[:, 1:]),
)
shift_variant(
    "means_for_each_caption",
    "A weight says whether a word counts: 0 or 1. Who divides by how many is the loss.",
    lambda c, word: (c[:, :-1], c[:, 1:], word[:, 1:] / word[:, 1:].sum(1, keepdims=True)),
)
shift_variant(
    "inputs_and_targets_swapped",
    "All is there, but in another order: what goes in comes first, then what should come out.",
    lambda c, word: (c[:, 1:], c[:, :-1], word[:, 1:]),
)
shift_variant(
    "weights_first",
    "All three are there, in another order: inputs, targets, weights.",
    lambda c, word: (word[:, 1:], c[:, :-1], c[:, 1:]),
)
shift_variant(
    "pair",
    "Three results are asked for. Where are the weights?",
    lambda c, word: (c[:, :-1], c[:, 1:]),
)
shift_variant(
    "inputs_without_padding",
    "Inputs are all but the last column, unchanged. Yours have other numbers at some places.",
    lambda c, word: (np.where(word[:, 1:] == 1, c[:, :-1], 0), c[:, 1:], word[:, 1:]),
)
shift_variant(
    "masked_targets",
    "The weights say what counts; the targets stay as they are. Yours are 0 where they were padding.",
    lambda c, word: (c[:, :-1], np.where(word[:, 1:] == 1, c[:, 1:], 0), word[:, 1:]),
)
shift_variant(
    "rows_in_place_of_columns",
    "Your results miss a caption, not a column. Which axis counts the words?",
    lambda c, word: (c[:-1], c[1:], word[1:]),
)


@KNOWN.wrong("Your weights are right as long as padding is 0. There is an argument for it.")
def always_0(captions, pad_id=0):
    targets = captions[:, 1:]
    return captions[:, :-1], targets, ops.cast(ops.not_equal(targets, 0), "float32")


@KNOWN.wrong("A word may have a smaller number than the padding. Which comparison asks whether two are the same?")
def larger_than_the_pad(captions, pad_id=0):
    targets = captions[:, 1:]
    return captions[:, :-1], targets, ops.cast(targets > pad_id, "float32")


@KNOWN.right("Weights may be whole numbers of any kind or float64, and the results a list.")
def a_list(captions, pad_id=0):
    captions = ops.convert_to_numpy(captions)
    inputs, targets = captions[..., :-1], np.delete(captions, 0, axis=1)
    return [inputs.astype("int64"), targets, np.where(targets == pad_id, 0.0, 1.0)]
