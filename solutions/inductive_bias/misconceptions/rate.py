"""Mistakes in invariance_rate."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from keras import ops

from solutions.inductive_bias.reference import shift_image
from solutions.registry import Registry

KNOWN = Registry("invariance_rate")
STANDARD = "With what do you compare the choice for a moved image? The text names one standard for all shifts."


def says(f, images):
    """Logits as an array (B, K)."""
    return ops.convert_to_numpy(f(images))


def pairs(shifts):
    """Shifts as a list of pairs of ints."""
    return [(int(dy), int(dx)) for dy, dx in shifts]


def variant(name, hint, rate):
    """Register rate(f, images, shifts as pairs)."""

    def measured(f, images, shifts):
        return rate(f, images, pairs(shifts))

    measured.__name__ = name
    return KNOWN.wrong(hint)(measured)


def kept(f, images, shifts, back=lambda dy, dx: (dy, dx), axis=-1):
    """Whether each choice is kept: bool (S, B)."""
    standard = says(f, images).argmax(axis)
    return np.array([says(f, shift_image(images, *back(dy, dx))).argmax(axis) == standard for dy, dx in shifts])


def from_the_shift_before(f, images, shifts):
    """Each choice against that of the shift before."""
    choices = [says(f, shift_image(images, dy, dx)).argmax(-1) for dy, dx in [(0, 0), *shifts]]
    return np.mean([one == other for one, other in pairwise(choices)])


def one_after_the_other(f, images, shifts):
    """The picture is moved on and on."""
    standard, moved, found = says(f, images).argmax(-1), images, []
    for dy, dx in shifts:
        moved = shift_image(moved, dy, dx)
        found.append(says(f, moved).argmax(-1) == standard)
    return np.mean(found)


def any_two(f, images, shifts):
    """All pairs of choices of an image, the unmoved one among them."""
    choices = np.array([says(f, shift_image(images, dy, dx)).argmax(-1) for dy, dx in [(0, 0), *shifts]])
    return np.mean([np.mean(one == other) for i, one in enumerate(choices) for other in choices[:i]])


def most_frequent(f, images, shifts):
    """Against the choice that comes most often among the moved ones."""
    choices = np.array([says(f, shift_image(images, dy, dx)).argmax(-1) for dy, dx in shifts])
    modes = np.array([np.bincount(column).argmax() for column in choices.T])
    return np.mean(choices == modes)


def neighbours(f, images, shifts):
    """Against the unmoved choice of the image before."""
    standard = np.roll(says(f, images).argmax(-1), 1)
    return np.mean([says(f, shift_image(images, dy, dx)).argmax(-1) == standard for dy, dx in shifts])


def same_numbers(f, images, shifts):
    """Logits that are equal, not choices."""
    plain = says(f, images)
    moved = [says(f, shift_image(images, dy, dx)) for dy, dx in shifts]
    return np.mean([np.isclose(one, plain, atol=1e-3).all(-1) for one in moved])


variant(
    "share_that_changes",
    "A classifier that never changes its choice should have a rate of 1.",
    lambda *a: 1 - kept(*a).mean(),
)
variant("in_per_cent", "A rate lies between 0 and 1.", lambda *a: 100 * kept(*a).mean())
variant("counted", "A rate lies between 0 and 1. Of how many pairs is yours the number?", lambda *a: kept(*a).sum())
variant(
    "added_over_the_shifts",
    "A rate lies between 0 and 1. With many shifts, how large can yours become?",
    lambda *a: kept(*a).mean(axis=1).sum(),
)
variant(
    "added_over_the_images",
    "A rate lies between 0 and 1. With many images, how large can yours become?",
    lambda *a: kept(*a).mean(axis=0).sum(),
)
variant(
    "images_that_never_change",
    "An image that keeps its choice under 6 of 7 shifts counts 6 of 7 times, not as nothing.",
    lambda *a: kept(*a).all(axis=0).mean(),
)
variant(
    "shifts_that_change_nothing",
    "A shift under which 22 of 23 images keep their choice counts for these 22, not as nothing.",
    lambda *a: kept(*a).all(axis=1).mean(),
)
variant(
    "images_that_keep_it_once",
    "To keep the choice under one of the shifts is not enough: every pair of image and shift counts.",
    lambda *a: kept(*a).any(axis=0).mean(),
)
variant("last_shift_only", "How many shifts does your number know of?", lambda f, x, s: kept(f, x, s[-1:]).mean())
variant(
    "first_shift_only",
    "How many shifts does your number know of? Does your loop return too soon?",
    lambda f, x, s: kept(f, x, s[:1]).mean(),
)
variant("first_image_only", "How many images does your number know of?", lambda f, x, s: kept(f, x[:1], s).mean())
variant(
    "each_shift_once",
    "A shift that is listed three times counts three times.",
    lambda f, x, s: kept(f, x, sorted(set(s))).mean(),
)
variant(
    "without_the_unmoved",
    "The shift (0, 0) counts too where it is listed.",
    lambda f, x, s: kept(f, x, [one for one in s if one != (0, 0)]).mean(),
)
variant(
    "the_unmoved_counts_always",
    "Only the shifts that are listed count. Did you add one?",
    lambda f, x, s: kept(f, x, [(0, 0), *s]).mean(),
)
variant(
    "dy_and_dx_swapped",
    "Each shift is (dy, dx), in this order. In which order does shift_image take them?",
    lambda f, x, s: kept(f, x, s, lambda dy, dx: (dx, dy)).mean(),
)
variant(
    "only_dy",
    "Each shift has two numbers. What became of the second?",
    lambda f, x, s: kept(f, x, s, lambda dy, dx: (dy, 0)).mean(),
)
variant(
    "moved_the_other_way",
    "Which way does a positive dy move the picture? Compare with your shift_image.",
    lambda f, x, s: kept(f, x, s, lambda dy, dx: (-dy, -dx)).mean(),
)
variant(
    "largest_over_the_batch",
    "Logits are (B, K). Over which of the two axes does a picture choose its class?",
    lambda f, x, s: kept(f, x, s, axis=0).mean(),
)
variant("from_the_shift_before", STANDARD, from_the_shift_before)
variant(
    "moved_on_and_on",
    "Every shift starts from the unmoved picture. From which one does your second shift start?",
    one_after_the_other,
)
variant("any_two_choices", STANDARD, any_two)
variant("most_frequent_choice", STANDARD, most_frequent)
variant(
    "another_images_standard",
    "Compare each picture with itself. Whose unmoved choice stands beside it in your comparison?",
    neighbours,
)
variant("equal_logits", "The logits may change, as long as the same one stays the largest.", same_numbers)
variant(
    "class_0_is_the_standard",
    f"{STANDARD} Yours is the same class for all images.",
    lambda f, x, s: np.mean([says(f, shift_image(x, dy, dx)).argmax(-1) == 0 for dy, dx in s]),
)
KNOWN.question(
    "compared_with_the_label",
    "A classifier that is wrong, but wrong in the same way wherever the picture lies: is it invariant?",
)


@KNOWN.right("One call of f for all moved pictures together, since it treats each by itself.")
def all_shifts_at_once(f, images, shifts):
    """One batch of all pictures under all shifts."""
    moved = ops.concatenate([shift_image(images, dy, dx) for dy, dx in pairs(shifts)], axis=0)
    choices = ops.reshape(ops.argmax(f(moved), axis=-1), (len(shifts), len(images)))
    return ops.mean(ops.cast(choices == ops.argmax(f(images), axis=-1), "float32"))


@KNOWN.right("Softmax changes no order of the logits.")
def by_probabilities(f, images, shifts):
    """The largest probability."""
    standard = says(lambda x: ops.softmax(f(x), axis=-1), images).argmax(-1)
    same = [
        says(lambda x: ops.softmax(f(x), -1), shift_image(images, *one)).argmax(-1) == standard for one in pairs(shifts)
    ]
    return sum(int(right.sum()) for right in same) / (len(shifts) * len(standard))
