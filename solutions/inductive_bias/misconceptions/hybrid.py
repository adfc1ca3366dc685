"""Mistakes in HybridEmbedding."""

from __future__ import annotations

import keras
import numpy as np
from keras import ops

from solutions.inductive_bias import reference
from solutions.registry import Registry

KNOWN = Registry("HybridEmbedding")
RELU = "Take an image of which the convolution makes negative numbers only. What should come out of the relu, and when?"
ORDER = "Token 1 lies to the right of token 0. Where does yours lie?"


class Layer(reference.HybridEmbedding):
    """The right layer in steps; a wrong one replaces a step, or how a convolution is made."""

    options = {"strides": 2, "padding": "same"}  # noqa: RUF012

    def __init__(self, dim, stem_filters=(32, 64), **kwargs):
        super().__init__(dim, stem_filters, **kwargs)
        self.stem = [self.convolution(f) for f in stem_filters]

    def convolution(self, filters):
        return keras.layers.Conv2D(filters, 3, **self.options)

    def enter(self, pictures):
        return pictures

    def step(self, i, maps):
        return ops.relu(self.stem[i](maps))

    def maps_of(self, images):
        maps = self.enter(images)
        for i in range(len(self.stem)):
            maps = self.step(i, maps)
        return maps

    def read(self, maps):
        return ops.reshape(maps, (-1, maps.shape[1] * maps.shape[2], maps.shape[3]))

    def finish(self, tokens):
        return self.proj(tokens)

    def call(self, images):
        return self.finish(self.read(self.maps_of(images)))


def variant(name, hint, twin=None, **steps):
    """Register a layer with some steps replaced."""
    return KNOWN.wrong(hint, twin)(type(name, (Layer,), steps))


def relu_but_last(self, i, maps):
    """No relu after the last convolution."""
    maps = self.stem[i](maps)
    return ops.relu(maps) if i < len(self.stem) - 1 else maps


def relu_after_last(self, i, maps):
    """A relu after the last convolution alone."""
    maps = self.stem[i](maps)
    return maps if i < len(self.stem) - 1 else ops.relu(maps)


def margin_on_both_sides(self, i, maps):
    """One zero on each side, as PyTorch's padding=1 has it."""
    self.stem[i](maps)
    wide = ops.pad(maps, [(0, 0), (1, 1), (1, 1), (0, 0)])
    y = ops.conv(wide, self.stem[i].kernel, strides=2, padding="valid") + self.stem[i].bias
    return ops.relu(y)


def at_every_pixel(self, i, maps):
    """The convolution without its stride, and relu."""
    self.stem[i](maps)  # makes the weights
    return ops.relu(ops.conv(maps, self.stem[i].kernel, strides=1, padding="same") + self.stem[i].bias)


def standard(tokens):
    """Mean 0 and variance 1 for each token."""
    centred = tokens - ops.mean(tokens, axis=-1, keepdims=True)
    return centred / ops.sqrt(ops.mean(ops.square(centred), axis=-1, keepdims=True) + 1e-3)


def waves(count, dim):
    """The table of lesson 3, for any width."""
    angles = np.arange(count)[:, None] / 10000 ** (np.arange(dim) // 2 * 2 / dim)
    return np.where(np.arange(dim) % 2, np.cos(angles), np.sin(angles)).astype("float32")


variant("no_relu_at_all", RELU, step=lambda self, i, maps: self.stem[i](maps))
variant("no_relu_after_the_last", f"{RELU} There is one after every convolution.", step=relu_but_last)
variant("relu_after_the_last_only", f"{RELU} There is one after every convolution.", step=relu_after_last)
variant(
    "relu_before",
    "In which order do convolution and relu come? What does a relu in front do to the negative numbers of an image?",
    step=lambda self, i, maps: self.stem[i](ops.relu(maps)),
)
variant(
    "gelu", "The text asks for relu here.", step=lambda self, i, maps: ops.gelu(self.stem[i](maps), approximate=False)
)
variant("sigmoid", "The text asks for relu here.", step=lambda self, i, maps: ops.sigmoid(self.stem[i](maps)))
variant("leaky_relu", "The text asks for relu here.", step=lambda self, i, maps: ops.leaky_relu(self.stem[i](maps)))
variant(
    "relu_after_proj",
    "Tokens may be negative: proj has no activation.",
    finish=lambda self, tokens: ops.relu(self.proj(tokens)),
)
variant(
    "margin_on_both_sides",
    'For an even side, Keras\'s "same" puts its zeros below and at the right only. Where are yours?',
    step=margin_on_both_sides,
)
variant(
    "every_second_afterwards",
    "A convolution with strides=2 and one of which you keep every second pixel do not begin at the same place.",
    step=lambda self, i, maps: at_every_pixel(self, i, maps)[:, ::2, ::2],
    twin="margin_on_both_sides",
)
variant(
    "pooled_instead_of_strides",
    "The convolution itself takes every second place. Nothing here takes a maximum.",
    step=lambda self, i, maps: ops.max_pool(at_every_pixel(self, i, maps), 2),
)
variant(
    "mean_pooled",
    "The convolution itself takes every second place. There is no pooling.",
    step=lambda self, i, maps: ops.average_pool(at_every_pixel(self, i, maps), 2),
)
variant(
    "no_padding",
    'How many rows come out of 8 rows with strides=2 and padding="same"? Yours are fewer.',
    options={"strides": 2, "padding": "valid"},
)
variant(
    "no_strides",
    "You have more tokens than the text. By how much should each convolution make the picture smaller?",
    options={"strides": 1, "padding": "same"},
)
variant(
    "tokens_down_first",
    ORDER,
    read=lambda self, maps: Layer.read(self, ops.transpose(maps, (0, 2, 1, 3))),
)
variant(
    "tokens_backwards",
    ORDER,
    read=lambda self, maps: Layer.read(self, maps)[:, ::-1],
)
variant(
    "channels_in_front",
    "A token is what all channels say at one place. Yours mixes numbers of several places.",
    read=lambda self, maps: ops.reshape(
        ops.transpose(maps, (0, 3, 1, 2)), (-1, maps.shape[1] * maps.shape[2], maps.shape[3])
    ),
)
variant(
    "a_map_is_a_token",
    "How many tokens do you have: as many as there are places, or as many as channels?",
    read=lambda self, maps: ops.transpose(Layer.read(self, maps), (0, 2, 1)),
)
variant(
    "still_a_picture",
    "A transformer takes (B, N, dim). Your result still has rows and columns.",
    read=lambda self, maps: maps,
)
variant(
    "mean_over_the_places",
    "Every place becomes a token. You have one for the whole picture.",
    read=lambda self, maps: ops.mean(maps, axis=(1, 2)),
)
variant(
    "one_convolution_only",
    "How many of the convolutions did the picture go through? Does your loop return too soon?",
    maps_of=lambda self, images: self.step(0, images),
)
variant(
    "all_from_the_image",
    "Each convolution works on what the one before has made. What goes into your second one?",
    maps_of=lambda self, images: [self.step(i, images) for i in range(len(self.stem))][-1],
)
variant(
    "class_token",
    "There is no class token here. What does your first token say?",
    finish=lambda self, tokens: ops.concatenate([ops.zeros_like(self.proj(tokens)[:, :1]), self.proj(tokens)], axis=1),
)
variant(
    "normed",
    "There is no norm here. What are the mean and the spread of your tokens?",
    finish=lambda self, tokens: standard(self.proj(tokens)),
)
variant(
    "waves_added",
    "Positions are added later, by the transformer, not here.",
    finish=lambda self, tokens: self.proj(tokens) + waves(tokens.shape[1], self.proj.units),
)
variant(
    "divided_by_255",
    "Images come in [0, 1] already, or as whatever numbers they are. Which line of yours changes them?",
    enter=lambda self, images: images / 255.0,
)


@KNOWN.wrong("One list, one convolution for each number in it. Are yours all the same layer?")
class one_layer_many_times(Layer):
    """The same convolution for every step."""

    def __init__(self, dim, stem_filters=(32, 64), **kwargs):
        super().__init__(dim, stem_filters, **kwargs)
        self.stem = [keras.layers.Conv2D(stem_filters[0], 3, **self.options)] * len(stem_filters)


@KNOWN.wrong("The text names the attribute proj, with a bias. Where does the last bias come in?")
class proj_without_bias(Layer):
    """A projection without a bias."""

    def __init__(self, dim, stem_filters=(32, 64), **kwargs):
        super().__init__(dim, stem_filters, **kwargs)
        self.proj = keras.layers.Dense(dim, use_bias=False)


@KNOWN.wrong("Every kernel has side 3. Which one has yours?")
class another_side(Layer):
    """A kernel of side 2, as patches would have."""

    def convolution(self, filters):
        return keras.layers.Conv2D(filters, 2, **self.options)


@KNOWN.wrong("The position table is a weight that the text does not name. Positions are added later.")
class positions_learned(Layer):
    """A learned table of positions."""

    def build(self, shape):
        count = shape[1] * shape[2] // 4 ** len(self.stem)
        self.positions = self.add_weight(shape=(count, self.proj.units), name="positions")

    def finish(self, tokens):
        return self.proj(tokens) + self.positions


@KNOWN.right("A 1 x 1 convolution is a Dense at every place, so the reshape may come last, where proj is a Dense.")
class projected_before_the_reshape(Layer):
    """The projection works on the maps."""

    def call(self, images):
        return self.read(self.proj(self.maps_of(images)))


@KNOWN.right("The relu may be a part of the convolution.")
class relu_inside(Layer):
    """Convolutions with an activation."""

    def convolution(self, filters):
        return keras.layers.Conv2D(filters, 3, activation="relu", **self.options)

    def step(self, i, maps):
        return self.stem[i](maps)


@KNOWN.right('Zeros below and at the right, put there by hand, are Keras\'s "same" for even sides.')
class zeros_by_hand(Layer):
    """A margin by hand and no padding."""

    def convolution(self, filters):
        return keras.layers.Conv2D(filters, 3, strides=2, padding="valid")

    def step(self, i, maps):
        return ops.relu(self.stem[i](ops.pad(maps, [(0, 0), (0, 1), (0, 1), (0, 0)])))
