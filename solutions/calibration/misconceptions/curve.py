"""Mistakes in reliability_curve."""

from __future__ import annotations

import numpy as np

from solutions.calibration.misconceptions import building
from solutions.registry import Registry

KNOWN = Registry("reliability_curve")
EMPTY = "What do you know of a bin in which nothing lies?"


def means(confidence, right, members):
    """The right three parts."""
    pairs = [(confidence[own].mean(), right[own].mean()) if len(own) else (np.nan, np.nan) for own in members]
    return *np.transpose(pairs), np.array([len(own) for own in members])


def curve_variant(name, hint, changed=lambda sure, right, count: (sure, right, count), **steps):
    """Register changed(confidence, accuracy, count) of each bin, after `steps` of building.parts."""

    def curve(probs, labels, num_bins=10):
        return changed(*means(*building.parts(probs, labels, num_bins, **steps)))

    curve.__name__ = name
    return KNOWN.wrong(hint)(curve)


def middles(count):
    """The middle of each bin."""
    return (np.arange(len(count)) + 0.5) / len(count)


curve_variant(
    "middle_of_the_bin",
    "Your confidences are the middles of the bins. How sure was the model in each bin, on average?",
    lambda sure, right, count: (middles(count), right, count),
)
curve_variant(
    "middle_of_filled_bins",
    "Your confidences are the middles of the bins. How sure was the model in each bin, on average?",
    lambda sure, right, count: (np.where(count > 0, middles(count), np.nan), right, count),
)
curve_variant(
    "upper_end_of_the_bin",
    "Your confidences are the ends of the bins. How sure was the model in each bin, on average?",
    lambda sure, right, count: (middles(count) + 0.5 / len(count), right, count),
)
curve_variant(
    "empty_bins_at_0",
    f"{EMPTY} An accuracy of 0 says that the model was wrong there each time.",
    lambda sure, right, count: (np.nan_to_num(sure), np.nan_to_num(right), count),
)
curve_variant(
    "accuracy_of_empty_bins_at_0",
    f"{EMPTY} Your confidences say nothing there, but your accuracies do.",
    lambda sure, right, count: (sure, np.nan_to_num(right), count),
)
curve_variant(
    "empty_bins_left_out",
    f"{EMPTY} It still has a place in the three lists: M entries each.",
    lambda sure, right, count: (sure[count > 0], right[count > 0], count[count > 0]),
)
curve_variant(
    "highest_bin_first",
    "Which bin comes first in the text?",
    lambda sure, right, count: (sure[::-1], right[::-1], count[::-1]),
)
curve_variant(
    "accuracy_first",
    "In which order does the text name the three?",
    lambda sure, right, count: (right, sure, count),
)
curve_variant(
    "count_first",
    "In which order does the text name the three?",
    lambda sure, right, count: (count, sure, right),
)
curve_variant(
    "shares_for_counts",
    "Your counts are shares. The text asks how many images there are.",
    lambda sure, right, count: (sure, right, count / count.sum()),
)
curve_variant(
    "right_ones_counted",
    "You count the right images. Accuracy is their share among those of the bin.",
    lambda sure, right, count: (sure, right * count, count),
)
curve_variant(
    "sums_for_means",
    "These are sums over the images of a bin. What makes a mean of a sum?",
    lambda sure, right, count: (sure * count, right * count, count),
)
curve_variant(
    "wrong_ones_counted",
    "You count where the model is wrong. Accuracy is the share of right ones.",
    lambda sure, right, count: (sure, 1 - right, count),
)
curve_variant(
    "share_of_all_images",
    "Of which images is your accuracy a share: of those in the bin, or of all?",
    lambda sure, right, count: (sure, right * count / count.sum(), count),
)
curve_variant(
    "without_the_counts",
    "Two parts came. The text names three.",
    lambda sure, right, count: (sure, right),
)
curve_variant(
    "confidence_in_the_true_class",
    "Confidence is what the model says about its own choice. Whose probability do you take?",
    judge=building.of_the_true_class,
)
curve_variant(
    "softmax_again",
    "Your rows have gone through another softmax. They are probabilities already.",
    judge=building.softmax_again,
)
curve_variant(
    "every_class_is_a_forecast",
    "You put all K numbers of a row into bins. One number of each row is the confidence.",
    judge=building.every_class,
)
curve_variant(
    "left_end_belongs_to_the_bin",
    "A confidence of exactly 1/2, with 4 bins: into which one does it go? The text says which end belongs to a bin.",
    place=building.left_closed,
)
curve_variant(
    "left_end_belongs_and_1_is_lost",
    "Into which of your bins goes a confidence of exactly 1? Add up your counts.",
    place=building.left_closed_and_lost,
)
curve_variant(
    "rounded_to_a_bin",
    "Your bins are shifted by half a bin: should a confidence be rounded up, down, or to the nearest?",
    place=building.rounded,
)
curve_variant(
    "bins_between_smallest_and_largest",
    "The bins divide the way from 0 to 1 evenly. Where do yours begin and end?",
    place=building.own_range,
)
curve_variant(
    "bins_of_equal_counts",
    "The bins divide the way from 0 to 1 evenly. Yours hold as many images each.",
    place=building.equal_counts,
)


@KNOWN.wrong("Your bins are always ten. Where does num_bins come in?")
def always_ten_bins(probs, labels, num_bins=10):
    return means(*building.parts(probs, labels, 10))


@KNOWN.right("Lists are as good as arrays, and a count may be a float.")
def lists(probs, labels, num_bins=10):
    found = means(*building.parts(probs, labels, num_bins))
    return [part.astype(float).tolist() for part in found]


@KNOWN.right("Counted by NumPy, with a division by 0 on purpose: 0 / 0 is nan.")
def counted_by_numpy(probs, labels, num_bins=10):
    confidence, right = building.largest(*building.arrays(probs, labels))
    own = np.digitize(confidence, np.arange(1, num_bins) / num_bins, right=True)
    count, sure, good = (np.bincount(own, w, num_bins) for w in (None, confidence, right))
    with np.errstate(divide="ignore", invalid="ignore"):
        return sure / count, good / count, count
