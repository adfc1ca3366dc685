"""The trained item of lesson 04: a vision transformer, from weights that students hand in.

The model is the student's own VisionTransformer, so its cell is rebuilt in the sandbox, and its outputs must agree with
the reference's for the same weights. There is no control: positions are weights here, and how much a right model must
lose without them has not been measured over seeds.
"""

from __future__ import annotations

from unittest import mock

import keras
import numpy as np
from vitlab import training

from autograder.records import Argument, Trained
from solutions.datasets import COLOUR_AND_CIFAR, accuracy
from solutions.vit import reference


def paths(arguments):
    """Attribute paths of all weights of a VisionTransformer of this size."""
    norms = ("gamma", "beta")
    block = [f"{norm}.{part}" for norm in ("norm1", "norm2") for part in norms]
    block += [f"attn.weights.{i}" for i in range(8)]  # query, key, value, output: kernel and bias each
    block += [f"mlp.{dense}.{part}" for dense in ("fc1", "fc2") for part in ("kernel", "bias")]
    blocks = [f"blocks.{i}.{path}" for i in range(arguments["depth"]) for path in block]
    ends = [f"norm.{part}" for part in norms] + ["head.kernel", "head.bias"]
    return ("patch_embed.kernel", "patch_embed.bias", "cls_token", "pos_embed", *blocks, *ends)


class WithoutPositions(reference.VisionTransformer):
    """The reference's model with a table of positions that is zero and stays so."""

    def add_weight(self, *args, name=None, **options):
        """Every other weight as it is."""
        if name == "pos_embed":
            options |= {"initializer": "zeros", "trainable": False}
        return super().add_weight(*args, name=name, **options)


def train(data, seed):
    """The reference's model after its training, under the budget of its data set."""
    return reference.train_vit(data, seed)[0]


def train_without_positions(data, seed):
    """The reference's training, of a model without positions."""
    with mock.patch.object(reference, "VisionTransformer", WithoutPositions):
        return train(data, seed)


def untrained(data, seed):
    """A fresh model."""
    keras.utils.set_random_seed(seed)
    arguments = training.budget(dataset=data).model
    model = reference.VisionTransformer(**arguments)
    model(np.zeros((1, arguments["image_size"], arguments["image_size"], 3), "float32"))
    return model


TRAINED = Trained(
    name="train_vit",
    builder="VisionTransformer",
    given="",
    reference=reference.VisionTransformer,
    arguments={
        "image_size": Argument(32, 32),
        "patch_size": Argument(4, 16, divides="image_size"),
        "num_classes": Argument(10, 10),
        "dim": Argument(16, 256),
        "depth": Argument(1, 8),
        "num_heads": Argument(1, 16, divides="dim"),
        "mlp_dim": Argument(16, 1024),
        "dropout": Argument(0.0, 0.9, whole=False),
        "pool": Argument(choices=("cls", "mean")),
    },
    paths=paths,
    datasets=COLOUR_AND_CIFAR,
    score=accuracy,
    standard=training.budget("cpu").model,
    train=train,
    baselines={"without positions": train_without_positions, "untrained": untrained},
    budgets=("cpu", "gpu"),
)
