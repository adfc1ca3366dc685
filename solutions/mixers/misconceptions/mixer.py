"""Mistakes in MixerBlock."""

from __future__ import annotations

import keras
from keras import ops

from solutions.mixers import reference
from solutions.mixers.misconceptions.building import Mixer, Mlp, mixer_registry, norm, rough_gelu, turned, variant

KNOWN = mixer_registry()
RETURNED_ZERO = "If {} returned 0 for everything, what should the block pass on? Read the {} line of the formula again."


def mixer_variant(name, hint, twin=None, **steps):
    """Register a block with some steps replaced."""
    return variant(KNOWN, Mixer, name, hint, twin, **steps)


mixer_variant(
    "never_turned_back",
    "x is (B, N, D), and what you add to it is (B, D, N). What has to happen before the plus?",
    mix=lambda self, x: self.token_mlp(turned(self.norm1(x))),
)
mixer_variant(
    "tokens_never_turned",
    "A Dense works on the last axis. Which axis is the last one when x reaches your token_mlp?",
    mix=lambda self, x: self.token_mlp(self.norm1(x)),
)
mixer_variant(
    "turned_by_reshape",
    "A reshape keeps the order of the numbers, and only draws the borders elsewhere. Try it on a table of 2 by 3.",
    mix=lambda self, x: reshaped(self, x),
)
mixer_variant(
    "norm_after_the_swap",
    "LayerNorm looks at the last axis. Should it see the channels of one token here, or one channel of all tokens?",
    mix=lambda self, x: turned(self.token_mlp(self.norm1(turned(x)))),
)
mixer_variant(
    "no_residual_around_token_mlp",
    RETURNED_ZERO.format("token_mlp", "first"),
    call=lambda self, x: (h := self.mix(x)) + self.think(h),
)
mixer_variant(
    "no_residual_around_channel_mlp",
    RETURNED_ZERO.format("channel_mlp", "second"),
    call=lambda self, x: self.think(x + self.mix(x)),
)
mixer_variant(
    "no_residual_at_all",
    "There are two plus signs in the formula. Where are they in your code?",
    call=lambda self, x: self.think(self.mix(x)),
)
mixer_variant(
    "second_residual_from_x",
    "The second plus adds h, which already holds what the tokens told each other. Yours goes back to x.",
    call=lambda self, x: x + self.think(x + self.mix(x)),
)
mixer_variant(
    "one_residual_around_both",
    "There are two plus signs in the formula. Yours has one, around both MLPs together.",
    call=lambda self, x: x + self.think(self.mix(x)),
)
mixer_variant(
    "x_added_twice",
    "h holds x already. Your last sum adds x once more.",
    call=lambda self, x: x + (h := x + self.mix(x)) + self.think(h),
)
mixer_variant(
    "side_by_side",
    "The second MLP should see what the first has done. Yours sees x, as if the two stood side by side.",
    call=lambda self, x: x + self.mix(x) + self.think(x),
)
mixer_variant(
    "channels_first",
    "Both steps are there. In which order does the formula take them?",
    call=lambda self, x: (h := x + self.think(x)) + self.mix(h),
)
mixer_variant(
    "residual_from_the_normed_tokens",
    "What runs along the first residual line: x, or the normed x?",
    call=lambda self, x: (h := self.norm1(x) + self.mix(x)) + self.think(h),
)
mixer_variant(
    "second_residual_from_the_normed",
    "The second residual starts from h. Yours starts behind the norm.",
    call=lambda self, x: (n := self.norm2(x + self.mix(x))) + self.channel_mlp(n),
)
mixer_variant(
    "post_norm",
    "Where do the norms of the Mixer stand: in front of the MLPs, or behind the plus, as in lesson 4's drawing?",
    call=lambda self, x: self.norm2((h := self.norm1(x + turned(self.token_mlp(turned(x))))) + self.channel_mlp(h)),
)
mixer_variant(
    "no_norm_before_token_mlp",
    "Each of the two MLPs has a norm in front of it. What does your token_mlp get to see?",
    mix=lambda self, x: turned(self.token_mlp(turned(x))) + 0 * self.norm1(x),
)
mixer_variant(
    "no_norm_before_channel_mlp",
    "Each of the two MLPs has a norm in front of it. What does your channel_mlp get to see?",
    think=lambda self, h: self.channel_mlp(h) + 0 * self.norm2(h),
)
mixer_variant(
    "one_norm_used_twice",
    "How many norms does the formula have? Yours uses one of them twice, and a fresh one hides it.",
    think=lambda self, h: self.channel_mlp(self.norm1(h)) + 0 * self.norm2(h),
)
mixer_variant(
    "norms_swapped",
    "norm1 belongs to token_mlp and norm2 to channel_mlp. Fresh ones look alike; trained ones do not.",
    mix=lambda self, x: turned(self.token_mlp(turned(self.norm2(x)))),
    think=lambda self, h: self.channel_mlp(self.norm1(h)),
)
mixer_variant(
    "a_third_norm",
    "How many norms has the formula? The last thing in the block is a plus.",
    call=lambda self, x: self.norm2((h := x + self.mix(x)) + self.think(h)),
)
mixer_variant(
    "norm1_is_norm2",
    "How many norms does the formula have? Yours are one and the same layer, under two names.",
    norms=lambda self, epsilon: (norm(epsilon),) * 2,
)
mixer_variant(
    "epsilon_of_keras",
    "Keras's own epsilon is 0.001. Which one does the block receive, and does it get to the norms?",
    norms=lambda self, epsilon: (keras.layers.LayerNormalization(), keras.layers.LayerNormalization()),
)
mixer_variant(
    "epsilon_always_the_default",
    "Your block is right as long as nobody passes an epsilon of their own. Does it get to the norms?",
    norms=lambda self, epsilon: (norm(1e-6), norm(1e-6)),
)
mixer_variant(
    "epsilon_for_the_first_norm_only",
    "norm1 gets the epsilon that was asked for. And norm2?",
    norms=lambda self, epsilon: (norm(epsilon), norm(1e-6)),
)
mixer_variant(
    "no_activation",
    "Two matrices in a row are one matrix. What stands between the two Dense of each MLP?",
    of_tokens=lambda self, hidden, width: Mlp(hidden, width, None),
    of_channels=lambda self, hidden, width: Mlp(hidden, width, None),
)
mixer_variant(
    "no_activation_among_tokens",
    "Both MLPs have a gelu between their Dense. Which of yours has none?",
    of_tokens=lambda self, hidden, width: Mlp(hidden, width, None),
)
mixer_variant(
    "no_activation_among_channels",
    "Both MLPs have a gelu between their Dense. Which of yours has lost it?",
    of_channels=lambda self, hidden, width: Mlp(hidden, width, None),
)
mixer_variant(
    "approximate_gelu",
    "Your gelu is the approximation by tanh, off in the fourth decimal. Which form does Dense take by the name alone?",
    of_tokens=lambda self, hidden, width: Mlp(hidden, width, rough_gelu),
    of_channels=lambda self, hidden, width: Mlp(hidden, width, rough_gelu),
)
mixer_variant(
    "relu",
    "Which activation does the text name?",
    of_tokens=lambda self, hidden, width: Mlp(hidden, width, "relu"),
    of_channels=lambda self, hidden, width: Mlp(hidden, width, "relu"),
)
mixer_variant(
    "activation_on_both",
    "What an MLP adds to the stream may be clearly below 0. Can yours be? Count its activations.",
    of_tokens=lambda self, hidden, width: Mlp(hidden, width, last="gelu"),
    of_channels=lambda self, hidden, width: Mlp(hidden, width, last="gelu"),
)
mixer_variant(
    "no_biases",
    "Twelve weights, says the text: four for each MLP. What has to be left as it is in Dense?",
    of_tokens=lambda self, hidden, width: Mlp(hidden, width, use_bias=False),
    of_channels=lambda self, hidden, width: Mlp(hidden, width, use_bias=False),
)
mixer_variant(
    "hidden_widths_swapped",
    "Which MLP gets which hidden width? S belongs to the tokens, C to the channels.",
    __init__=lambda self, num_tokens, dim, token_mlp_dim, channel_mlp_dim, epsilon=1e-6, **kwargs: Mixer.__init__(
        self, num_tokens, dim, channel_mlp_dim, token_mlp_dim, epsilon, **kwargs
    ),
)
mixer_variant(
    "hidden_as_wide_as_the_tokens",
    "The hidden width of token_mlp is an argument, and need not be N. Where does token_mlp_dim come into yours?",
    of_tokens=lambda self, hidden, width: Mlp(width, width),
)
mixer_variant(
    "one_mlp_for_both",
    "Two MLPs, with weights of their own. With as many tokens as channels yours runs; what does it share?",
    __init__=lambda self, num_tokens, dim, token_mlp_dim, channel_mlp_dim, epsilon=1e-6, **kwargs: shared(
        self, num_tokens, dim, token_mlp_dim, channel_mlp_dim, epsilon, **kwargs
    ),
)


def reshaped(layer, x):
    """Tokens and channels "swapped" by a reshape, there and back."""
    _, tokens, channels = x.shape
    columns = ops.reshape(layer.norm1(x), (-1, channels, tokens))
    return ops.reshape(layer.token_mlp(columns), (-1, tokens, channels))


def shared(layer, num_tokens, dim, token_mlp_dim, channel_mlp_dim, epsilon, **kwargs):
    """The right parts, but for a channel_mlp that is token_mlp."""
    Mixer.__init__(layer, num_tokens, dim, token_mlp_dim, channel_mlp_dim, epsilon, **kwargs)
    del layer.channel_mlp
    layer.channel_mlp = layer.token_mlp


@KNOWN.wrong("Your parts are there under other names. The text calls them norm1, norm2, token_mlp and channel_mlp.")
class other_names(Mixer):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.ln1, self.ln2, self.mlp1, self.mlp2 = self.norm1, self.norm2, self.token_mlp, self.channel_mlp
        del self.norm1, self.norm2, self.token_mlp, self.channel_mlp

    def call(self, x):
        h = x + turned(self.mlp1(turned(self.ln1(x))))
        return h + self.mlp2(self.ln2(h))


@KNOWN.right("Permute is a swap, einsum can do the matrices, and sums may stand in any order.")
class permuted(Mixer):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.swap = keras.layers.Permute((2, 1))

    def call(self, x):
        h = keras.layers.add([self.swap(self.token_mlp(self.swap(self.norm1(x)))), x])
        return ops.add(self.think(h), h)


@KNOWN.right("An MLP may be a Sequential with its activation as a layer of its own, and `training` may be an argument.")
class sequential(reference.MixerBlock):
    def __init__(self, num_tokens, dim, token_mlp_dim, channel_mlp_dim, epsilon=1e-6, **kwargs):
        keras.layers.Layer.__init__(self, **kwargs)
        layers = keras.layers
        self.norm1, self.norm2 = norm(epsilon), norm(epsilon)
        self.token_mlp = keras.Sequential(
            [layers.Dense(token_mlp_dim), layers.Activation("gelu"), layers.Dense(num_tokens)]
        )
        self.channel_mlp = keras.Sequential(
            [layers.Dense(channel_mlp_dim), layers.Activation("gelu"), layers.Dense(dim)]
        )

    def call(self, x, training=None):
        h = x + ops.swapaxes(self.token_mlp(ops.swapaxes(self.norm1(x), 1, 2), training=training), 1, 2)
        return h + self.channel_mlp(self.norm2(h), training=training)


@KNOWN.right("EinsumDense with one matrix and one bias is a Dense.")
class einsum_dense(Mixer):
    def of_tokens(self, hidden, width):
        make = keras.layers.EinsumDense
        return keras.Sequential(
            [
                make("bdn,ns->bds", (None, hidden), bias_axes="s", activation="gelu"),
                make("bds,sn->bdn", (None, width), bias_axes="n"),
            ]
        )
