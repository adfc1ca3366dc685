"""Mistakes in LayerScale."""

from __future__ import annotations

import keras
from keras import ops

from solutions.mixers import reference
from solutions.registry import Registry

KNOWN = Registry("LayerScale")


def scale_variant(name, hint, twin=None, **steps):
    """Register a LayerScale with another call, or another build."""
    return KNOWN.wrong(hint, twin)(type(name, (reference.LayerScale,), steps))


def started(value=None, shape=None, **options):
    """A build whose gamma starts elsewhere, or has another shape: value(layer), shape(input_shape)."""

    def made(self, input_shape):
        start = keras.initializers.Constant(self.init_value if value is None else value(self))
        size = shape(input_shape) if shape else (input_shape[-1],)
        self.gamma = self.add_weight(shape=size, initializer=start, name="gamma", **options)

    return made


scale_variant(
    "adds_the_residual",
    "Set gamma to 0: what should come out? The plus belongs to the block around this layer, not in here.",
    call=lambda self, x: x + x * self.gamma,
)
scale_variant(
    "adds_gamma",
    "gamma is a factor, not something to add. What becomes of x where gamma is 1?",
    call=lambda self, x: x + self.gamma,
)
scale_variant(
    "divides_by_gamma",
    "A tiny gamma should make x tiny. What does yours make of it?",
    call=lambda self, x: x / self.gamma,
)
scale_variant(
    "ignores_gamma",
    "Your layer has a weight, and what comes out does not depend on it. What would training change?",
    call=lambda self, x: x * self.init_value + 0 * self.gamma,
)
scale_variant(
    "returns_x",
    "What comes out of yours is what came in. Where is gamma used in call?",
    call=lambda self, x: x + 0 * self.gamma,
)
scale_variant(
    "init_value_once_more",
    "init_value is where gamma starts. Does it still play a part once gamma has moved away from it?",
    call=lambda self, x: x * self.gamma * self.init_value,
)
scale_variant(
    "init_value_outside_of_gamma",
    "init_value is where gamma starts. Yours starts elsewhere, and init_value stands in the product for ever.",
    build=started(lambda self: 1.0),
    call=lambda self, x: x * self.gamma * self.init_value,
)
scale_variant(
    "around_init_value",
    "gamma itself starts at init_value. Yours starts elsewhere, and init_value is added on the way.",
    build=started(lambda self: 0.0),
    call=lambda self, x: x * (self.init_value + self.gamma),
)
scale_variant(
    "one_plus_gamma",
    "With gamma 0, nothing of x should be left. How much is left in yours?",
    twin="adds_the_residual",
    call=lambda self, x: x * (1 + self.gamma),
)
scale_variant(
    "positive_gammas_only",
    "A gamma may be negative, and then x changes its sign. What does yours do with the sign?",
    call=lambda self, x: x * ops.abs(self.gamma),
)
scale_variant(
    "gamma_squared",
    "Double gamma: the result should double. By which factor does yours grow?",
    call=lambda self, x: x * self.gamma * self.gamma,
)
scale_variant(
    "mean_of_gamma",
    "One number for each feature: your features all shrink alike. What happens to gamma before it meets x?",
    call=lambda self, x: x * ops.mean(self.gamma),
)
scale_variant(
    "summed_over_the_features",
    "The result has the shape of x: feature by feature, nothing is summed. Which product do you take?",
    call=lambda self, x: ops.sum(x * self.gamma, axis=-1, keepdims=True) + 0 * x,
)
scale_variant(
    "normalises_first",
    "Double x: the result should double. Is there a norm in here that belongs to the block?",
    call=lambda self, x: self.gamma * x / ops.sqrt(ops.mean(x * x, axis=-1, keepdims=True) + 1e-6),
)
scale_variant(
    "starts_at_1",
    "Read gamma after the first call. Does it start at init_value, or at what suits a norm?",
    build=started(lambda self: 1.0),
)
scale_variant(
    "starts_at_0",
    "Read gamma after the first call. Does it start at init_value? At 0 the branch would get no gradient at all.",
    build=started(lambda self: 0.0),
)
scale_variant(
    "always_starts_at_the_default",
    "Your layer is right as long as nobody passes an init_value of their own. Does it get to build?",
    build=started(lambda self: 1e-5),
)
scale_variant(
    "starts_at_random",
    "Every entry of gamma starts at the same number. Which initializer takes one number for all?",
    build=lambda self, input_shape: random_start(self, input_shape),
)
scale_variant(
    "a_single_gamma",
    "One number for each feature, or one for all of them? Look at gamma's shape in the text.",
    build=started(shape=lambda shape: ()),
)
scale_variant(
    "a_gamma_in_an_axis_of_one",
    "gamma has as many entries as x has features. Yours has one.",
    build=started(shape=lambda shape: (1,)),
)
scale_variant(
    "a_gamma_for_each_token",
    "Which axis of x are the features? Yours has a number for each token, and could never meet a longer row of them.",
    build=started(shape=lambda shape: (shape[-2], 1) if len(shape) > 2 else (shape[0], 1)),
)
scale_variant(
    "a_gamma_with_more_axes",
    "gamma has one axis, (D,). It fits tables with any number of axes all by itself.",
    build=started(shape=lambda shape: (1, 1, shape[-1])),
)
scale_variant(
    "a_matrix",
    "A diagonal matrix would do the same with D times D numbers. The text asks for D of them.",
    build=started(shape=lambda shape: (shape[-1], shape[-1])),
    call=lambda self, x: ops.matmul(x, self.gamma),
)
scale_variant(
    "not_trainable",
    "gamma is to be learnt. Which option of add_weight decides that?",
    build=started(trainable=False),
)
scale_variant(
    "other_name",
    "Your weight is there under another name. The text calls it gamma.",
    build=lambda self, input_shape: named_otherwise(self, input_shape),
    call=lambda self, x: x * self.scale,
)
scale_variant(
    "a_beta_too",
    "The only weight is gamma: nothing is added. Which other weight has yours?",
    build=lambda self, input_shape: with_beta(self, input_shape),
    call=lambda self, x: x * self.gamma + self.beta,
)


def random_start(layer, input_shape):
    """gamma drawn at random, around init_value."""
    start = keras.initializers.RandomNormal(layer.init_value, 0.02, seed=1)
    layer.gamma = layer.add_weight(shape=(input_shape[-1],), initializer=start, name="gamma")


def named_otherwise(layer, input_shape):
    """The right weight as the attribute scale."""
    start = keras.initializers.Constant(layer.init_value)
    layer.scale = layer.add_weight(shape=(input_shape[-1],), initializer=start, name="scale")


def with_beta(layer, input_shape):
    """gamma, and a beta of zeros."""
    reference.LayerScale.build(layer, input_shape)
    layer.beta = layer.add_weight(shape=(input_shape[-1],), initializer="zeros", name="beta")


@KNOWN.right("A product may be written in any order, and the shape read from x.")
class other_words(reference.LayerScale):
    def build(self, input_shape):
        width = int(tuple(input_shape)[-1])
        fill = lambda shape, dtype=None: ops.full(shape, self.init_value, dtype=dtype)  # noqa: E731
        self.gamma = self.add_weight(shape=(width,), initializer=fill, trainable=True)

    def call(self, x, training=None):
        return ops.multiply(self.gamma, x)


@KNOWN.right("A product with a diagonal is the same, in an einsum.")
class einsum(reference.LayerScale):
    def call(self, inputs):
        return ops.einsum("...d,d->...d", inputs, self.gamma)
