"""Mistakes in what ClassAttentionBlock is made of: attention, norms, MLP and gammas, and their arguments."""

from __future__ import annotations

import keras
from keras import ops

from solutions.mixers import reference
from solutions.mixers.misconceptions.building import Asking, Mlp, class_registry, norm, rough_gelu, variant

KNOWN = class_registry()


def class_variant(name, hint, twin=None, **steps):
    """Register a block with other parts."""
    return variant(KNOWN, Asking, name, hint, twin, **steps)


class_variant(
    "scale1_is_scale2",
    "Two norms and two gammas, says the text. Your two gammas are one and the same layer, under two names.",
    scales=lambda self, init_value: (reference.LayerScale(init_value),) * 2,
)
class_variant(
    "gammas_start_at_1",
    "Read both gammas after the first call. Where should they start?",
    scales=lambda self, init_value: (reference.LayerScale(1.0), reference.LayerScale(1.0)),
)
class_variant(
    "gammas_always_start_at_the_default",
    "Your block is right as long as nobody passes an init_value of their own. Does it get to the scales?",
    scales=lambda self, init_value: (reference.LayerScale(), reference.LayerScale()),
)
class_variant(
    "second_gamma_starts_at_the_default",
    "scale1 gets the init_value that was asked for. And scale2?",
    scales=lambda self, init_value: (reference.LayerScale(init_value), reference.LayerScale()),
)
class_variant(
    "every_head_as_wide_as_the_token",
    "key_dim is the width of one head, not of all together. What was D/h in lesson 2?",
    attention=lambda self, dim, heads: keras.layers.MultiHeadAttention(heads, key_dim=dim),
)
class_variant(
    "heads_and_width_swapped",
    "num_heads heads, each dim // num_heads wide. Which argument of Keras's layer gets which of the two?",
    attention=lambda self, dim, heads: keras.layers.MultiHeadAttention(dim // heads, heads),
)
class_variant(
    "a_single_head",
    "How many heads were asked for, and how many has your attention got?",
    attention=lambda self, dim, heads: keras.layers.MultiHeadAttention(1, key_dim=dim),
)
class_variant(
    "attention_without_biases",
    "18 weights, says the text: attention has its biases. What has to be left as it is in Keras's layer?",
    attention=lambda self, dim, heads: keras.layers.MultiHeadAttention(heads, key_dim=dim // heads, use_bias=False),
)
class_variant(
    "epsilon_of_keras",
    "Keras's own epsilon is 0.001. Which one does the block receive, and does it get to the norms?",
    norms=lambda self, epsilon: (keras.layers.LayerNormalization(), keras.layers.LayerNormalization()),
)
class_variant(
    "epsilon_always_the_default",
    "Your block is right as long as nobody passes an epsilon of their own. Does it get to the norms?",
    norms=lambda self, epsilon: (norm(1e-6), norm(1e-6)),
)
class_variant(
    "epsilon_for_the_first_norm_only",
    "norm1 gets the epsilon that was asked for. And norm2?",
    norms=lambda self, epsilon: (norm(epsilon), keras.layers.LayerNormalization()),
)
class_variant(
    "norm1_is_norm2",
    "Two norms and two gammas, says the text. Your two norms are one and the same layer, under two names.",
    norms=lambda self, epsilon: (norm(epsilon),) * 2,
)
class_variant(
    "no_activation",
    "Two matrices in a row are one matrix. What stands between the two Dense of the MLP?",
    feed_forward=lambda self, hidden, width: Mlp(hidden, width, None),
)
class_variant(
    "approximate_gelu",
    "Your gelu is the approximation by tanh, off in the fourth decimal. Which form does Dense take by the name alone?",
    feed_forward=lambda self, hidden, width: Mlp(hidden, width, rough_gelu),
)
class_variant(
    "relu",
    "Which activation does the text name?",
    feed_forward=lambda self, hidden, width: Mlp(hidden, width, "relu"),
)
class_variant(
    "activation_on_both",
    "What the MLP adds may be clearly below 0. Can yours be? Count its activations.",
    feed_forward=lambda self, hidden, width: Mlp(hidden, width, last="gelu"),
)
class_variant(
    "hidden_four_times_as_wide",
    "Four times D is what many papers use. Here the hidden width is an argument, mlp_dim.",
    feed_forward=lambda self, hidden, width: Mlp(4 * width, width),
)


@KNOWN.wrong("gamma has one number for each feature. Yours has one for all of them, so they shrink alike.")
class a_single_gamma(Asking):
    def scales(self, init_value):
        return Single(init_value), Single(init_value)


@KNOWN.wrong("A diagonal matrix would do the same with D times D numbers. gamma has D of them.")
class a_matrix_of_gammas(Asking):
    def scales(self, init_value):
        width = self.attn.num_heads * self.attn.key_dim
        return Matrix(init_value, width), Matrix(init_value, width)


@KNOWN.wrong("Your parts are there under other names. The text calls them attn, norm1, norm2, mlp, scale1 and scale2.")
class gammas_on_the_block(Asking):
    def scales(self, init_value):
        start, self.width = keras.initializers.Constant(init_value), self.attn.num_heads * self.attn.key_dim
        self.gamma1, self.gamma2 = (self.add_weight(shape=(self.width,), initializer=start) for _ in range(2))
        return (None,) * 2

    def first(self, cls, patches):
        return cls + self.gamma1 * self.attend(cls, patches)

    def second(self, h, cls):
        return h + self.gamma2 * self.mlp(self.norm2(h))


class Single(keras.layers.Layer):
    """A LayerScale with one number."""

    def __init__(self, init_value):
        super().__init__()
        self.gamma = self.add_weight(shape=(), initializer=keras.initializers.Constant(init_value), name="gamma")

    def call(self, x):
        return x * self.gamma


class Matrix(keras.layers.Layer):
    """A LayerScale with a matrix."""

    def __init__(self, init_value, width):
        super().__init__()
        start = keras.initializers.Identity(init_value)
        self.gamma = self.add_weight(shape=(width, width), initializer=start, name="gamma")

    def call(self, x):
        return ops.matmul(x, self.gamma)
