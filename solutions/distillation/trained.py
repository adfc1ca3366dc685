"""The trained item of lesson 07: a small ViT that learnt from labels and from a teacher, by weights handed in.

Half of the points are for accuracy, half for agreement: how often student and teacher choose the same class. Each has a
bar of its own. A student that learnt from the labels alone may reach the accuracy; what it cannot is to agree.
"""

from __future__ import annotations

from functools import cache
from unittest import mock

import keras
import numpy as np
from vitlab import data, teachers, training
from vitlab.data.handwriting import many_colours, stored

from autograder.records import Argument, Dataset, Target, Trained
from solutions.distillation import reference

SEEDS = 2**32
BATCH = 256


@cache
def teacher():
    """The teacher that comes with vitlab."""
    return teachers.load("colour_digits")


def as_given(loaded):
    """Both parts of a data set with float images."""
    return tuple((data.as_floats(images), labels) for images, labels in loaded)


def training_data(budget):
    """Colour digits, as many as the budget takes: the same for students and for the grader's look at what was seen."""
    (images, labels), test = data.load("colour_digits")
    count = training.budget(budget, dataset="few_digits").images
    return as_given(((images[:count], labels[:count]), test))


def unseen(rng):
    """The test digits in colours that nobody has seen: (2160, 32, 32, 3) float32 and labels."""
    ink, labels = stored()[1]
    images, labels = many_colours(ink, labels, seeds=rng.integers(SEEDS, size=6))
    return data.as_floats(images), labels


def paths(arguments):
    """Attribute paths of all weights of a VisionTransformer of this size."""
    norms = ("gamma", "beta")
    block = [f"{norm}.{part}" for norm in ("norm1", "norm2") for part in norms]
    block += [f"attn.weights.{i}" for i in range(8)] + [f"mlp.weights.{i}" for i in range(4)]
    blocks = [f"blocks.{i}.{path}" for i in range(arguments["depth"]) for path in block]
    ends = [f"norm.{part}" for part in norms] + ["head.kernel", "head.bias"]
    return ("patch_embed.weights.0", "patch_embed.weights.1", "cls_token", "pos_embed", *blocks, *ends)


def accuracy(logits, labels):
    """Logits (n, K), labels (n,) -> the share of images with the right label."""
    return float((logits.argmax(-1) == labels).mean()) if logits.shape[:-1] == labels.shape else 0.0


def choices(images):
    """Images (n, 32, 32, 3) -> the classes that the teacher chooses, (n,)."""
    parts = [images[i : i + BATCH] for i in range(0, len(images), BATCH)]
    return np.concatenate([np.asarray(teacher()(part, training=False)).argmax(-1) for part in parts])


def train(data, seed):
    """The reference's student after its training."""
    return reference.train_distilled(data, teachers.load("colour_digits"), seed)[0]


def train_without_teacher(data, seed):
    """The reference's training by the labels alone: the same student, the same steps, and alpha = 0."""

    def alone(student, teacher, temperature, alpha):
        return distiller(student, teacher, temperature, alpha=0.0)

    distiller = reference.Distiller
    with mock.patch.object(reference, "Distiller", alone):
        return train(data, seed)


def untrained(data, seed):
    """A fresh student."""
    keras.utils.set_random_seed(seed)
    student = reference.VisionTransformer(**training.budget(dataset="few_digits").model)
    student(np.zeros((1, 32, 32, 3), "float32"))
    return student


TRAINED = Trained(
    name="train_distilled",
    builder="VisionTransformer",
    given="",
    reference=reference.VisionTransformer,
    arguments={
        "image_size": Argument(32, 32),
        "patch_size": Argument(4, 16, divides="image_size"),
        "num_classes": Argument(10, 10),
        "dim": Argument(16, 64),
        "depth": Argument(1, 4),
        "num_heads": Argument(1, 8, divides="dim"),
        "mlp_dim": Argument(16, 256),
        "dropout": Argument(0.0, 0.9, whole=False),
        "pool": Argument(choices=("cls", "mean")),
    },
    paths=paths,
    datasets=(Dataset("colour_digits", training_data, unseen),),
    score=accuracy,
    standard=training.budget("cpu", dataset="few_digits").model,
    train=train,
    baselines={"untrained": untrained},
    budgets=("cpu", "gpu"),
    targets=(Target("agreement", choices, {"without a teacher": train_without_teacher, "untrained": untrained}),),
)
