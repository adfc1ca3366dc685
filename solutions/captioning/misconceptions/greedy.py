"""Mistakes in greedy_decode."""

from __future__ import annotations

import numpy as np
from keras import ops

from solutions.registry import Registry

KNOWN = Registry("greedy_decode")
AFTER_THE_END = "What follows the end? Look at a caption that is shorter than the others."


def logits_of(model, images, written):
    """The model's logits for what is written, as an array (B, t, V)."""
    return ops.convert_to_numpy(model(images, ops.convert_to_tensor(written.astype("int32")), training=False))


class Decoder:
    """Greedy decoding in steps; a wrong one overrides some of them."""

    def begin(self, images, start, end, length, pad):
        return np.full((len(images), 1), start, "int32")

    def shown(self, written, length, pad):
        """What the model gets."""
        return written

    def column(self, written):
        """Where the next word is read."""
        return -1

    def choose(self, logits):
        return logits.argmax(axis=-1)

    def ended(self, written, end):
        return (written == end).any(axis=1)

    def after(self, words, ended, written, end, pad):
        return np.where(ended, pad, words)

    def enough(self, written, length, end):
        return written.shape[1] == length

    def finish(self, written, start, end, length, pad):
        return written

    def write(self, model, images, start, end, length, pad):
        written = self.begin(images, start, end, length, pad)
        while not self.enough(written, length, end):
            logits = logits_of(model, images, self.shown(written, length, pad))
            words = self.choose(logits[:, self.column(written)])
            words = self.after(words, self.ended(written, end), written, end, pad)
            written = np.concatenate([written, words[:, None].astype("int32")], axis=1)
        return self.finish(written, start, end, length, pad)


def greedy_variant(name, hint, twin=None, **steps):
    """Register a way to decode with some steps replaced."""
    decoder = type(name, (Decoder,), steps)()

    def decode(model, images, start_id, end_id, max_length, pad_id=0):
        return decoder.write(model, images, start_id, end_id, max_length, pad_id)

    decode.__name__ = name
    return KNOWN.wrong(hint, twin)(decode)


def filled(written, length, pad):
    """Padded to `length` columns."""
    return np.pad(written, [(0, 0), (0, length - written.shape[1])], constant_values=pad)


greedy_variant(
    "last_column_of_a_padded_row",
    "At step t, which column holds the newest word? Yours reads what the model says after padding.",
    shown=lambda self, written, length, pad: filled(written, length - 1, pad),
)
greedy_variant(
    "one_column_too_early",
    "The next word is read at the newest word's column. Yours reads one column before it.",
    column=lambda self, written: max(written.shape[1] - 2, 0),
)
greedy_variant(
    "always_the_first_column",
    "At every place the answer to <start> decides. What has the model written since? Does it get to read that, and "
    "which column of its logits is about the newest word?",
    column=lambda self, written: 0,
)
greedy_variant(
    "newest_word_alone",
    "Your model gets the newest word, and nothing of what was written before. What has it forgotten?",
    shown=lambda self, written, length, pad: written[:, -1:],
)
greedy_variant(
    "start_alone",
    "Your model always gets <start> alone. Where does what it has written go?",
    twin="always_the_first_column",
    shown=lambda self, written, length, pad: written[:, :1],
)
greedy_variant(
    "writes_on_after_the_end",
    AFTER_THE_END,
    after=lambda self, words, ended, written, end, pad: words,
)
greedy_variant(
    "end_again_and_again",
    f"{AFTER_THE_END} The end stands there once, then padding.",
    after=lambda self, words, ended, written, end, pad: np.where(ended, end, words),
)
greedy_variant(
    "padding_is_always_0",
    f"{AFTER_THE_END} Padding may have another number than 0.",
    after=lambda self, words, ended, written, end, pad: np.where(ended, 0, words),
)
greedy_variant(
    "end_is_not_kept",
    "The end belongs to the caption: it is kept, and padding follows it.",
    finish=lambda self, written, start, end, length, pad: np.where(written == end, pad, written),
)
greedy_variant(
    "start_is_not_kept",
    "The result is laid out like captions. What stands in column 0?",
    finish=lambda self, written, start, end, length, pad: written[:, 1:],
)
greedy_variant(
    "start_is_not_kept_but_a_column_is_added",
    "The result is laid out like captions: what stands in column 0? Yours begins with the first word.",
    finish=lambda self, written, start, end, length, pad: filled(written[:, 1:], length, pad),
)
greedy_variant(
    "one_column_too_many",
    "max_length counts all columns, <start> among them.",
    enough=lambda self, written, length, end: written.shape[1] == length + 1,
)
greedy_variant(
    "one_column_too_few",
    "max_length counts all columns. Yours stops one word early.",
    enough=lambda self, written, length, end: written.shape[1] == length - 1,
)
greedy_variant(
    "stops_when_one_ends",
    "Each picture's caption ends by itself. Yours all end with the first one.",
    enough=lambda self, written, length, end: written.shape[1] == length or (written == end).any(),
    finish=lambda self, written, start, end, length, pad: filled(written, length, pad),
)
greedy_variant(
    "fewer_columns_when_all_have_ended",
    "The result always has max_length columns, even if all captions are short.",
    enough=lambda self, written, length, end: written.shape[1] == length or (written == end).any(axis=1).all(),
)
greedy_variant(
    "end_is_forced",
    "A caption that has not ended is cut. Yours gets an end that the model never wrote.",
    finish=lambda self, written, start, end, length, pad: np.concatenate(
        [written[:, :-1], np.where((written[:, :-1] == end).any(axis=1), pad, end)[:, None]], axis=1
    ),
)
greedy_variant(
    "stops_at_padding",
    "A caption ends with end_id. Yours waits for padding, which the model never writes.",
    ended=lambda self, written, end: np.zeros(len(written), bool),
    twin="writes_on_after_the_end",
)
greedy_variant(
    "begins_with_padding",
    "What is the first thing that the model gets to read? Which number does it have?",
    begin=lambda self, images, start, end, length, pad: np.full((len(images), 1), pad, "int32"),
)
greedy_variant(
    "begins_with_the_end",
    "What is the first thing that the model gets to read? Start and end have changed places in yours.",
    begin=lambda self, images, start, end, length, pad: np.full((len(images), 1), end, "int32"),
)
greedy_variant(
    "the_unlikeliest",
    "The likeliest word has the largest logit. Which one do you take?",
    choose=lambda self, logits: logits.argmin(axis=-1),
)
greedy_variant(
    "the_second_best",
    "You take the second-largest logit. Look at which end your order begins.",
    choose=lambda self, logits: np.argsort(logits, axis=-1)[:, -2],
)
greedy_variant(
    "over_the_pictures",
    "For each picture one word: which axis of the logits counts the words?",
    choose=lambda self, logits: np.resize(logits.argmax(axis=0), len(logits)),
)
greedy_variant(
    "one_caption_for_all",
    "Every picture gets the caption of the first one. Where does an index too many stand?",
    choose=lambda self, logits: np.repeat(logits[:1].argmax(axis=-1), len(logits)),
)


@KNOWN.wrong("This is one pass over words that are not there yet. Each word needs the one before it.")
def all_at_once(model, images, start_id, end_id, max_length, pad_id=0):
    row = filled(np.full((len(images), 1), start_id), max_length - 1, pad_id)
    words = logits_of(model, images, row).argmax(axis=-1)
    words = np.where(np.cumsum(words == end_id, axis=1) - (words == end_id) > 0, pad_id, words)
    return np.concatenate([row[:, :1], words], axis=1)


@KNOWN.right("A padded array, read at the newest word's column, and words set in place.")
def padded_in_place(model, images, start_id, end_id, max_length, pad_id=0):
    written = np.full((len(images), max_length), pad_id)
    written[:, 0] = start_id
    going = np.ones(len(images), bool)
    for t in range(1, max_length):
        logits = logits_of(model, images, written[:, :-1])[:, t - 1]
        written[going, t] = logits.argmax(axis=-1)[going]
        going &= written[:, t] != end_id
    return written


@KNOWN.right("One picture at a time, with lists.")
def one_by_one(model, images, start_id, end_id, max_length, pad_id=0):
    captions = []
    for i in range(images.shape[0]):
        words = [start_id]
        while len(words) < max_length and words[-1] != end_id:
            logits = model(images[i : i + 1], ops.convert_to_tensor([words]), training=False)
            words.append(int(ops.argmax(logits[0, -1])))
        captions.append(words + [pad_id] * (max_length - len(words)))
    return np.array(captions)


@KNOWN.right("Tensors all the way, and no more calls once all captions have ended.")
def in_tensors(model, images, start_id, end_id, max_length, pad_id=0):
    written = ops.full((images.shape[0], 1), start_id, dtype="int32")
    going = ops.ones((images.shape[0], 1), dtype="bool")
    while written.shape[1] < max_length and bool(ops.any(going)):
        newest = ops.argmax(model(images, written, training=False)[:, -1:], axis=-1)
        newest = ops.where(going, ops.cast(newest, "int32"), pad_id)
        written, going = ops.concatenate([written, newest], axis=1), ops.logical_and(going, newest != end_id)
    return ops.pad(written, [(0, 0), (0, max_length - written.shape[1])], constant_values=pad_id)
