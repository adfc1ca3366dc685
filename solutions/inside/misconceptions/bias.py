"""Mistakes in shape_bias."""

from __future__ import annotations

import numpy as np
from keras import ops

from solutions.registry import Registry

KNOWN = Registry("shape_bias")


def counted(name, hint, share):
    """Register another share: share(said, shape, texture, differ) of int arrays and a bool one."""

    def measure(predictions, shape_labels, texture_labels):
        said, shape, texture = (ops.convert_to_numpy(z) for z in (predictions, shape_labels, texture_labels))
        return share(said, shape, texture, shape != texture)

    measure.__name__ = name
    return KNOWN.wrong(hint)(measure)


def both(said, shape, texture, differ):
    """How many are decided for the shape, and how many for the texture."""
    return (differ & (said == shape)).sum(), (differ & (said == texture)).sum()


def mean_over(labels, said, shape, texture, differ):
    """The mean of one share for each class of these labels that has any decision."""
    pairs = [both(said, shape, texture, differ & (labels == k)) for k in np.unique(labels)]
    return np.mean([s / (s + t) for s, t in pairs if s + t])


counted(
    "third_classes_counted",
    "A network that says neither has decided nothing between shape and texture. Which pictures stand below the line?",
    lambda said, shape, texture, differ: both(said, shape, texture, differ)[0] / differ.sum(),
)
counted(
    "all_pictures_counted",
    "Below your line stand all pictures. Which of them were decided at all?",
    lambda said, shape, texture, differ: both(said, shape, texture, differ)[0] / len(said),
)
counted(
    "right_shapes_of_all",
    "That is how often the shape's label was right: an accuracy. Which pictures have decided between two classes?",
    lambda said, shape, texture, differ: (said == shape).mean(),
)
counted(
    "equal_labels_kept",
    "A cat with the texture of a cat: is that a conflict? What does such a picture add in your count?",
    lambda said, shape, texture, differ: (said == shape).sum() / ((said == shape).sum() + (said == texture).sum()),
)
counted(
    "equal_labels_for_the_shape",
    "Where both labels agree, you count a decision for the shape. Nobody had to decide there.",
    lambda said, shape, texture, differ: (said == shape).sum() / ((said == shape) | (said == texture)).sum(),
)
counted(
    "equal_labels_for_the_texture",
    "Where both labels agree, you count a decision for the texture. Nobody had to decide there.",
    lambda said, shape, texture, differ: (
        both(said, shape, texture, differ)[0] / ((said == shape) | (said == texture)).sum()
    ),
)
counted(
    "texture_bias",
    "You have the share of the textures. Which of the two stands above the line?",
    lambda said, shape, texture, differ: (
        both(said, shape, texture, differ)[1] / sum(both(said, shape, texture, differ))
    ),
)
counted(
    "in_per_cent",
    "The text asks for a share from 0 to 1.",
    lambda said, shape, texture, differ: (
        100 * both(said, shape, texture, differ)[0] / sum(both(said, shape, texture, differ))
    ),
)
counted(
    "difference_of_the_two",
    "You have S - T above the line. What should a network get that always takes the texture, and what does it get?",
    lambda said, shape, texture, differ: (lambda s, t: (s - t) / (s + t))(*both(said, shape, texture, differ)),
)
counted(
    "shapes_for_each_texture",
    "S : T may be any number. The text asks for S as a part of both together.",
    lambda said, shape, texture, differ: (lambda s, t: s / max(t, 1))(*both(said, shape, texture, differ)),
)
counted(
    "mean_of_the_shape_s_classes",
    "You take a share for each class, and then their mean. A class with two pictures then counts as much as one with "
    "twenty.",
    lambda said, shape, texture, differ: mean_over(shape, said, shape, texture, differ),
)
counted(
    "mean_of_the_texture_s_classes",
    "You take a share for each texture, and then their mean. A class with two pictures then counts as much as one with "
    "twenty.",
    lambda said, shape, texture, differ: mean_over(texture, said, shape, texture, differ),
)
counted(
    "whole_numbers",
    "A division of whole numbers that drops the rest is 0 or 1. Which sign divides with the rest?",
    lambda said, shape, texture, differ: (lambda s, t: s // (s + t))(*both(said, shape, texture, differ)),
)
counted(
    "only_the_count",
    "You return how many there are. The text asks for a share.",
    lambda said, shape, texture, differ: both(said, shape, texture, differ)[0],
)
counted(
    "both_counts",
    "You return both counts. The text asks for one number made of them.",
    lambda said, shape, texture, differ: both(said, shape, texture, differ),
)
counted(
    "equal_labels_alone",
    "You keep the pictures whose labels agree. The conflict is in the others.",
    lambda said, shape, texture, differ: (~differ & (said == shape)).sum() / max((~differ).sum(), 1),
)


@KNOWN.right("One picture at a time.")
def by_a_loop(predictions, shape_labels, texture_labels):
    counts = {"shape": 0, "texture": 0}
    for said, shape, texture in zip(*(np.asarray(z) for z in (predictions, shape_labels, texture_labels)), strict=True):
        if shape != texture and said in (shape, texture):
            counts["shape" if said == shape else "texture"] += 1
    return counts["shape"] / (counts["shape"] + counts["texture"])


@KNOWN.right("The mean of a choice, over the pictures that were decided.")
def mean_of_the_decided(predictions, shape_labels, texture_labels):
    said, shape, texture = (np.asarray(z) for z in (predictions, shape_labels, texture_labels))
    decided = (shape != texture) & ((said == shape) | (said == texture))
    return np.mean(said[decided] == shape[decided])


@KNOWN.right("With ops.")
def by_ops(predictions, shape_labels, texture_labels):
    for_shape = ops.logical_and(predictions == shape_labels, shape_labels != texture_labels)
    for_texture = ops.logical_and(predictions == texture_labels, shape_labels != texture_labels)
    s, t = (ops.sum(ops.cast(z, "float32")) for z in (for_shape, for_texture))
    return s / (s + t)
