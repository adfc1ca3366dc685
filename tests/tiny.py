"""A trained item small enough for tests: a model of 4 numbers in, 3 classes out, that needs no training to be right."""

import json
import tempfile
from functools import cache
from pathlib import Path

import numpy as np

from autograder.grade.rules import Rules
from autograder.grade.trained import grade_trained
from autograder.read.artifacts import Artifacts
from autograder.read.code import read_code
from autograder.read.notebook import Cell
from autograder.read.slice import analyse
from autograder.records import TRAINED, Argument, Bar, Control, Dataset, Lesson, Trained

SOURCE = """
import keras


class Scale(keras.layers.Layer):
    def build(self, shape):
        self.gain = self.add_weight(name="gain", shape=(shape[-1],), initializer="ones")
        self.shift = self.add_weight(name="shift", shape=(shape[-1],), initializer="zeros")

    def call(self, x):
        return x * self.gain + self.shift


class Tiny(keras.Model):
    def __init__(self, width=5, open=1.0, **kwargs):
        super().__init__(**kwargs)
        self.open = open
        self.first = keras.layers.Dense(width)
        self.scale = Scale()
        self.last = keras.layers.Dense(3)

    def call(self, x):
        return self.last(self.scale(self.first(x * self.open)))
"""
MIXED = np.random.default_rng(7).standard_normal((4, 3)).astype("float32")
PATHS = ("first.kernel", "first.bias", "scale.gain", "scale.shift", "last.kernel", "last.bias")
STANDARD = {"width": 5}


def labels_of(x):
    """x (n, 4) -> the right class of each."""
    return (x @ MIXED).argmax(-1)


def data(budget="cpu"):
    """Training data and other data."""
    x = np.random.default_rng(1).standard_normal((300, 4)).astype("float32")
    return (x[:200], labels_of(x[:200])), (x[200:], labels_of(x[200:]))


def unseen(rng):
    """Unseen inputs and their labels."""
    x = rng.standard_normal((400, 4)).astype("float32")
    return x, labels_of(x)


@cache
def builder():
    """The reference's class."""
    space = {}
    exec(SOURCE, space)
    return space["Tiny"]


def model(width=5):
    """A fresh model that was called once."""
    made = builder()(width=width)
    made(np.zeros((1, 4), "float32"))
    return made


def trained_model(data=None, seed=0, share=1.0):
    """A model that is right, or nearly so: its last layer is the true one, up to noise."""
    made = model()
    noise = np.random.default_rng(seed).standard_normal((4, 3)) * (1 - share)
    first = np.eye(4, 5, dtype="float32")
    last = np.concatenate([MIXED + noise, np.zeros((1, 3))]).astype("float32")
    made.set_weights([first, np.zeros(5), np.ones(5), np.zeros(5), last, np.zeros(3)])
    return made


def untrained_model(data=None, seed=0):
    """A model that gives each input the same answer."""
    made = model()
    made.set_weights([np.zeros_like(array) for array in made.get_weights()])
    return made


def accuracy(outputs, labels):
    """Share of right classes."""
    return float((outputs.argmax(-1) == labels).mean())


def item(**changes):
    """The trained item; by default students write the class themselves."""
    fields = {
        "name": "train_tiny",
        "builder": "Tiny",
        "given": "",
        "reference": builder(),
        "arguments": {"width": Argument(1, 64)},
        "paths": lambda arguments: PATHS,
        "datasets": (Dataset("made", data, unseen),),
        "score": accuracy,
        "standard": STANDARD,
        "train": trained_model,
        "baselines": {"untrained": untrained_model},
        "controls": (Control("shut", lambda arguments: {"open": 0.0}, 0.6, "It is right with its eyes shut."),),
    }
    return Trained(**{**fields, **changes})


def bar(**changes):
    """The item's bar."""
    fields = {
        "item": "train_tiny", "dataset": "made", "budget": "cpu", "seeds": 5, "mean": 0.9, "sd": 0.0,
        "baseline": "untrained", "baseline_mean": 0.4, "full_marks_at": 0.9, "zero_at": 0.4, "versions": {},
        "machine": "", "seconds": 1.0,
    }  # fmt: skip
    return Bar(**{**fields, **changes})


def lesson(trained=None, bars=None):
    """A lesson that holds nothing but the trained item, for 15 points."""
    bars = (bar(),) if bars is None else bars
    return Lesson("02_tiny", {}, {}, (), {}, {TRAINED: 15.0}, "", trained or item(), bars)


def weights_of(made):
    """A model's .weights.h5 file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.weights.h5")
        made.save_weights(str(path))
        return path.read_bytes()


@cache
def good_weights():
    """The file of the right model."""
    return weights_of(trained_model())


def hand_in(worker, weights=None, arguments=STANDARD, source=SOURCE, of=None, rules=None):
    """(verdict, flags) of files handed in beside a notebook with one cell."""
    text = arguments if isinstance(arguments, bytes) else json.dumps(arguments).encode()
    files = Artifacts(good_weights() if weights is None else weights, text)
    analysis = analyse(read_code((Cell("cell 1", None, "code", source),), frozenset()))
    return grade_trained("ann", files, analysis, of or lesson(), worker, rules or Rules("secret"))
