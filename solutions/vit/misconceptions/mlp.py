"""Mistakes in FeedForward."""

from __future__ import annotations

import keras
from keras import ops

from solutions.registry import Registry
from solutions.vit import reference

KNOWN = Registry("FeedForward")


class Made(reference.FeedForward):
    """The right layer, its parts made by a step that can be replaced."""

    def __init__(self, dim, hidden_dim, activation="gelu", dropout=0.0, **kwargs):
        keras.layers.Layer.__init__(self, **kwargs)
        self.drop = keras.layers.Dropout(dropout)
        self.act = keras.activations.get(activation)
        self.fc1, self.fc2 = self.make(dim, hidden_dim)

    def build(self, input_shape):
        """Nothing: the sublayers build themselves at their first call."""

    def make(self, dim, hidden):
        return keras.layers.Dense(hidden), keras.layers.Dense(dim)

    def inside(self, x):
        return self.act(self.fc1(x))

    def fade(self, hidden, training):
        return self.drop(hidden, training=training)

    def after(self, y, x):
        return y

    def call(self, x, training=None):
        return self.after(self.fc2(self.fade(self.inside(x), training)), x)


def mlp_variant(name, hint, twin=None, **steps):
    """Register a FeedForward with some steps replaced."""
    return KNOWN.wrong(hint, twin)(type(name, (Made,), steps))


mlp_variant(
    "activation_on_both",
    "Look at the sign of your results: can any of them be clearly below 0? How many activations does the formula have?",
    after=lambda self, y, x: self.act(y),
)
mlp_variant(
    "activation_at_the_end_only",
    "The activation stands between the two matrices. Where does it stand in yours?",
    inside=lambda self, x: self.fc1(x),
    after=lambda self, y, x: self.act(y),
)
mlp_variant(
    "no_activation",
    "Two matrices in a row are one matrix. What stands between them?",
    inside=lambda self, x: self.fc1(x),
)
mlp_variant(
    "always_relu",
    "Which activation does the docstring name if nobody chooses one? Does the argument reach fc1?",
    inside=lambda self, x: ops.relu(self.fc1(x)),
)
mlp_variant(
    "always_gelu",
    "Your layer is right as long as nobody asks for another activation than gelu. Does the argument reach fc1?",
    inside=lambda self, x: ops.gelu(self.fc1(x), approximate=False),
)
mlp_variant(
    "approximate_gelu",
    "Your gelu is the approximation by tanh, off in the third digit. Which form does keras.activations.get give?",
    inside=lambda self, x: rough(self, self.fc1(x)),
)
mlp_variant(
    "activation_twice",
    "The hidden numbers went through the activation twice. Is it set in Dense, and called once more?",
    inside=lambda self, x: self.act(self.act(self.fc1(x))),
)
mlp_variant(
    "adds_the_residual",
    "The input was added to the result. That belongs to the block around this layer, not in here.",
    after=lambda self, y, x: x + y,
)
mlp_variant(
    "normalises",
    "Each vector of your result has mean 0 and variance 1. The norm belongs to the block around this layer.",
    after=lambda self, y, x: (y - ops.mean(y, -1, keepdims=True)) / ops.std(y, -1, keepdims=True),
)
mlp_variant(
    "activation_first",
    "Your activation comes before fc1. Read the formula from the inside out.",
    inside=lambda self, x: self.fc1(self.act(x)),
)
mlp_variant(
    "no_biases",
    "Both layers have a bias in the text. What has to be left as it is in Dense?",
    make=lambda self, dim, hidden: (
        keras.layers.Dense(hidden, use_bias=False), keras.layers.Dense(dim, use_bias=False),
    ),
)  # fmt: skip
mlp_variant(
    "hidden_as_wide_as_dim",
    "Count parameters: fc1 has D * hidden_dim weights. Where does hidden_dim come into yours?",
    make=lambda self, dim, hidden: (keras.layers.Dense(dim), keras.layers.Dense(dim)),
)
mlp_variant(
    "hidden_four_times_dim",
    "Four times D is what many papers use. Here the hidden width is an argument.",
    make=lambda self, dim, hidden: (keras.layers.Dense(4 * dim), keras.layers.Dense(dim)),
)
mlp_variant(
    "ends_in_the_hidden_width",
    "The result should be as wide as x. Which Dense gets which of the two widths?",
    twin="hidden_as_wide_as_dim",  # both make an fc1 that is D wide, and that is seen first
    make=lambda self, dim, hidden: (keras.layers.Dense(dim), keras.layers.Dense(hidden)),
)
mlp_variant(
    "fc1_and_fc2_swapped",
    "x should meet fc1 first, then fc2. Which of the two is hidden_dim wide?",
    make=lambda self, dim, hidden: (keras.layers.Dense(dim), keras.layers.Dense(hidden)),
    call=lambda self, x, training=None: self.fc1(self.drop(self.act(self.fc2(x)), training=training)),
)
mlp_variant(
    "always_drops",
    "Call twice with training=False and compare. What do you hand on to the dropout?",
    fade=lambda self, hidden, training: self.drop(hidden, training=True),
)
mlp_variant(
    "never_drops",
    "With training=True and a high rate your result should lose nearly everything. Where is `dropout` used?",
    fade=lambda self, hidden, training: hidden,
)
mlp_variant(
    "rate_is_share_kept",
    "A rate of 0.1 means that one number in ten is dropped, not that one in ten is kept.",
    fade=lambda self, hidden, training: keep_rarely(self, hidden) if training else hidden,
)


def rough(layer, x):
    """gelu by its approximation; every other activation as it is."""
    return ops.gelu(x, approximate=True) if layer.act is keras.activations.gelu else layer.act(x)


def keep_rarely(layer, hidden):
    """Dropout that takes its rate for the share that is kept."""
    return keras.random.dropout(hidden, 1.0 - layer.drop.rate, seed=1)


@KNOWN.wrong("Change token 3: tokens 0 and 1 move as well. The MLP treats each vector by itself.")
class mixes_the_tokens(Made):
    def after(self, y, x):
        return y - ops.mean(y, axis=-2, keepdims=True)


@KNOWN.wrong("Your two layers are there under other names. The text calls them fc1 and fc2.")
class other_names(Made):
    def __init__(self, dim, hidden_dim, activation="gelu", dropout=0.0, **kwargs):
        super().__init__(dim, hidden_dim, activation, dropout, **kwargs)
        self.dense1, self.dense2 = self.fc1, self.fc2
        del self.fc1, self.fc2

    def call(self, x, training=None):
        return self.dense2(self.drop(self.act(self.dense1(x)), training=training))


@KNOWN.right("Dropout may stand behind fc2 as well, and the activation may be a layer of its own.")
class drops_behind(Made):
    def __init__(self, dim, hidden_dim, activation="gelu", dropout=0.0, **kwargs):
        super().__init__(dim, hidden_dim, activation, dropout, **kwargs)
        self.activation, self.again = keras.layers.Activation(activation), keras.layers.Dropout(dropout)

    def call(self, x, training=None):
        return self.again(self.fc2(self.activation(self.fc1(x))), training=training)


@KNOWN.right("Dropout may stand in front of fc1, and Keras hands `training` on by itself.")
class drops_in_front(Made):
    def call(self, x, training=None):
        return self.fc2(self.act(self.fc1(self.drop(x))))


@KNOWN.right("EinsumDense with one matrix and one bias is a Dense.")
class einsum_dense(Made):
    def make(self, dim, hidden):
        made = (keras.layers.EinsumDense("...d,de->...e", width, bias_axes="e") for width in (hidden, dim))
        return tuple(made)
