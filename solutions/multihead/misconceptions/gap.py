"""Mistakes in permutation_gap."""

from __future__ import annotations

import numpy as np
from keras import ops

from solutions.multihead import reference
from solutions.registry import Registry

KNOWN = Registry("permutation_gap")


def both(layer, x, perm):
    """layer(P x) and P layer(x)."""
    return layer(ops.take(x, perm, axis=1)), ops.take(layer(x), perm, axis=1)


def largest(difference):
    """The largest absolute value."""
    return ops.max(ops.abs(difference))


@KNOWN.wrong(
    "You compare each place with the same place. After shuffling, where is the token that used to sit at place 0? "
    "What you measure is invariance."
)
def invariance(layer, x, perm):
    return largest(layer(ops.take(x, perm, axis=1)) - layer(x))


@KNOWN.wrong("Inputs and outputs must be shuffled in the same direction. Try the order 1, 2, 0 on paper, both times.")
def shuffles_back(layer, x, perm):
    return largest(layer(ops.take(x, perm, axis=1)) - ops.take(layer(x), ops.argsort(perm), axis=1))


@KNOWN.wrong("(P x)[:, i] is x[:, perm[i]]: perm says where a token comes from. Yours says where it goes.")
def perm_says_where_to(layer, x, perm):
    before, after = both(layer, x, ops.argsort(perm))
    return largest(before - after)


@KNOWN.wrong("The tokens were never shuffled before they went in. Which of the two terms has P inside the layer?")
def shuffles_only_the_output(layer, x, perm):
    return largest(layer(x) - ops.take(layer(x), perm, axis=1))


@KNOWN.wrong("A large negative difference is a gap too. What should happen to its sign?")
def keeps_the_sign(layer, x, perm):
    before, after = both(layer, x, perm)
    return ops.max(before - after)


@KNOWN.wrong("The text asks for the largest difference. An average hides one bad token among many good ones.")
def mean_difference(layer, x, perm):
    before, after = both(layer, x, perm)
    return ops.mean(ops.abs(before - after))


@KNOWN.wrong("The text asks for the largest difference, and yours grows with the number of tokens: it is a sum.")
def sum_of_differences(layer, x, perm):
    before, after = both(layer, x, perm)
    return ops.sum(ops.abs(before - after))


@KNOWN.wrong("The text asks for the largest absolute difference. You return a root of squares.")
def euclidean_distance(layer, x, perm):
    before, after = both(layer, x, perm)
    return ops.sqrt(ops.sum((before - after) ** 2))


@KNOWN.wrong("The text asks for the largest absolute difference. Yours is squared.")
def largest_square(layer, x, perm):
    before, after = both(layer, x, perm)
    return ops.max((before - after) ** 2)


@KNOWN.wrong("One number is asked for, over all images. Which axes does your maximum leave?")
def one_for_each_image(layer, x, perm):
    before, after = both(layer, x, perm)
    return ops.max(ops.abs(before - after), axis=(1, 2))


@KNOWN.wrong("One number is asked for, over all features. Which axes does your maximum leave?")
def one_for_each_feature(layer, x, perm):
    before, after = both(layer, x, perm)
    return ops.max(ops.abs(before - after), axis=(0, 1))


@KNOWN.wrong("One number is asked for. Which axes does your maximum leave?")
def one_for_each_token(layer, x, perm):
    before, after = both(layer, x, perm)
    return ops.max(ops.abs(before - after), axis=-1)


@KNOWN.wrong("Only the first image is looked at. The largest gap may lie in another one.")
def first_image_only(layer, x, perm):
    before, after = both(layer, x, perm)
    return largest((before - after)[0])


@KNOWN.wrong("These are the differences themselves. One number is asked for.")
def all_differences(layer, x, perm):
    before, after = both(layer, x, perm)
    return ops.abs(before - after)


@KNOWN.wrong("Yes or no is not enough here: the text asks how large the gap is.")
def says_whether(layer, x, perm):
    before, after = both(layer, x, perm)
    return bool(largest(before - after) < 1e-5)


@KNOWN.right("Undoing the shuffle behind the layer measures the same.")
def undoes_the_shuffle(layer, x, perm):
    restored = ops.take(layer(ops.take(x, perm, axis=1)), ops.argsort(perm), axis=1)
    return largest(restored - layer(x))


@KNOWN.right("A permutation matrix is the same shuffle, and a Python float a good answer.")
def with_a_matrix(layer, x, perm):
    shuffle = np.eye(len(perm), dtype="float32")[ops.convert_to_numpy(perm)]
    before, after = layer(ops.matmul(shuffle, x)), ops.matmul(shuffle, layer(x))
    return float(largest(before - after))


@KNOWN.right("An array of shape () is a number.")
def as_numpy(layer, x, perm):
    return ops.convert_to_numpy(reference.permutation_gap(layer, x, perm))
