"""How a layer is asked a question."""

import keras
import numpy as np
import pytest
from vitlab.probe import WeightError, ask

ROWS = np.ones((2, 3), np.float32)


def question(**weights):
    return {"args": (ROWS,), "kwargs": {}, "init": {}, "weights": weights}


class Inner(keras.layers.Layer):
    calls = 0

    def __init__(self):
        super().__init__()
        self.dense = keras.layers.Dense(5)

    def call(self, x):
        Inner.calls += 1
        return self.dense(x)


class Outer(keras.layers.Layer):
    def __init__(self):
        super().__init__()
        self.parts = [Inner()]

    def call(self, x):
        return self.parts[0](x)


class OuterModel(keras.Model):
    def __init__(self):
        super().__init__()
        self.parts = [Inner()]

    def call(self, x):
        return self.parts[0](x)


KERNEL, BIAS = np.full((3, 5), 7.0, np.float32), np.zeros(5, np.float32)
WEIGHTS = {"parts.0.dense.kernel": KERNEL, "parts.0.dense.bias": BIAS}


def test_a_layer_within_a_layer_is_called_once_to_be_built_and_once_to_answer():
    Inner.calls = 0
    assert (ask(Outer, question(**WEIGHTS)) == 21).all()
    assert Inner.calls == 2


def test_so_is_a_layer_within_a_model():
    Inner.calls = 0
    assert (ask(OuterModel, question(**WEIGHTS)) == 21).all()
    assert Inner.calls == 2


class WithBuild(keras.layers.Layer):
    def build(self, shape):
        self.scale = self.add_weight(shape=(shape[-1],), name="scale")

    def call(self, x):
        return x * self.scale


class Holder(keras.layers.Layer):
    def __init__(self):
        super().__init__()
        self.inner = WithBuild()

    def call(self, x):
        return self.inner(x)


def test_a_layer_within_that_has_its_own_build_is_built_by_it():
    assert (ask(Holder, question(**{"inner.scale": np.full(3, 11.0, np.float32)})) == 11).all()


class Shared(keras.layers.Layer):
    def __init__(self):
        super().__init__()
        self.blocks = [keras.layers.Dense(3)] * 2

    def call(self, x):
        return self.blocks[1](self.blocks[0](x))


def test_a_layer_put_in_two_places_is_told_with_both_places():
    square = np.ones((3, 3), np.float32)
    places = {"blocks.0.kernel": square, "blocks.1.kernel": square}
    with pytest.raises(WeightError, match=r"2 different weights.*at `blocks\.0\.kernel` and `blocks\.1\.kernel`"):
        ask(Shared, question(**places))


class Deep(keras.layers.Layer):
    def __init__(self):
        super().__init__()
        self.parts = [keras.layers.Dense(3) for _ in range(11)]

    def call(self, x):
        for part in self.parts:
            x = part(x)
        return x


def test_of_many_weights_the_message_lists_the_first_ones():
    places = {f"parts.{i}.kernel": np.ones((3, 3), np.float32) for i in range(11)}
    with pytest.raises(WeightError, match=r"parts\.5\.kernel, … \(11 in all\)\. Found 11 more") as told:
        ask(Deep, question(**places))
    assert "parts.6" not in str(told.value)
