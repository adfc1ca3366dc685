"""Mistakes in LearnedPositionEmbedding."""

from __future__ import annotations

import keras
from keras import ops

from solutions.registry import Registry
from solutions.tokens import reference

KNOWN = Registry("LearnedPositionEmbedding")


def call_variant(name, hint, call):
    """Register a layer whose call is call(x, table)."""
    methods = {"call": lambda self, x: call(x, self.embeddings)}
    return KNOWN.wrong(hint)(type(name, (reference.LearnedPositionEmbedding,), methods))


def table_variant(name, hint, shape_of, **options):
    """Register a layer whose table has another shape, or another option of add_weight."""

    def __init__(self, num_positions, dim, **kwargs):  # noqa: N807 - it becomes a method
        keras.layers.Layer.__init__(self, **kwargs)
        self.embeddings = self.add_weight(shape=shape_of(num_positions, dim), name="embeddings", **options)

    def call(self, x):
        return x + ops.reshape(self.embeddings, (-1, x.shape[-1]))[: x.shape[1]]

    return KNOWN.wrong(hint)(type(name, (keras.layers.Layer,), {"__init__": __init__, "call": call}))


call_variant(
    "first_row_for_all",
    "Swap two of your tokens: their positions must stay where they were. Do different places get different rows?",
    lambda x, table: x + table[0],
)
call_variant(
    "rows_from_the_end",
    "With fewer tokens than rows, which row does the first token get?",
    lambda x, table: x + table[table.shape[0] - x.shape[1] :],
)
call_variant(
    "rows_in_reverse",
    "Which row does token 0 get, the first or the last?",
    lambda x, table: x + table[: x.shape[1]][::-1],
)
call_variant(
    "row_of_the_image",
    "All tokens of an image got the same row. Which axis of x counts the tokens?",
    lambda x, table: x + table[: x.shape[0], None],
)
call_variant(
    "multiplies", "A position is added to a token. What did you do with it?", lambda x, table: x * table[: x.shape[1]]
)
call_variant(
    "concatenates",
    "Same dimension: a position is added. Your tokens became wider.",
    lambda x, table: ops.concatenate([x, ops.broadcast_to(table[: x.shape[1]], x.shape)], axis=-1),
)
call_variant(
    "positions_only",
    "The tokens are gone: your result is the same for every image. What is added to what?",
    lambda x, table: ops.broadcast_to(table[: x.shape[1]], x.shape),
)
call_variant(
    "tokens_unchanged", "Your tokens came out as they went in. Where does the table come in?", lambda x, table: x + 0.0
)
call_variant(
    "scales_the_tokens",
    "The tokens themselves became longer. The text has no factor in front of x.",
    lambda x, table: x * x.shape[-1] ** 0.5 + table[: x.shape[1]],
)
call_variant(
    "scales_the_table",
    "The table is added with a factor. Each row is added as it stands there.",
    lambda x, table: x + table[: x.shape[1]] * x.shape[-1] ** 0.5,
)
call_variant("subtracts", "A position is added to a token. Check your sign.", lambda x, table: x - table[: x.shape[1]])
call_variant(
    "average_of_the_table",
    "Every token got the same, the mean of the table. A model could not tell two places apart.",
    lambda x, table: x + ops.mean(table, axis=0),
)

table_variant("transposed_table", "(num_positions, dim): which of the two counts the rows?", lambda n, dim: (dim, n))
table_variant(
    "table_with_a_batch_axis",
    "Many programs keep an axis of length 1 in front. Broadcasting does not need it, and the text has two axes.",
    lambda n, dim: (1, n, dim),
)
table_variant(
    "a_row_too_many", "How many rows did the text ask for? A place for the class token comes in lesson 4.",
    lambda n, dim: (n + 1, dim),
)  # fmt: skip
table_variant(
    "one_row", "A single row for all places? How many positions must the table tell apart?", lambda n, dim: (1, dim)
)
table_variant(
    "frozen_table",
    "The table would stay as it was made: training cannot change it. Which option of add_weight says so?",
    lambda n, dim: (n, dim),
    trainable=False,
)


@KNOWN.wrong(
    "Keras's Embedding layer keeps its table one level deeper. The text asks for the weight itself, made by add_weight."
)
class embedding_layer(keras.layers.Layer):
    def __init__(self, num_positions, dim, **kwargs):
        super().__init__(**kwargs)
        self.embeddings = keras.layers.Embedding(num_positions, dim)

    def call(self, x):
        return x + self.embeddings(ops.arange(x.shape[1]))


@KNOWN.wrong("Your layer holds more numbers than one table. What else is trained in it?")
class projected_table(reference.LearnedPositionEmbedding):
    def __init__(self, num_positions, dim, **kwargs):
        super().__init__(num_positions, dim, **kwargs)
        self.proj = keras.layers.Dense(dim)

    def call(self, x):
        return x + self.proj(self.embeddings[: x.shape[1]])


@KNOWN.right("The weight may be made in build.")
class made_in_build(keras.layers.Layer):
    def __init__(self, num_positions, dim, **kwargs):
        super().__init__(**kwargs)
        self.size = num_positions, dim

    def build(self, input_shape):
        self.embeddings = self.add_weight(shape=self.size, initializer="zeros", name="table")

    def call(self, x):
        return x + ops.take(self.embeddings, ops.arange(x.shape[1]), axis=0)


@KNOWN.right("A switched-off dropout changes nothing, and a table may be made as a Variable.")
class with_dropout(keras.layers.Layer):
    def __init__(self, num_positions, dim, **kwargs):
        super().__init__(**kwargs)
        self.embeddings = keras.Variable(ops.ones((num_positions, dim)), name="embeddings")
        self.dropout = keras.layers.Dropout(0.1)

    def call(self, x):
        return self.dropout(x + self.embeddings[None, : x.shape[1]], training=False)
