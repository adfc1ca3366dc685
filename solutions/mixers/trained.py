"""The trained item of lesson 10: an MLP-Mixer, from weights that students hand in.

The model is given, but for the student's own MixerBlock in it, so it is rebuilt from the notebook, and its outputs must
agree with the reference's for the same weights. There is no control: nothing is taken away from a right model.
"""

from __future__ import annotations

import dataclasses

import keras
import numpy as np
from vitlab import training

from autograder.records import Argument, Trained
from solutions.datasets import COLOUR_AND_CIFAR, accuracy
from solutions.mixers import reference


def paths(arguments):
    """Attribute paths of all weights of an MLPMixer of this size."""
    dense, norm = ("kernel", "bias"), ("gamma", "beta")
    block = [f"{name}.{part}" for name in ("norm1", "norm2") for part in norm]
    block += [f"{mlp}.weights.{i}" for mlp in ("token_mlp", "channel_mlp") for i in range(4)]
    blocks = [f"blocks.{i}.{path}" for i in range(arguments["depth"]) for path in block]
    ends = [f"norm.{part}" for part in norm] + [f"head.{part}" for part in dense]
    return (*(f"patch_embed.{part}" for part in dense), *blocks, *ends)


def fresh(budget):
    """A model of the budget's size with first weights."""
    sizes = reference.mixer_sizes(budget)
    model = reference.MLPMixer(**sizes)
    model(np.zeros((1, sizes["image_size"], sizes["image_size"], 3), "float32"))
    return model


def train(data, seed):
    """The reference's model after its training, under the budget of its data set."""
    return reference.train_mixer(data, seed)[0]


def train_for_two_epochs(data, seed):
    """The same training with two epochs."""
    keras.utils.set_random_seed(seed)
    recipe = training.budget(dataset=data)
    model = fresh(recipe)
    training.fit(model, data, dataclasses.replace(recipe, epochs=2), seed=seed)
    return model


def train_without_token_mixing(data, seed):
    """The same training of a model in which no patch ever learns of another: its token_mlp all return 0."""
    keras.utils.set_random_seed(seed)
    recipe = training.budget(dataset=data)
    model = fresh(recipe)
    for block in model.blocks:
        for weight in block.token_mlp.weights[2:]:
            weight.assign(0 * weight)
        block.token_mlp.trainable = False
    training.fit(model, data, recipe, seed=seed)
    return model


def untrained(data, seed):
    """A fresh model."""
    keras.utils.set_random_seed(seed)
    return fresh(training.budget(dataset=data))


TRAINED = Trained(
    name="train_mixer",
    builder="MLPMixer",
    given="",
    reference=reference.MLPMixer,
    arguments={
        "image_size": Argument(32, 32),
        "patch_size": Argument(4, 16, divides="image_size"),
        "num_classes": Argument(10, 10),
        "dim": Argument(16, 256),
        "depth": Argument(1, 12),
        "token_mlp_dim": Argument(8, 512),
        "channel_mlp_dim": Argument(16, 1024),
    },
    paths=paths,
    datasets=COLOUR_AND_CIFAR,
    score=accuracy,
    standard=reference.mixer_sizes(training.budget("cpu")),
    train=train,
    baselines={
        "two epochs": train_for_two_epochs,
        "tokens never mixed": train_without_token_mixing,
        "untrained": untrained,
    },
    budgets=("cpu", "gpu"),
)
