"""The trained item of lesson 07: a small ViT that learnt from labels and from a teacher, by weights handed in.

Half of the points are for accuracy, half for agreement: how often student and teacher choose the same class. Each has a
bar of its own. Only 200 of 1,437 pictures have labels: for the others there is the teacher alone.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import keras
import numpy as np
from vitlab import teachers, training

from autograder.records import Argument, Dataset, Target, Trained
from solutions.datasets import accuracy
from solutions.distillation import reference

COPIES = 3
BATCH = 256


@cache
def teacher():
    """The teacher that comes with vitlab."""
    return teachers.load()


def training_data(budget):
    """All training digits with their true labels; students get the same pictures with few labels."""
    return teachers.digits()


def unseen(rng):
    """The test digits, each three times, shifted by up to a pixel as in training: (1080, 8, 8, 3) float32, labels."""
    images, labels = teachers.digits()[1]
    images, labels = np.tile(images, (COPIES, 1, 1, 1)), np.tile(labels, COPIES)
    padded = np.pad(images, [(0, 0), (1, 1), (1, 1), (0, 0)], mode="symmetric")
    corners = rng.integers(0, 3, (len(images), 2))
    return np.stack([one[y : y + 8, x : x + 8] for one, (y, x) in zip(padded, corners, strict=True)]), labels


def paths(arguments):
    """Attribute paths of all weights of a VisionTransformer of this size."""
    norms = ("gamma", "beta")
    block = [f"{norm}.{part}" for norm in ("norm1", "norm2") for part in norms]
    block += [f"attn.weights.{i}" for i in range(8)] + [f"mlp.weights.{i}" for i in range(4)]
    blocks = [f"blocks.{i}.{path}" for i in range(arguments["depth"]) for path in block]
    ends = [f"norm.{part}" for part in norms] + ["head.kernel", "head.bias"]
    return ("patch_embed.weights.0", "patch_embed.weights.1", "cls_token", "pos_embed", *blocks, *ends)


def choices(images):
    """Images (n, 8, 8, 3) -> the classes that the teacher chooses, (n,)."""
    parts = [images[i : i + BATCH] for i in range(0, len(images), BATCH)]
    return np.concatenate([np.asarray(teacher()(part, training=False)).argmax(-1) for part in parts])


def train(data, seed):
    """The reference's student after its training, with few labels."""
    return reference.train_distilled(teachers.with_few_labels(data), teachers.load(), seed)[0]


def train_without_a_teacher(data, seed):
    """The same student by the labels alone: of the few pictures that have one, for as many steps."""
    (images, labels), test = data
    recipe, few = training.budget(dataset="few_digits"), teachers.LABELLED
    epochs = recipe.epochs * (min(len(images), recipe.images) // recipe.batch_size) // (few // recipe.batch_size)
    longer = replace(recipe, images=few, epochs=epochs)
    keras.utils.set_random_seed(seed)
    student = reference.VisionTransformer(**recipe.model)
    alone = reference.Distiller(student, teachers.load(), temperature=1.0, alpha=0.0)
    training.fit(alone, ((images, labels), test), longer, seed=seed)
    return student


def untrained(data, seed):
    """A fresh student."""
    keras.utils.set_random_seed(seed)
    student = reference.VisionTransformer(**training.budget(dataset="few_digits").model)
    student(np.zeros((1, 8, 8, 3), "float32"))
    return student


TRAINED = Trained(
    name="train_distilled",
    builder="VisionTransformer",
    given="",
    reference=reference.VisionTransformer,
    arguments={
        "image_size": Argument(8, 8),
        "patch_size": Argument(1, 4, divides="image_size"),
        "num_classes": Argument(10, 10),
        "dim": Argument(16, 64),
        "depth": Argument(1, 4),
        "num_heads": Argument(1, 8, divides="dim"),
        "mlp_dim": Argument(16, 256),
        "dropout": Argument(0.0, 0.9, whole=False),
        "pool": Argument(choices=("cls", "mean")),
    },
    paths=paths,
    datasets=(Dataset("digits", training_data, unseen),),
    score=accuracy,
    standard=training.budget("cpu", dataset="few_digits").model,
    train=train,
    baselines={"without a teacher": train_without_a_teacher, "untrained": untrained},
    budgets=("cpu", "gpu"),
    targets=(Target("agreement", choices, {"without a teacher": train_without_a_teacher, "untrained": untrained}),),
)
