"""Sequences of digits to reverse, a small model that can learn it, and a look into its heads.

B sequences, T places in a sequence, V digits in the vocabulary, D width, h heads.
"""

import keras
import numpy as np


def reversal_data(count, seed, length=16, vocabulary=10):
    """Random sequences and the same ones backwards: -> (x, y), both (count, length) int32. The same on every machine.

    Args:
        count: how many sequences.
        seed: an int from 0 to 2**32 - 1. Another seed gives other sequences: there are 10**16 of them.
        length: T, places in each sequence.
        vocabulary: V; the digits are 0 to V - 1.
    """
    x = np.random.RandomState(seed).randint(0, vocabulary, (count, length)).astype("int32")
    return x, np.ascontiguousarray(x[:, ::-1])


def position_table(length, dim):
    """One row for each place: -> (length, dim) float32. Row i is all 0 but for a single 1, in column i.

    Raises:
        ValueError: dim is smaller than length, so that two places would look alike.
    """
    if dim < length:
        raise ValueError(f"Expected dim to be at least {length}, one feature for each place. Received: dim={dim}.")
    return np.eye(length, dim, dtype="float32")


def build_reverser(length=16, vocabulary=10, dim=32, num_heads=2, positions=None):
    """A model of one attention layer: digits (B, T) -> logits (B, T, V), no softmax.

    Each digit becomes a learned vector of width dim, its position is added, then attention, then one Dense.
    Nothing but the attention can carry a digit from one place to another.

    Args:
        length: T.
        vocabulary: V.
        dim: D, the width of a token, at least T when positions is None.
        num_heads: h, divides dim.
        positions: array (T, D), added to every sequence. It is given, not learned. None means position_table(T, D);
            zeros hide the places from the model.

    Raises:
        ValueError: num_heads does not divide dim, or positions has another shape.
    """
    if dim % num_heads:
        raise ValueError(f"Expected num_heads to divide dim={dim}. Received: num_heads={num_heads}.")
    table = position_table(length, dim) if positions is None else np.asarray(positions, "float32")
    if table.shape != (length, dim):
        raise ValueError(f"Expected positions of shape {(length, dim)}. Received: {table.shape}.")
    digits = keras.Input((length,), dtype="int32")
    tokens = keras.layers.Embedding(vocabulary, dim, name="embedding")(digits) + table
    mixed = keras.layers.MultiHeadAttention(num_heads, dim // num_heads, name="attention")(tokens, tokens)
    return keras.Model(digits, keras.layers.Dense(vocabulary, name="logits")(mixed))


def reverser_arguments(model):
    """The numbers that build_reverser needs to make this model again: -> dict of length, vocabulary, dim, num_heads."""
    embedding = model.get_layer("embedding")
    return {
        "length": int(model.input_shape[1]),
        "vocabulary": int(embedding.input_dim),
        "dim": int(embedding.output_dim),
        "num_heads": int(model.get_layer("attention").num_heads),
    }


def share_right(model, x, y):
    """Share of places at which the model's largest logit is the right digit: a float from 0 to 1."""
    return float(np.mean(np.argmax(model.predict(x, verbose=0), axis=-1) == y))


def attention_maps(model, x):
    """The attention weights of every head: digits (B, T) -> array (B, h, T, T); each row sums to 1."""
    attention = model.get_layer("attention")
    tokens = keras.Model(model.input, attention.input[0])(x)
    _, weights = attention(tokens, tokens, return_attention_scores=True)
    return keras.ops.convert_to_numpy(weights)
