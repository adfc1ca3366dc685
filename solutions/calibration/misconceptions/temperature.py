"""Mistakes in fit_temperature."""

from __future__ import annotations

import math

import numpy as np

from solutions.calibration.misconceptions import building
from solutions.registry import Registry

KNOWN = Registry("fit_temperature")
FINE = np.geomspace(0.05, 50, 1201)  # neighbours differ by 0.6 %


def logs(logits):
    """The logarithms of softmax, float64."""
    shifted = logits - logits.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def surprise(scaled, labels):
    """The mean of -log p[label]: what should be smallest."""
    return -logs(scaled)[np.arange(len(labels)), labels].mean()


def best(logits, labels, cost=surprise, between=(0.05, 50.0), grid=None):
    """The t at which cost(logits / t, labels) is smallest: of a grid, or of a coarse one that is refined."""
    logits, labels = building.arrays(logits, labels)

    def lowest(temperatures):
        return int(np.argmin([cost(logits.astype("float64") / t, labels) for t in temperatures]))

    if grid is not None:
        return float(grid[lowest(grid)])
    coarse = np.geomspace(*between, 61)
    near = lowest(coarse)
    fine = np.geomspace(coarse[max(near - 1, 0)], coarse[min(near + 1, 60)], 81)
    return float(fine[lowest(fine)])


def temperature_variant(name, hint, changed=lambda t: t, **search):
    """Register changed(best(..., **search))."""

    def fit(logits, labels):
        return changed(best(logits, labels, **search))

    fit.__name__ = name
    return KNOWN.wrong(hint)(fit)


def smoothed(scaled, labels):
    """The mistake: the loss of training, with smoothing."""
    return 0.9 * surprise(scaled, labels) - 0.1 * logs(scaled).mean()


def squares(scaled, labels):
    """The mistake: squared distance to the one-hot rows."""
    return np.square(np.exp(logs(scaled)) - np.eye(scaled.shape[-1])[labels]).sum(axis=-1).mean()


def calibration(scaled, labels):
    """The mistake: the calibration error itself, in ten bins."""
    confidence, right = building.largest(np.exp(logs(scaled)), labels)
    own = np.minimum(np.ceil(confidence * 10) - 1, 9).astype(int)
    return np.abs(np.bincount(own, right - confidence, 10)).sum()


temperature_variant(
    "multiplied",
    "T above 1 should soften. What does yours do to the logits, and does it return the factor or the divisor?",
    lambda t: 1 / t,
)
temperature_variant(
    "smoothed_labels",
    "You fit to softened labels. Temperature asks what the labels say as they are: which epsilon is that?",
    cost=smoothed,
)
temperature_variant(
    "squared_distance",
    "You make a squared distance small. The text asks for the mean of -log p of the labels.",
    cost=squares,
)
temperature_variant(
    "calibration_error_itself",
    "You make the calibration error small, which jumps as images change their bins. What does the text ask for?",
    cost=calibration,
    grid=np.geomspace(0.2, 12, 165),
)
temperature_variant(
    "never_below_1",
    "Some models are not sure enough. Which T sharpens, and did you try any?",
    between=(1.0, 50.0),
)
temperature_variant(
    "never_above_1",
    "Some models are too sure. Which T softens, and did you try any?",
    between=(0.05, 1.0),
)
temperature_variant(
    "never_above_5",
    "The smallest loss lies at the end of the temperatures that you try. How far does the text say that they go?",
    between=(0.05, 5.0),
)
temperature_variant(
    "whole_numbers",
    "You tried whole numbers only. The best one lies between, and the text wants it within 1 %.",
    grid=np.arange(1.0, 20.0),
)
temperature_variant(
    "tenths",
    "Steps of a tenth are too coarse near 0.5, where the text wants T within 1 %.",
    grid=np.arange(1, 200) / 10,
)
temperature_variant("logarithm", "This is the logarithm of T. T itself is above 0.", math.log)
temperature_variant("square_root", "This is the root of T. By what are the logits divided?", math.sqrt)
temperature_variant("squared", "This is the square of T. By what are the logits divided?", lambda t: t * t)


@KNOWN.wrong("You divide probabilities by T, and then make a softmax of them. Temperature divides the logits.")
def probabilities_divided(logits, labels):
    logits, labels = building.arrays(logits, labels)
    return best(np.exp(logs(logits.astype("float64"))), labels)


@KNOWN.wrong("Your T does not depend on the labels. What does fit mean?")
def spread_of_the_logits(logits, labels):
    return float(building.arrays(logits)[0].std())


@KNOWN.wrong("T = 1 changes nothing. Which T fits the labels best?")
def left_at_1(logits, labels):
    return 1.0


@KNOWN.wrong("This is the smallest loss. At which T does it lie?")
def the_loss_for_its_place(logits, labels):
    t = best(logits, labels)
    return float(surprise(building.arrays(logits)[0].astype("float64") / t, building.arrays(labels)[0]))


@KNOWN.wrong("T is one number. Yours has the shape (1,).")
def in_a_row(logits, labels):
    return np.array([best(logits, labels)])


@KNOWN.right("A fine table of temperatures is a way to find the best one.")
def fine_table(logits, labels):
    return best(logits, labels, grid=FINE)


@KNOWN.right("Newton's steps on 1/T.")
def newton(logits, labels):
    logits, labels = building.arrays(logits, labels)
    logits, sharpness = logits.astype("float64"), 1e-3
    for _ in range(200):
        probs = np.exp(logs(sharpness * logits))
        mean = (probs * logits).sum(axis=-1)
        slope = (mean - logits[np.arange(len(labels)), labels]).mean()
        bend = ((probs * logits**2).sum(axis=-1) - mean**2).mean()
        sharpness = max(sharpness - slope / bend, sharpness / 2)
    return 1 / sharpness


@KNOWN.right("Steps downhill find it, too.")
def downhill(logits, labels):
    logits, labels = building.arrays(logits, labels)
    log_t = 0.0
    for _ in range(300):
        scaled = logits.astype("float64") / math.exp(log_t)
        expected = (np.exp(logs(scaled)) * scaled).sum(axis=-1)
        log_t -= 0.5 * (scaled[np.arange(len(labels)), labels] - expected).mean()
    return math.exp(log_t)
