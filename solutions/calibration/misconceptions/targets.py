"""Mistakes in smooth_labels."""

from __future__ import annotations

import keras
import numpy as np
from keras import ops

from solutions.registry import Registry

KNOWN = Registry("smooth_labels")
SUM = "Add up one of your rows. A target is a distribution: what should the sum be?"


def targets_variant(name, hint, made):
    """Register made(one_hot, num_classes, epsilon)."""

    def targets(labels, num_classes, epsilon):
        return made(ops.one_hot(labels, num_classes), num_classes, epsilon)

    targets.__name__ = name
    return KNOWN.wrong(hint)(targets)


targets_variant(
    "shared_by_the_others",
    "Over how many classes is epsilon spread, and is the true one among them? There are two customs. Read the second "
    "sentence of the text once more.",
    lambda y, k, e: y * (1 - e) + (1 - y) * e / (k - 1),
)
targets_variant(
    "true_class_of_one_custom_others_of_the_other",
    f"{SUM} Two customs have met in yours: the true class follows one, the others another.",
    lambda y, k, e: y * (1 - e + e / k) + (1 - y) * e / (k - 1),
)
targets_variant(
    "true_class_left_out",
    f"{SUM} Yours is short by a little. Who lost it?",
    lambda y, k, e: y * (1 - e) + (1 - y) * e / k,
)
targets_variant(
    "whole_epsilon_on_each",
    f"{SUM} How much does each class get, if epsilon is shared?",
    lambda y, k, e: y * (1 - e) + e,
)
targets_variant(
    "whole_epsilon_on_each_other",
    f"{SUM} With 10 classes, how much have you spread in all?",
    lambda y, k, e: y * (1 - e) + (1 - y) * e,
)
targets_variant(
    "clipped",
    "Clipping moves every number to a border. With 10 classes, how much is spread in all, and what is the sum?",
    lambda y, k, e: ops.clip(y, e, 1 - e),
)
targets_variant(
    "an_even_share_without_epsilon",
    f"{SUM} What is shared evenly: everything, or epsilon?",
    lambda y, k, e: y * (1 - e) + 1 / k,
)
targets_variant(
    "nothing_taken_from_the_true_class",
    f"{SUM} What the others get has to come from somewhere.",
    lambda y, k, e: y + e / k,
)
targets_variant(
    "shares_swapped",
    "Try epsilon 0.1. Which class should stay by far the most likely one?",
    lambda y, k, e: y * e + (1 - e) / k,
)
targets_variant(
    "true_class_gets_epsilon",
    "Try epsilon 0.1. Which class should stay by far the most likely one, and what do you give it?",
    lambda y, k, e: y * e + (1 - y) * (1 - e) / (k - 1),
)
targets_variant("not_softened", "These are one-hot rows. Where does epsilon come in?", lambda y, k, e: y)
targets_variant(
    "only_the_even_share",
    f"{SUM} And which entry tells the true class?",
    lambda y, k, e: 0 * y + e / k,
)
targets_variant(
    "shared_by_two",
    "This is the formula for yes or no. How many classes share epsilon here?",
    lambda y, k, e: y * (1 - e) + e / 2,
)
targets_variant(
    "always_ten_classes",
    "Your epsilon is always shared by ten. How many classes are there?",
    lambda y, k, e: y * (1 - e) + e / 10,
)
targets_variant(
    "always_a_tenth",
    "Your targets do not change when epsilon does. Which name stands where a number should not?",
    lambda y, k, e: y * 0.9 + 0.1 / k,
)
targets_variant(
    "shared_by_the_images",
    "You divide by the number of images. Who shares epsilon?",
    lambda y, k, e: y * (1 - e) + e / y.shape[0],
)
targets_variant(
    "classes_first",
    "One row for each image, one column for each class. Which way do yours lie?",
    lambda y, k, e: ops.transpose(y * (1 - e) + e / k),
)
targets_variant(
    "logarithms",
    "These are logarithms. A target is a probability; the logarithm belongs to the model's side of the loss.",
    lambda y, k, e: ops.log(y * (1 - e) + e / k + 1e-30),
)
targets_variant(
    "whole_numbers",
    "Your shares have become whole numbers. Which type has your table?",
    lambda y, k, e: ops.floor(y * (1 - e) + e / k),
)


@KNOWN.wrong("How many columns has your table if the highest class is not in the batch? Which argument tells K?")
def classes_counted_in_the_batch(labels, num_classes, epsilon):
    found = int(ops.max(labels)) + 1
    return (1 - epsilon) * ops.one_hot(labels, found) + epsilon / found


@KNOWN.wrong("Classes are counted from 0. What does your table say of class 0?")
def counted_from_one(labels, num_classes, epsilon):
    return (1 - epsilon) * ops.one_hot(labels - 1, num_classes) + epsilon / num_classes


@KNOWN.right("NumPy's rows of the identity are one-hot, and float64 is as good as float32.")
def rows_of_the_identity(labels, num_classes, epsilon):
    one_hot = np.eye(num_classes)[ops.convert_to_numpy(labels)]
    return one_hot - epsilon * (one_hot - 1 / num_classes)


@KNOWN.right("The table may be filled first and the true places written over it.")
def written_over(labels, num_classes, epsilon):
    targets = np.full((len(labels), num_classes), epsilon / num_classes)
    for row, label in enumerate(labels):
        targets[row, int(label)] += 1 - epsilon
    return targets


@KNOWN.right("A choice between two numbers is as good as a sum.")
def chosen_entry_by_entry(labels, num_classes, epsilon):
    is_true = ops.expand_dims(labels, 1) == ops.arange(num_classes, dtype=labels.dtype)
    return ops.where(is_true, 1 - epsilon * (num_classes - 1) / num_classes, epsilon / num_classes)


@KNOWN.right("Keras's other way to one-hot rows.")
def to_categorical(labels, num_classes, epsilon):
    return keras.utils.to_categorical(labels, num_classes) * (1 - epsilon) + epsilon / num_classes
