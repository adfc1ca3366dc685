"""What wrong measures of calibration are built with: the right steps, each of which can be replaced."""

from __future__ import annotations

import numpy as np
from keras import ops


def arrays(*values):
    """Tensors or arrays as arrays."""
    return [np.asarray(ops.convert_to_numpy(value)) for value in values]


def largest(probs, labels):
    """Confidence and right of each image, as they should be."""
    return probs.max(axis=-1), probs.argmax(axis=-1) == labels


def of_the_true_class(probs, labels):
    """The mistake: the probability of the label for the confidence."""
    return probs[np.arange(len(labels)), labels], probs.argmax(axis=-1) == labels


def softmax_again(probs, labels):
    """The mistake: probabilities taken for logits."""
    powers = np.exp(probs)
    return largest(powers / powers.sum(axis=-1, keepdims=True), labels)


def every_class(probs, labels):
    """The mistake: each class of each image is a forecast."""
    return probs.ravel(), (np.arange(probs.shape[-1]) == labels[:, None]).ravel()


def right_closed(confidence, bins):
    """Number of each image's bin, as it should be."""
    return np.ceil(confidence * bins) - 1


def left_closed(confidence, bins):
    """The mistake: [lo, hi), and 1.0 in the last bin."""
    return np.minimum(np.floor(confidence * bins), bins - 1)


def left_closed_and_lost(confidence, bins):
    """The mistake: [lo, hi), and 1.0 in a bin that does not exist."""
    return np.floor(confidence * bins)


def rounded(confidence, bins):
    """The mistake: to the nearest whole number."""
    return np.rint(confidence * bins) - 1


def own_range(confidence, bins):
    """The mistake: equal bins between the smallest and the largest confidence."""
    low, high = confidence.min(), confidence.max()
    return np.maximum(np.ceil((confidence - low) / max(high - low, 1e-12) * bins) - 1, 0)


def equal_counts(confidence, bins):
    """The mistake: as many images in each bin."""
    return np.argsort(np.argsort(confidence, kind="stable")) * bins // len(confidence)


def always_ten(confidence, bins):
    """The mistake: ten bins, whatever was asked."""
    return right_closed(confidence, 10)


def parts(probs, labels, bins, judge=largest, place=right_closed):
    """Confidence and right (each n,), and of each bin the members' numbers."""
    confidence, right = judge(*arrays(probs, labels))
    own = place(confidence, bins)
    return confidence, right, [np.flatnonzero(own == i) for i in range(bins)]
