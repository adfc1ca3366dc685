"""Mistakes in expected_calibration_error."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from keras import ops

from solutions.calibration.misconceptions import building
from solutions.registry import Registry

KNOWN = Registry("expected_calibration_error")
CANCEL = "Too sure in one bin and not sure enough in another must not cancel."
RANGE = "The bins divide the way from 0 to 1 evenly."


def usual(shares, gaps, members):
    """The right sum: shares of the images and signed gaps, of bins that are not empty."""
    return np.sum(shares * np.abs(gaps))


def error_variant(name, hint, summed=usual, twin=None, **steps):
    """Register summed(shares, gaps, members) after `steps` of building.parts."""

    def error(probs, labels, num_bins=10):
        confidence, right, members = building.parts(probs, labels, num_bins, **steps)
        filled = [own for own in members if len(own)]
        shares = np.array([len(own) for own in filled]) / len(confidence)
        gaps = np.array([right[own].mean() - confidence[own].mean() for own in filled])
        return float(summed(shares, gaps, members))

    error.__name__ = name
    return KNOWN.wrong(hint, twin)(error)


error_variant(
    "every_bin_counts_the_same",
    "A bin with 2 images should not count like one with 2000.",
    lambda shares, gaps, members: np.mean(np.abs(gaps)),
)
error_variant(
    "every_bin_counts_the_same_empty_ones_too",
    "A bin with 2 images should not count like one with 2000, and one without any should not count at all.",
    lambda shares, gaps, members: np.sum(np.abs(gaps)) / len(members),
)
error_variant(
    "divided_by_the_bins",
    "The shares of the images sum to 1 already. What else do you divide by?",
    lambda shares, gaps, members: np.sum(shares * np.abs(gaps)) / len(members),
)
error_variant("signed", f"{CANCEL} Yours can even be negative.", lambda shares, gaps, members: np.sum(shares * gaps))
error_variant(
    "signed_the_other_way",
    f"{CANCEL} Which sign may a distance have?",
    lambda shares, gaps, members: -np.sum(shares * gaps),
)
error_variant(
    "absolute_value_at_the_end",
    f"{CANCEL} When do you take the absolute value, before the sum or after it?",
    lambda shares, gaps, members: abs(np.sum(shares * gaps)),
)
error_variant(
    "squared_gaps",
    "The text has an absolute value. Yours is a square.",
    lambda shares, gaps, members: np.sum(shares * gaps**2),
)
error_variant(
    "root_of_squared_gaps",
    "The text has an absolute value. Yours is the root of a mean square.",
    lambda shares, gaps, members: np.sqrt(np.sum(shares * gaps**2)),
)
error_variant(
    "largest_gap",
    "This is the gap of the worst bin. The text asks for all of them, each by its share.",
    lambda shares, gaps, members: np.max(np.abs(gaps)),
)
error_variant(
    "number_of_images_for_their_share",
    "The result should lie between 0 and 1. What makes a share out of a number of images?",
    lambda shares, gaps, members: np.sum(shares * np.abs(gaps)) * sum(map(len, members)),
)
error_variant(
    "in_percent", "The result should lie between 0 and 1. Yours is in percent.",
    lambda shares, gaps, members: 100 * np.sum(shares * np.abs(gaps)),
)  # fmt: skip
error_variant(
    "confidence_in_the_true_class",
    "Confidence is what the model says about its own choice. Whose probability do you take?",
    judge=building.of_the_true_class,
)
error_variant(
    "softmax_again",
    "Your rows have gone through another softmax. They are probabilities already.",
    judge=building.softmax_again,
)
error_variant(
    "every_class_is_a_forecast",
    "You put all K numbers of a row into bins. One number of each row is the confidence.",
    judge=building.every_class,
)
error_variant(
    "left_end_belongs_to_the_bin",
    "A confidence of exactly 1/2, with 4 bins: into which one does it go? The text says which end belongs to a bin.",
    place=building.left_closed,
)
error_variant(
    "left_end_belongs_and_1_is_lost",
    "Into which of your bins goes a confidence of exactly 1? Count the images in all bins.",
    place=building.left_closed_and_lost,
)
error_variant(
    "rounded_to_a_bin",
    f"{RANGE} Yours are shifted by half a bin: should a confidence be rounded up, down, or to the nearest?",
    place=building.rounded,
)
error_variant(
    "bins_between_smallest_and_largest",
    f"{RANGE} Where do your bins begin and end?",
    place=building.own_range,
)
error_variant(
    "bins_of_equal_counts",
    f"{RANGE} Yours hold as many images each.",
    place=building.equal_counts,
)
error_variant("always_ten_bins", "Your bins are always ten. Where does num_bins come in?", place=building.always_ten)


def alone(name, hint):
    """Register error(confidence, right, bin of each image, number of bins)."""

    def register(made):
        def error(probs, labels, num_bins=10):
            confidence, right = building.largest(*building.arrays(probs, labels))
            return float(made(confidence, right, building.right_closed(confidence, num_bins), num_bins))

        error.__name__ = name
        return KNOWN.wrong(hint)(error)

    return register


@alone("image_by_image", "One image is right or wrong, never 80 % right. Bin first, then compare averages.")
def gap_of_each_image(confidence, right, own, bins):
    return np.mean(np.abs(right - confidence))


@alone("squares_image_by_image", "This is the mean square of single images. Bin first, then compare averages.")
def square_of_each_image(confidence, right, own, bins):
    return np.mean((right - confidence) ** 2)


@alone(
    "middle_of_the_bin",
    "You compare the accuracy with the middle of the bin. How sure was the model in this bin, on average?",
)
def against_the_middle(confidence, right, own, bins):
    return sum((own == i).mean() * abs(right[own == i].mean() - (i + 0.5) / bins) for i in set(own.astype(int)))


@alone(
    "upper_end_of_the_bin",
    "You compare the accuracy with an end of the bin. How sure was the model in this bin, on average?",
)
def against_the_end(confidence, right, own, bins):
    return sum((own == i).mean() * abs(right[own == i].mean() - (i + 1) / bins) for i in set(own.astype(int)))


@alone("wrong_ones_counted", "You count where the model is wrong. Accuracy is the share of right ones.")
def share_of_wrong_ones(confidence, right, own, bins):
    return sum((own == i).mean() * abs((~right)[own == i].mean() - confidence[own == i].mean()) for i in set(own))


@alone("nan_from_empty_bins", "What is the mean of no numbers at all? Look at the bins in which nothing lies.")
def nothing_in_some(confidence, right, own, bins):
    counts, sums = (np.bincount(own.astype(int), w, bins) for w in (None, right - confidence))
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.sum(counts / len(own) * np.abs(sums / counts))


@alone("nothing_but_accuracy", "This is the share of wrong images. How sure was the model of them?")
def error_rate(confidence, right, own, bins):
    return 1 - right.mean()


@KNOWN.right("NumPy's digitize knows both kinds of bins, and shares and means simplify to sums.")
def digitized(probs, labels, num_bins=10):
    confidence, right = building.largest(*building.arrays(probs, labels))
    own = np.digitize(confidence, np.arange(1, num_bins) / num_bins, right=True)
    return np.abs(np.bincount(own, weights=right - confidence, minlength=num_bins)).sum() / len(own)


@KNOWN.right("Edges may be compared one by one, with tensors.")
def edge_by_edge(probs, labels, num_bins=10):
    probs, total = ops.convert_to_tensor(probs), 0.0
    confidence = ops.max(probs, axis=-1)
    right = ops.cast(ops.equal(ops.argmax(probs, axis=-1), ops.cast(labels, "int32")), "float32")
    edges = np.linspace(0, 1, num_bins + 1)
    for low, high in pairwise(edges):
        inside = ops.cast(ops.logical_and(confidence > low, confidence <= high), "float32")
        count = ops.sum(inside)
        if count > 0:
            gap = ops.abs(ops.sum(inside * right) - ops.sum(inside * confidence)) / count
            total += gap * count / probs.shape[0]
    return total


@KNOWN.right("Plain Python, image by image.")
def plain_python(probs, labels, num_bins=10):
    found = [[] for _ in range(num_bins)]
    for row, label in zip(*(array.tolist() for array in building.arrays(probs, labels)), strict=True):
        confidence = max(row)
        bin_of = next(i for i in range(num_bins) if confidence <= (i + 1) / num_bins or i == num_bins - 1)
        found[bin_of].append((confidence, row.index(confidence) == label))
    gaps = [abs(sum(right for _, right in own) - sum(sure for sure, _ in own)) for own in found]
    return sum(gaps) / len(labels)
