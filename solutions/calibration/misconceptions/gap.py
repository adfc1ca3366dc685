"""Mistakes in optimal_smoothed_logit_gap."""

from __future__ import annotations

import math

import numpy as np
from keras import ops

from solutions.registry import Registry

KNOWN = Registry("optimal_smoothed_logit_gap")
CHECK = "Put your logits through a softmax, the true one and K - 1 others, and compare with the targets."


def gap_variant(name, hint, made, twin=None):
    """Register made(K, epsilon, p, q), p the target of the true class and q that of each other."""

    def gap(num_classes, epsilon):
        k, e = num_classes, epsilon
        return made(k, e, 1 - e + e / k, e / k)

    gap.__name__ = name
    return KNOWN.wrong(hint, twin)(gap)


gap_variant(
    "classes_forgotten",
    f"{CHECK} Does your gap change with the number of classes?",
    lambda k, e, p, q: math.log((1 - e) / e),
)
gap_variant(
    "shared_by_the_others",
    "Your gap belongs to targets that share epsilon among the others only. What are the two targets in this course?",
    lambda k, e, p, q: math.log((1 - e) * (k - 1) / e),
)
gap_variant(
    "true_class_left_out",
    "What is the target of the true class? It has a share of epsilon, too.",
    lambda k, e, p, q: math.log((1 - e) / q),
)
gap_variant(
    "others_share_alone",
    "What is the target of each other class? Epsilon is shared by all K.",
    lambda k, e, p, q: math.log(p * (k - 1) / e),
)
gap_variant(
    "against_all_others_together",
    f"{CHECK} You compare the true class with all others together. The gap is to one of them.",
    lambda k, e, p, q: math.log(p / (1 - p)),
)
gap_variant(
    "sign", "The true logit lies above the others. Which difference is positive?", lambda k, e, p, q: -math.log(p / q)
)
gap_variant(
    "base_two", f"{CHECK} A softmax is made with e. Which base has your logarithm?", lambda k, e, p, q: math.log2(p / q)
)
gap_variant(
    "base_ten", f"{CHECK} A softmax is made with e. Is 10 the base of yours?", lambda k, e, p, q: math.log10(p / q)
)
gap_variant(
    "ratio",
    "This is how many times as likely the true class is. By how much do two logits differ, if their exponentials have "
    "this ratio?",
    lambda k, e, p, q: p / q,
)
gap_variant(
    "difference_of_the_targets",
    "This is a difference of two probabilities. Logits are something else: what does a softmax do to them?",
    lambda k, e, p, q: p - q,
)
gap_variant(
    "probability",
    "This is the target of the true class, a probability. Which logits give it?",
    lambda k, e, p, q: p,
)
gap_variant(
    "logarithm_of_the_target",
    "A logit alone means nothing: add 5 to all of them and the softmax stays as it is. From which other number do you "
    "have to take the difference?",
    lambda k, e, p, q: math.log(p),
)
gap_variant(
    "surprise_at_the_best_place",
    "This is the loss at the best place. Which logits take it there?",
    lambda k, e, p, q: -p * math.log(p) - (k - 1) * q * math.log(q),
)
gap_variant(
    "from_the_mean_of_all_logits",
    "You measure from the mean of all logits, the true one among them. The gap is to another class.",
    lambda k, e, p, q: math.log(p / q) * (k - 1) / k,
)
gap_variant(
    "without_smoothing",
    "Without smoothing there is no best place: the farther the better. What stops it here?",
    lambda k, e, p, q: math.inf,
)
gap_variant(
    "always_a_tenth",
    "Your gap is that of epsilon 0.1. Which name stands where a number should not?",
    lambda k, e, p, q: math.log(1 + 9 * k),
)
gap_variant(
    "always_ten_classes",
    "Your gap is that of ten classes. Which name stands where a number should not?",
    lambda k, e, p, q: math.log(1 + 10 * (1 - e) / e),
)


@KNOWN.right("The same ratio in another form.")
def one_more_than_the_odds(num_classes, epsilon):
    return np.log1p(num_classes * (1 - epsilon) / epsilon)


@KNOWN.right("A tensor is a number, too.")
def with_keras(num_classes, epsilon):
    true, other = 1 - epsilon + epsilon / num_classes, epsilon / num_classes
    return ops.log(true) - ops.log(other)


@KNOWN.right("Whoever would rather search finds the same place.")
def searched(num_classes, epsilon):
    low, high = 0.0, 60.0
    other = epsilon / num_classes
    for _ in range(80):
        middle = (low + high) / 2
        is_small = math.exp(-middle) / (1 + (num_classes - 1) * math.exp(-middle)) < other
        low, high = (low, middle) if is_small else (middle, high)
    return low
