"""The trained item of lesson 05: a model that writes captions, from weights that students hand in.

The student's own CaptioningTransformer gets pictures and words that have nothing to do with them, and must agree with
the reference's for the same weights. Scored are captions that the reference writes with these weights, word by word:
true captions never enter the sandbox, and a model that has learnt to copy its input earns nothing, however small its
loss was. The control writes the captions of blank pictures. They are all the same, so it can only fail where captions
reach the model on another way than by the picture, and then the measurement is not to be trusted.
"""

from __future__ import annotations

from functools import lru_cache
from unittest import mock

import keras
import numpy as np
from keras import ops
from vitlab import scenes, training

from autograder.records import Argument, Control, Dataset, Trained
from solutions.captioning import reference

TRAINING, WATCHED, UNSEEN = 1, 2, 2_000
"""Seeds of the lesson's scenes, and how many scenes a student's model is measured on."""
FEW = 2
"""Epochs for a training in which there is hardly anything to learn."""
BLANK = 0.02
"""One caption for all is right in 1 of 96 cases at best: that many scenes hold a single red circle."""


@lru_cache(maxsize=1)
def lesson_scenes(count):
    """The data of the lesson: scenes to train on, and others to watch."""
    return scenes.scenes(count, TRAINING), scenes.scenes(1_000, WATCHED)


def scenes_for(budget):
    """As many scenes as the budget asks for."""
    return lesson_scenes(training.budget(budget, dataset="scenes").images)


def unseen(rng):
    """Scenes that nobody has seen: images (2000, 32, 32, 3) and captions (2000, 10)."""
    return scenes.scenes(UNSEEN, int(rng.integers(2**32)))


def with_words(images):
    """The images, and for each one words at random: (n, H, W, C) and (n, L - 1). No padding, which may be masked."""
    words = np.random.RandomState(0).randint(scenes.END + 1, len(scenes.WORDS), (len(images), scenes.LENGTH - 1))
    words[:, 0] = scenes.START
    return images, words.astype("int32")


def share_exact(written, captions):
    """Captions written and true ones, both (n, L) -> the share of those that agree in every word."""
    return float((written == captions).all(axis=1).mean()) if written.shape == captions.shape else 0.0


class Writer(reference.CaptioningTransformer):
    """The reference's model, called with pictures alone: it writes their captions, (B, L) numbers."""

    def __init__(self, blank=False, **arguments):
        """blank: it sees white paper in place of every picture."""
        super().__init__(**arguments)
        self.blank = blank

    def call(self, images, training=None):
        """Images (B, H, W, 3) -> captions (B, L)."""
        memory = self.encoder(ops.ones_like(images) if self.blank else images)
        shape = images, scenes.START, scenes.END, scenes.LENGTH, scenes.PAD
        return reference.greedy_decode(lambda _, words, training: self.told(memory, words), *shape)

    def told(self, memory, words):
        """Memory (B, S, D) and words (B, T) -> logits (B, T, V): the rest of the reference's call, each picture being
        encoded once."""
        count = words.shape[1]
        x = self.token_embed(words) + self.pos_embed[:, :count]
        for block in self.blocks:
            x = block(x, memory, self_mask=reference.causal_mask(count))
        return self.head(x)


def writer(captioner):
    """A trained model as one that writes."""
    made = Writer(**training.budget(dataset="scenes").model)
    made(np.zeros((1, scenes.SIDE, scenes.SIDE, 3), "float32"))
    made.set_weights(captioner.get_weights())
    return made


def train(data, seed):
    """The reference's model after its training."""
    return writer(reference.train_captioner(data, seed)[0])


def train_briefly(data, seed):
    """The reference's training, cut to a few epochs."""
    recipe = training.budget(dataset="scenes")
    recipe = training.Budget(**{**vars(recipe), "epochs": min(FEW, recipe.epochs)})
    with mock.patch.object(training, "budget", return_value=recipe):
        return train(data, seed)


def train_without_pictures(data, seed):
    """The reference's training on blank pictures."""
    return train_briefly(tuple((np.ones_like(images), captions) for images, captions in data), seed)


def train_without_shift(data, seed):
    """The reference's training, with the inputs themselves as targets."""
    with mock.patch.object(reference, "shift_captions", unshifted):
        return train_briefly(data, seed)


def unshifted(captions, pad_id=0):
    """The mistake: what goes in is what should come out."""
    return captions[:, :-1], captions[:, :-1], captions[:, :-1] != pad_id


def untrained(data, seed):
    """A fresh model."""
    keras.utils.set_random_seed(seed)
    made = Writer(**training.budget(dataset="scenes").model)
    made(np.zeros((1, scenes.SIDE, scenes.SIDE, 3), "float32"))
    return made


def paths(arguments):
    """Attribute paths of all weights of a CaptioningTransformer of this size."""
    norm, dense = ("gamma", "beta"), ("kernel", "bias")
    attention = [f"weights.{i}" for i in range(8)]  # query, key, value, output: kernel and bias each
    found = [f"encoder.patches.{part}" for part in dense] + ["encoder.positions.embeddings"]
    for i in range(arguments["encoder_depth"]):
        found += [f"encoder.norm{n}_{i}.{part}" for n in (1, 2) for part in norm]
        found += [f"encoder.attention_{i}.{part}" for part in attention]
        found += [f"encoder.fc{n}_{i}.{part}" for n in (1, 2) for part in dense]
    found += [f"encoder.norm.{part}" for part in norm] + ["token_embed.embeddings", "pos_embed"]
    for i in range(arguments["decoder_depth"]):
        found += [f"blocks.{i}.{name}.{part}" for name in ("self_attn", "cross_attn") for part in attention]
        found += [f"blocks.{i}.norm{n}.{part}" for n in (1, 2, 3) for part in norm]
        found += [f"blocks.{i}.mlp.weights.{n}" for n in range(4)]
    return (*found, *(f"head.{part}" for part in dense))


TRAINED = Trained(
    name="train_captioner",
    builder="CaptioningTransformer",
    given="",
    reference=reference.CaptioningTransformer,
    arguments={
        "vocab_size": Argument(len(scenes.WORDS), len(scenes.WORDS)),
        "max_length": Argument(scenes.LENGTH, scenes.LENGTH),
        "dim": Argument(16, 128),
        "num_heads": Argument(1, 8, divides="dim"),
        "encoder_depth": Argument(1, 4),
        "decoder_depth": Argument(1, 4),
        "patch_size": Argument(4, 16, divides="image_size"),
        "image_size": Argument(scenes.SIDE, scenes.SIDE),
        "mlp_dim": Argument(16, 512),
    },
    paths=paths,
    datasets=(Dataset("scenes", scenes_for, unseen),),
    score=share_exact,
    standard=training.budget("cpu", dataset="scenes").model,
    train=train,
    baselines={
        "without pictures": train_without_pictures,
        "without the shift": train_without_shift,
        "untrained": untrained,
    },
    controls=(
        Control(
            "captions of blank pictures",
            lambda arguments: {"blank": True},
            BLANK,
            "Your model writes true captions without seeing the picture. A person will look at how that can be.",
        ),
    ),
    budgets=("cpu", "gpu"),
    asked=with_words,
    measured=Writer,
)
