"""Mistakes in soft_targets."""

from __future__ import annotations

import numpy as np
from keras import ops

from solutions.registry import Registry

KNOWN = Registry("soft_targets")


def soft_variant(name, hint, made, twin=None):
    """Register made(logits, temperature), the logits as a float tensor."""

    def soft(logits, temperature):
        return made(ops.cast(ops.convert_to_tensor(logits), "float32"), float(temperature))

    soft.__name__ = name
    return KNOWN.wrong(hint, twin)(soft)


def powers(x, axis=-1):
    """Exponentials that sum to 1, without the shift by the maximum."""
    raised = ops.exp(x)
    return raised / ops.sum(raised, axis=axis, keepdims=True)


soft_variant(
    "multiplied_by_t",
    "Double the temperature: your targets get sharper. A larger T should make them softer.",
    lambda z, t: ops.softmax(z * t),
)
soft_variant(
    "t_is_ignored",
    "Your targets are those of T = 1, whatever T is. Where does the temperature come in?",
    lambda z, t: ops.softmax(z),
)
soft_variant(
    "probabilities_divided",
    "Do your rows still sum to 1? Divide before the exponential or after it?",
    lambda z, t: ops.softmax(z) / t,
)
soft_variant(
    "softmax_of_probabilities",
    "Your logits have been probabilities once before they were divided. Two softmaxes in a row are flatter than one.",
    lambda z, t: ops.softmax(ops.softmax(z) / t),
)
soft_variant(
    "softmax_twice",
    "You soften what is softened already. How often should the exponential be taken?",
    lambda z, t: ops.softmax(ops.softmax(z / t)),
)
soft_variant(
    "t_squared",
    "At T = 2 your targets are those of T = 4. The square belongs to the loss, later.",
    lambda z, t: ops.softmax(z / t**2),
)
soft_variant(
    "root_of_t",
    "At T = 4 your targets are those of T = 2. A root stood in attention; here there is none.",
    lambda z, t: ops.softmax(z / t**0.5),
)
soft_variant(
    "t_taken_away",
    "Take the same number away from all logits: what does the softmax say to that? T is no shift.",
    lambda z, t: ops.softmax(z - t),
    twin="t_is_ignored",
)
soft_variant(
    "over_the_images",
    "Each image's own classes should sum to 1. Over which axis do yours?",
    lambda z, t: ops.softmax(z / t, axis=0),
)
soft_variant(
    "over_the_second_axis",
    "With two axes yours is right. Over which axis do your numbers sum to 1 where there are three of them, or one?",
    lambda z, t: ops.softmax(z / t, axis=1),
)
soft_variant(
    "over_the_second_axis_or_the_only_one",
    "With one axis and with two yours is right. Over which do your numbers sum to 1 where there are three?",
    lambda z, t: ops.softmax(z / t, axis=min(1, len(z.shape) - 1)),
)
soft_variant(
    "over_everything",
    "All your numbers together sum to 1. There should be a distribution for each image.",
    lambda z, t: ops.reshape(ops.softmax(ops.reshape(z / t, (-1,))), z.shape),
)
soft_variant(
    "logarithms",
    "Your numbers are negative: they are logarithms of what is asked for.",
    lambda z, t: ops.log_softmax(z / t),
)
soft_variant(
    "one_hot",
    "Yours keeps the likeliest class and forgets the rest. The rest is what a student wants to know.",
    lambda z, t: ops.one_hot(ops.argmax(z, axis=-1), z.shape[-1]),
)
soft_variant(
    "not_normalised",
    "Do your rows sum to 1? Exponentials alone are no probabilities.",
    lambda z, t: ops.exp(z / t - ops.max(z / t, axis=-1, keepdims=True)),
)
soft_variant(
    "powers_of_probabilities",
    "p to the power 1/T has the right proportions. What is missing for a distribution?",
    lambda z, t: ops.exp(ops.log_softmax(z) / t),
)
soft_variant(
    "overflows",
    "e to the power of 500 is more than a float32 holds. Which function is safe, or what may be taken away from all "
    "logits of a row?",
    lambda z, t: powers(z / t),
)
soft_variant(
    "overflows_before_the_root",
    "Your powers are taken at T = 1 and softened afterwards: e to the power of 1000 is more than a float32 holds.",
    lambda z, t: (lambda p: p / ops.sum(p, axis=-1, keepdims=True))(powers(z) ** (1 / t)),
)
soft_variant(
    "largest_logit_of_the_batch",
    "Loud rows beside quiet ones: which maximum do you take away, that of each row or that of all?",
    lambda z, t: (lambda raised: raised / ops.sum(raised, axis=-1, keepdims=True))(ops.exp(z / t - ops.max(z / t))),
)
soft_variant(
    "whole_temperature",
    "Your temperature has lost its decimals. What happens to T = 0.5?",
    lambda z, t: ops.softmax(z / max(int(t), 1)),
)


@KNOWN.right("The power 1/T of probabilities is right once the row is divided by its sum, if nothing overflows.")
def powers_divided_by_their_sum(logits, temperature):
    logs = ops.log_softmax(ops.convert_to_tensor(logits)) / temperature
    raised = ops.exp(logs - ops.max(logs, axis=-1, keepdims=True))
    return raised / ops.sum(raised, axis=-1, keepdims=True)


@KNOWN.right("Plain NumPy in double precision gives the same numbers.")
def doubles(logits, temperature):
    scaled = np.asarray(ops.convert_to_numpy(logits), "float64") / temperature
    raised = np.exp(scaled - scaled.max(axis=-1, keepdims=True))
    return raised / raised.sum(axis=-1, keepdims=True)
