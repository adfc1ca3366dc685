"""The trained item of lesson 08: a hybrid vision transformer that has learnt digits from 500 pictures.

The model is given, but for the student's own HybridEmbedding in it, so it is rebuilt from the notebook, and its outputs
must agree with the reference's for the same weights. What is graded is how much it has learnt: that a hybrid learns
more from few pictures than a naive ViT, or a CNN more than both, students report and explain, and no single run is
compared with another. There is no control: nothing is taken away from a right model.
"""

from __future__ import annotations

import dataclasses

import keras
from vitlab import data, training

from autograder.records import Argument, Dataset, Trained
from solutions.datasets import accuracy, colour_unseen
from solutions.inductive_bias import reference

STEM = 3
"""Convolutions in the hybrid model's stem."""


def colour_training(budget):
    """Colour digits, as train_hybrid gets them; of the training pictures, those that it takes."""
    (images, labels), test = data.load("colour_digits")
    count = reference.few_pictures(((images, labels), test))[0].images
    return tuple((data.as_floats(x), y) for x, y in ((images[:count], labels[:count]), test))


def train(data, seed):
    """The reference's model after its training."""
    return reference.train_hybrid(data, seed)[0]


def train_for_a_sixth(data, seed):
    """The same training with a sixth of the epochs."""
    keras.utils.set_random_seed(seed)
    recipe, sizes = reference.few_pictures(data)
    model = reference.small_vit(**sizes)
    training.fit(model, data, dataclasses.replace(recipe, epochs=max(1, recipe.epochs // 6)), seed)
    return model


def untrained(data, seed):
    """A fresh model."""
    keras.utils.set_random_seed(seed)
    return reference.small_vit(**STANDARD)


def paths(arguments):
    """Attribute paths of all weights of a hybrid small_vit of this size."""
    dense, norm = ("kernel", "bias"), ("gamma", "beta")
    found = [f"embedding.stem.{i}.{part}" for i in range(STEM) for part in dense]
    found += [f"embedding.proj.{part}" for part in dense] + ["positions.embeddings"]
    for i in range(arguments["depth"]):
        found += [f"norm{n}_{i}.{part}" for n in (1, 2) for part in norm]
        found += [f"attention_{i}.weights.{n}" for n in range(8)]  # query, key, value, output: kernel and bias each
        found += [f"fc{n}_{i}.{part}" for n in (1, 2) for part in dense]
    return (*found, *(f"norm.{part}" for part in norm), *(f"head.{part}" for part in dense))


STANDARD = {
    "embedding": "hybrid",
    **{
        name: training.budget("cpu").model[name]
        for name in ("image_size", "num_classes", "dim", "depth", "num_heads", "mlp_dim")
    },
}
TRAINED = Trained(
    name="train_hybrid",
    builder="small_vit",
    given="",
    reference=reference.small_vit,
    arguments={
        "embedding": Argument(choices=("hybrid",)),
        "image_size": Argument(32, 32),
        "num_classes": Argument(10, 10),
        "dim": Argument(16, 256),
        "depth": Argument(1, 8),
        "num_heads": Argument(1, 16, divides="dim"),
        "mlp_dim": Argument(16, 1024),
    },
    paths=paths,
    datasets=(Dataset("colour_digits", colour_training, colour_unseen),),
    score=accuracy,
    standard=STANDARD,
    train=train,
    baselines={"a sixth of the training": train_for_a_sixth, "untrained": untrained},
    budgets=("cpu", "gpu"),
)
