"""What lesson 06's exercises are asked: one generator of cases for each, from a NumPy generator.

Images, classes and bins differ in number. Confidences lie on the edge of a bin only where a float32 holds it exactly,
and else a safe way off, so that no way to round loses a mark. Cases of weight 0 only help to tell mistakes apart.
"""

from __future__ import annotations

import numpy as np

from autograder.records import Case, Exercise, Question
from solutions.inputs import normal, sizes

SMOOTHING = (
    *(
        f"{home}.{loss}(label_smoothing)"
        for home in ("keras.losses", "keras.metrics", "keras.src.losses.losses")
        for loss in ("categorical_crossentropy", "categorical_focal_crossentropy")
    ),
    "torch.nn.functional.cross_entropy(label_smoothing)",
)
FROM_EDGES = 2e-3
"""How far a confidence lies from the edges of all bins, at least."""
WITHIN = 1e-2
"""Tolerance of a fitted temperature."""
MISLABELLED = 0.06


def some_epsilon(rng, low=0.15, high=0.4):
    """An epsilon of three digits."""
    return round(float(rng.uniform(low, high)), 3)


def drawn(rng, count, classes):
    """Labels (count,) int32 of at most `classes` kinds; the highest is among them."""
    labels = rng.integers(0, classes, count)
    labels[rng.integers(count)] = classes - 1
    return labels.astype("int32")


def target_cases(rng):
    """smooth_labels: several numbers of classes, batches that lack some, large and small epsilons."""
    b, k, more = sizes(rng, 3)
    low, high = some_epsilon(rng), some_epsilon(rng, 0.6, 0.8)
    named = {"labels": drawn(rng, more, k), "num_classes": k, "epsilon": low}
    lacking = drawn(rng, b, k - 1)
    first = "ten classes, epsilon 0.1"
    return [
        Case(first, Question((drawn(rng, b + 1, 10), 10, 0.1)), 3.0),
        Case("other classes and another epsilon, by name", Question((), named), 3.0),
        Case("the highest class is not in the batch", Question((lacking, k, low)), 2.0),
        Case("an epsilon above one half", Question((drawn(rng, b, k), k, high)), 1.0),
        Case("a single image", Question((drawn(rng, 1, more), more, low)), 1.0),
        Case("epsilon 0: nothing is softened", Question((drawn(rng, b, k), k, 0.0)), 1.0, together=first),
        Case("nor is the highest class in this one", Question((drawn(rng, b, 2), k, low)), 0.0),
        Case("two classes", Question((drawn(rng, b, 2), 2, low)), 0.0),
        Case("as many images as classes", Question((drawn(rng, k, k), k, high)), 0.0),
    ]


def loss_cases(rng):
    """smoothed_cross_entropy: values and gradients, of calm logits and of very loud ones."""
    b, k, more = sizes(rng, 3)
    epsilon = some_epsilon(rng)
    calm, labels = 2 * normal(rng, b, k), drawn(rng, b, k)
    ten = 2 * normal(rng, more + 1, 10), drawn(rng, more + 1, 10)
    named = {"logits": 2 * normal(rng, more, k), "labels": drawn(rng, more, k), "epsilon": epsilon}
    loud = rng.uniform(-1000, 1000, (b, k)).astype("float32"), labels, epsilon
    livelier = rng.uniform(-12, 12, (more, b)).astype("float32"), drawn(rng, more, b), 0.1
    first, slope = "ten classes, epsilon 0.1", "its slope: the gradient to the logits"
    return [
        Case(first, Question((*ten, 0.1)), 3.0),
        Case("other classes and another epsilon, by name", Question((), named), 2.5),
        Case(slope, Question((calm, labels, epsilon), way="gradients"), 2.5, part=0),
        Case("loud logits, up to 1000", Question(loud), 1.5),
        Case("the gradient to loud logits", Question(loud, way="gradients"), 1.5, part=0, together=slope),
        Case("one image alone", Question((calm[:1], labels[:1], epsilon)), 1.0),
        Case("epsilon 0: the cross-entropy that you know", Question((calm, labels, 0.0)), 1.0, together=first),
        Case("lively logits", Question(livelier), 0.0),
        Case("and their gradient", Question(livelier, way="gradients"), 0.0, part=0),
        Case("as many images as classes", Question((2 * normal(rng, k, k), drawn(rng, k, k), epsilon)), 0.0),
    ]


def gap_cases(rng):
    """optimal_smoothed_logit_gap: few classes and many, small epsilons and large ones."""
    k, more = sizes(rng, 2)
    small, large = some_epsilon(rng, 0.02, 0.09), some_epsilon(rng, 0.55, 0.8)
    drawn_one = "a number of classes and an epsilon of your own"
    return [
        Case(drawn_one, Question((k, some_epsilon(rng))), 3.0),
        Case("hundreds of classes, by name", Question((), {"num_classes": 100 * more + k, "epsilon": small}), 2.0),
        Case("two classes", Question((2, some_epsilon(rng))), 2.0),
        Case("an epsilon above one half", Question((more, large)), 2.0),
        Case("the lecture's size: 10 classes, epsilon 0.1", Question((10, 0.1)), 1.0, together=drawn_one),
        Case("a tiny epsilon", Question((more + 4, small / 50)), 0.0),
    ]


def softmax(logits):
    """Rows of probabilities, float32."""
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return (powers / powers.sum(axis=-1, keepdims=True)).astype("float32")


def chosen_by(rng, probs):
    """Labels (N,) int32 drawn from rows of probabilities."""
    below = rng.random((len(probs), 1)) > np.cumsum(probs, axis=-1)[:, :-1]
    return below.sum(axis=-1).astype("int32")


def judged(rng, count, classes, bins, sharpness, spread=1.5):
    """(probs, labels) of a model that is too sure with a sharpness above 1, and not sure enough below it.

    No confidence lies near an edge of the bins, and the two largest numbers of a row differ clearly.
    """
    truth = spread * normal(rng, 20 * count, classes)
    probs, labels = softmax(sharpness * truth), chosen_by(rng, softmax(truth))
    places = probs.max(axis=-1) * bins
    second, first = np.sort(probs, axis=-1)[:, -2:].T
    clear = (np.abs(places - np.rint(places)) > FROM_EDGES * bins) & (first - second > FROM_EDGES) & (first < 0.995)
    return probs[clear][:count], labels[clear][:count]


def on_edges(rng, count, steps):
    """(probs (count, 5), labels) whose confidences are whole multiples of 1 / (2 steps), exactly; steps is 4 or 8.

    Every other one is the edge of a bin, with an accuracy far from that of its neighbours.
    """
    levels = np.arange(steps // 2, 2 * steps + 1)
    chosen = rng.permutation(np.resize(levels, count))
    tops = chosen / (2 * steps)
    probs = np.repeat((1 - tops)[:, None] / 4, 5, axis=1)
    places = rng.integers(0, 5, count)
    probs[np.arange(count), places] = tops
    often = np.where((chosen + chosen // 2) % 2, 0.9, 0.1)
    labels = np.where(rng.random(count) < often, places, (places + 1) % 5)
    return probs.astype("float32"), labels.astype("int32")


def measured(rng):
    """The pictures on which both measures of calibration are tried, by name."""
    b, k, bins = sizes(rng, 3)
    return {
        "sure": judged(rng, 40 + b, 10, 10, 2.5),
        "unsure": (*judged(rng, 30 + b, k, bins, 0.4, 2.5), bins),
        "few": (*judged(rng, 4, k, 17, 1.5), 17),
        "fourths": (*on_edges(rng, 53, 4), 4),
        "eighths": (*on_edges(rng, 79, 8), 8),
        "many": (*judged(rng, 60 + b, 3, 5, 2.0), 5),
    }


def error_cases(rng):
    """expected_calibration_error: too sure and not sure enough, empty bins, confidences on the edge of a bin."""
    asked = {
        name: Question(args[:2], {"num_bins": args[2]} if args[2:] else {}) for name, args in measured(rng).items()
    }
    return [
        Case("a model that is too sure, ten bins", asked["sure"], 3.0),
        Case("one that is not sure enough, another number of bins", asked["unsure"], 2.5),
        Case("four images and 17 bins", asked["few"], 1.0),
        Case("confidences in eighths, half of them on an edge of 4 bins", asked["fourths"], 1.0),
        Case("sixteenths, half of them on an edge of 8 bins", asked["eighths"], 1.0),
        Case("three classes, five bins", asked["many"], 1.5),
    ]


def curve_cases(rng):
    """reliability_curve: its three parts on a model that is too sure, and all of it on others."""
    found = measured(rng)
    sure, unsure = (Question(args[:2], {"num_bins": args[2]} if args[2:] else {}) for args in
                    (found["sure"], found["unsure"]))  # fmt: skip
    few, fourths, eighths = (Question(found[name]) for name in ("few", "fourths", "eighths"))
    return [
        Case("too sure, ten bins: mean confidence", sure, 1.5, part=0),
        Case("too sure, ten bins: accuracy", sure, 1.5, part=1),
        Case("too sure, ten bins: count", sure, 1.0, part=2),
        Case("not sure enough, another number of bins", unsure, 2.0),
        Case("four images and 17 bins: most are empty", few, 2.0),
        Case("confidences in eighths, half of them on an edge of 4 bins", fourths, 1.0),
        Case("sixteenths, half of them on an edge of 8 bins", eighths, 1.0),
    ]


def scaled(rng, count, classes, temperature):
    """(logits, labels) whose best temperature is not far above the one given.

    Some labels are wrong, so that other measures than the likelihood have their best temperature elsewhere.
    """
    truth = 1.5 * normal(rng, count, classes)
    labels = chosen_by(rng, softmax(truth))
    others = (labels + rng.integers(1, classes, count)) % classes
    return np.float32(temperature) * truth, np.where(rng.random(count) < MISLABELLED, others, labels).astype("int32")


def temperature_cases(rng):
    """fit_temperature: best ones above and below 1, two classes and many."""
    k, more = sizes(rng, 2)
    hot, warm, hottest = (round(float(rng.uniform(*ends)), 2) for ends in ((1.9, 2.4), (1.1, 1.4), (5.2, 5.8)))
    cool, cold = (round(float(rng.uniform(*ends)), 2) for ends in ((0.5, 0.6), (0.36, 0.42)))
    named = dict(zip(("logits", "labels"), scaled(rng, 397, k + 2, hot), strict=True))
    return [
        Case("a model that is too sure", Question(scaled(rng, 499, 10, hot + 0.7)), 3.0, tolerance=WITHIN),
        Case("one that is not sure enough", Question(scaled(rng, 457, k, cool)), 3.0, tolerance=WITHIN),
        Case("other classes, by name", Question((), named), 1.0, tolerance=WITHIN),
        Case("one that is far too sure", Question(scaled(rng, 487, more, hottest)), 1.0, tolerance=WITHIN),
        Case("one that is far from sure enough", Question(scaled(rng, 479, more, cold)), 1.0, tolerance=WITHIN),
        Case("one that is a little too sure", Question(scaled(rng, 467, k, warm)), 1.0, tolerance=WITHIN),
        Case("far too sure again", Question(scaled(rng, 463, 10, hottest + 0.5)), 0.0, tolerance=WITHIN),
    ]


def figure_cases(rng):
    """figure: the numbers behind the plots and the two answers. The same for all, so `rng` is not used."""
    call = Question()
    return [
        Case("the gap for 10, 100 and 1000 classes", call, 1.0, part="gaps"),
        Case("the smallest loss that there can be", call, 1.0, part="floors"),
        Case("the temperature of the forecaster", call, 1.0, part="temperature", tolerance=WITHIN),
        Case("the calibration errors", call, 1.0, part="errors", tolerance=1e-4),
        Case("accuracy in each bin, before", call, 1.0, part="before", tolerance=1e-4),
        Case("accuracy in each bin, after", call, 1.0, part="after", tolerance=1e-4),
        Case("answer 1", call, 1.0, part="answer_1", tolerance=1e-4, sealed=True),
        Case("answer 2", call, 1.0, part="answer_2", sealed=True),
    ]


EXERCISES = (
    Exercise("smooth_labels", target_cases, SMOOTHING),
    Exercise("smoothed_cross_entropy", loss_cases, SMOOTHING),
    Exercise("optimal_smoothed_logit_gap", gap_cases),
    Exercise("expected_calibration_error", error_cases),
    Exercise("reliability_curve", curve_cases),
    Exercise("fit_temperature", temperature_cases),
    Exercise("figure", figure_cases),
)
