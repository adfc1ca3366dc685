"""Lesson 04's trained item: accuracy earns nothing for a model that is not the vision transformer of the text.

The bar of these tests is so low that any weights reach it. What fails here fails whatever its accuracy.
"""

import json
from dataclasses import replace

import numpy as np
import pytest
import tiny

from autograder.lessons import CHECKOUT, load_lesson
from autograder.records import TRAINED, Bar
from solutions.vit import reference

SIZE = {
    "image_size": 32, "patch_size": 16, "num_classes": 10, "dim": 16, "depth": 1, "num_heads": 2, "mlp_dim": 24,
    "dropout": 0.0, "pool": "cls",
}  # fmt: skip
SOURCE = (CHECKOUT / "solutions/vit/reference.py").read_text(encoding="utf-8")
LOW = Bar("train_vit", "colour_digits", "cpu", 5, 0.9, 0.0, "untrained", 0.0, 1e-3, 0.0, {}, "", 1.0)
HEADS = """attended, weights = found if return_weights else (found, None)
        parts = ops.reshape(attended, (-1, 5, 2, 8))
        attended = ops.reshape(ops.transpose(parts, (0, 2, 1, 3)), (-1, 5, 16))"""
MISTAKES = {
    "without positions": [("axis=1) + self.pos_embed", "axis=1)")],
    "without residuals": [("h = x + attended", "h = attended"), ("y = h + self.mlp(", "y = self.mlp(")],
    "without the scale": [("self.attn(asking, asking", "self.attn(asking * self.attn.key_dim**0.5, asking")],
    "heads merged wrongly": [("attended, weights = found if return_weights else (found, None)", HEADS)],
}
CONVOLUTIONS = """
import keras


class VisionTransformer(keras.Model):
    def __init__(self, num_classes=10, **kwargs):
        super().__init__()
        self.look = keras.layers.Conv2D(48, 5, strides=2, activation="relu")
        self.again = keras.layers.Conv2D(96, 5, strides=2, activation="relu")
        self.pool = keras.layers.GlobalAveragePooling2D()
        self.head = keras.layers.Dense(num_classes)

    def call(self, images):
        return self.head(self.pool(self.again(self.look(images))))
"""


def file_of(builder):
    """Weights of a model after its first call, moved away from their start, where every bias is zero."""
    made = builder(**SIZE)
    made(np.zeros((1, 32, 32, 3), "float32"))
    rng = np.random.default_rng(3)
    made.set_weights([array + rng.normal(0, 0.3, array.shape) for array in made.get_weights()])
    return tiny.weights_of(made)


@pytest.fixture(scope="module")
def weights():
    """A file of the reference's weights."""
    return file_of(reference.VisionTransformer)


@pytest.fixture(scope="module")
def lenient():
    """The lesson, with a bar that any model reaches."""
    return replace(load_lesson("04_vit", {TRAINED: 20.0}), bars=(LOW,))


def test_under_this_bar_the_reference_passes_with_any_weights(worker, lenient, weights):
    found, _ = tiny.hand_in(worker, weights, SIZE, SOURCE, lenient)
    assert (found.outcome, found.points) == ("passed", 20.0)


@pytest.mark.parametrize("mistake", sorted(MISTAKES))
def test_a_wrong_model_earns_nothing_whatever_its_accuracy(mistake, worker, lenient, weights):
    source = SOURCE
    for old, new in MISTAKES[mistake]:
        assert source.count(old) == 1
        source = source.replace(old, new)
    found, _ = tiny.hand_in(worker, weights, SIZE, source, lenient)
    assert (found.outcome, found.points) == ("failed", 0.0)
    assert "different outputs" in found.message


def test_another_architecture_earns_nothing_however_good_it_is(worker, lenient):
    space = {}
    exec(CONVOLUTIONS, space)
    found, _ = tiny.hand_in(worker, file_of(space["VisionTransformer"]), SIZE, CONVOLUTIONS, lenient)
    assert (found.outcome, found.points) == ("failed", 0.0)
    assert "patch_embed" in found.message


@pytest.mark.parametrize("forged", [{"history": {"accuracy": [0.99]}}, {"accuracy": 0.99}, {"labels": [1, 2, 3]}])
def test_what_is_told_beside_the_arguments_earns_nothing(forged, worker, weights):
    as_committed = load_lesson("04_vit", {TRAINED: 20.0})
    found, _ = tiny.hand_in(worker, weights, json.dumps(SIZE | forged).encode(), SOURCE, as_committed)
    assert found.points == 0.0
