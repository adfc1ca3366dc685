"""Callables that a question hands to a student's function, written as plain data so that they can cross the wire.

{"$part": "mixer", "mix": array, "kernel": array} becomes a function. They hold nothing that an exercise asks for.
"""

from keras import ops

MARK = "$part"


def mixer(mix, kernel):
    """A layer over a set of tokens: x (B, N, D) -> tanh(mix x kernel) (B, N, D').

    Args:
        mix: tensor (N, N); row i says how much of each token goes into output i.
        kernel: tensor (D, D').
    """

    def layer(x):
        return ops.tanh(ops.matmul(mix, ops.matmul(x, kernel)))

    return layer


PARTS = {"mixer": mixer}


def make_part(description):
    """The callable that a dict with the key "$part" describes; its other entries are the factory's arguments."""
    arguments = {key: value for key, value in description.items() if key != MARK}
    return PARTS[description[MARK]](**arguments)
