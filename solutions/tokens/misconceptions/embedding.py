"""Mistakes in PatchEmbedding."""

from __future__ import annotations

import keras
from keras import ops

from solutions.registry import Registry
from solutions.tokens import reference
from solutions.tokens.misconceptions.building import (
    ALL_DOWN_FIRST,
    BATCH_MERGED,
    CHANNELS_FIRST,
    COLOURS_REVERSED,
    DOWN_FIRST,
    HEIGHT_FOR_WIDTH,
    PIXELS_DOWN_FIRST,
    STRIPS,
    cut,
)

KNOWN = Registry("PatchEmbedding")


def call_variant(name, hint, call):
    """Register a PatchEmbedding whose call is call(layer, images)."""
    methods = {"call": lambda self, images: call(self, images)}
    return KNOWN.wrong(hint)(type(name, (reference.PatchEmbedding,), methods))


def in_order(order):
    """A call that cuts the images with the axes in another order."""
    return lambda layer, images: layer.proj(cut(images, layer.patch_size, order))


def after(change):
    """A call that changes the tokens: change(tokens, layer, images)."""
    return lambda layer, images: change(layer.proj(cut(images, layer.patch_size)), layer, images)


def before(change):
    """A call that changes the images first."""
    return lambda layer, images: layer.proj(cut(change(images), layer.patch_size))


def turned(images):
    """Images (B, H, W, C) read as if they were (B, W, H, C)."""
    return ops.reshape(images, (-1, images.shape[2], images.shape[1], images.shape[3]))


call_variant("strips", STRIPS, in_order("brycxk"))
call_variant("patches_down_first", DOWN_FIRST, in_order("bcryxk"))
call_variant("pixels_down_first", PIXELS_DOWN_FIRST, in_order("brcxyk"))
call_variant("everything_down_first", ALL_DOWN_FIRST, in_order("bcrxyk"))
call_variant("channels_first", CHANNELS_FIRST, in_order("brckyx"))
call_variant("colours_reversed", COLOURS_REVERSED, before(lambda images: images[..., ::-1]))
call_variant("height_taken_for_width", HEIGHT_FOR_WIDTH, before(turned))
call_variant(
    "divided_by_255", "Images come in [0, 1] already. Which line of yours divides them?", before(lambda x: x / 255.0)
)
call_variant(
    "from_minus_one_to_one",
    "The images are used as they are, from 0 to 1. Yours run from -1 to 1.",
    before(lambda x: 2.0 * x - 1.0),
)
call_variant(
    "relu", "No token of yours is ever negative. Is there an activation in the text?", after(lambda t, *_: ops.relu(t))
)
call_variant(
    "gelu",
    "Your tokens are hardly ever negative. Is there an activation in the text?",
    after(lambda t, *_: keras.activations.gelu(t)),
)
call_variant(
    "scaled_by_root",
    "All tokens are longer by the same factor. The text has no scale: where does the root of dim come from?",
    after(lambda t, *_: t * t.shape[-1] ** 0.5),
)
call_variant(
    "normalised",
    "Your tokens all have mean 0 and variance 1. That norm comes later, in the encoder.",
    after(lambda t, *_: (t - ops.mean(t, -1, keepdims=True)) / ops.std(t, -1, keepdims=True)),
)
call_variant(
    "positions_added",
    "Something is added that depends on the place of the patch. Positions are a layer of their own.",
    after(lambda t, *_: t + reference.sinusoidal_position_encoding(t.shape[1], t.shape[2])),
)
call_variant("images_merged", BATCH_MERGED, after(lambda t, *_: ops.reshape(t, (-1, t.shape[-1]))))
call_variant(
    "tokens_in_columns", "Every token should be one row of numbers.", after(lambda t, *_: ops.swapaxes(t, 1, 2))
)
call_variant(
    "averaged", "One vector for a whole image? Every patch becomes a token of its own.",
    after(lambda t, *_: ops.mean(t, axis=1)),
)  # fmt: skip


@KNOWN.wrong("Your tokens still lie in a grid of rows and columns. A transformer reads one list of them.")
class keeps_the_grid(reference.PatchEmbedding):
    def call(self, images):
        grid = images.shape[1] // self.patch_size, images.shape[2] // self.patch_size
        return ops.reshape(super().call(images), (-1, *grid, self.proj.units))


@KNOWN.wrong("`proj` was applied to single pixels. How many numbers are there in a whole patch?")
class projects_pixels(reference.PatchEmbedding):
    def call(self, images):
        return cut(self.proj(images), self.patch_size)


@KNOWN.wrong(
    "A Conv2D with stride P computes the same numbers, but its kernel has four axes. The text fixes a kernel with two; "
    "the next exercise asks how they belong together."
)
class convolution(reference.PatchEmbedding):
    def __init__(self, patch_size, dim, **kwargs):
        super().__init__(patch_size, dim, **kwargs)
        self.proj = keras.layers.Conv2D(dim, patch_size, strides=patch_size)

    def call(self, images):
        maps = self.proj(images)
        return ops.reshape(maps, (-1, maps.shape[1] * maps.shape[2], maps.shape[3]))


@KNOWN.wrong("The text asks for a bias of shape (dim,). What has to be left as it is in Dense?")
class no_bias(reference.PatchEmbedding):
    def __init__(self, patch_size, dim, **kwargs):
        super().__init__(patch_size, dim, **kwargs)
        self.proj = keras.layers.Dense(dim, use_bias=False)


class Extended(reference.PatchEmbedding):
    """A right layer with weights that the text does not ask for."""

    def build(self, input_shape):
        self.extra = [self.add_weight(shape=shape) for shape in self.extra_shapes(input_shape)]


@KNOWN.wrong("There is a class token among your weights. It joins in lesson 4; here there are patches only.")
class class_token(Extended):
    def extra_shapes(self, input_shape):
        return [(1, 1, self.proj.units)]

    def call(self, images):
        tokens = super().call(images)
        front = ops.broadcast_to(self.extra[0], (ops.shape(tokens)[0], 1, self.proj.units))
        return ops.concatenate([front, tokens], axis=1)


@KNOWN.wrong("There is a table of positions among your weights. It gets a layer of its own, later in this lesson.")
class position_table(Extended):
    def extra_shapes(self, input_shape):
        _, height, width, _ = input_shape
        return [(height * width // self.patch_size**2, self.proj.units)]

    def call(self, images):
        return super().call(images) + self.extra[0]


@KNOWN.wrong("Besides proj your layer holds a scale and a shift: is there a norm in it? That comes later.")
class layer_norm(Extended):
    def extra_shapes(self, input_shape):
        return [(self.proj.units,), (self.proj.units,)]

    def call(self, images):
        return super().call(images) * self.extra[0] + self.extra[1]


@KNOWN.right("EinsumDense with a kernel of the same shape is the same layer.")
class einsum_dense(reference.PatchEmbedding):
    def __init__(self, patch_size, dim, **kwargs):
        super().__init__(patch_size, dim, **kwargs)
        self.proj = keras.layers.EinsumDense("bnp,pd->bnd", output_shape=(None, dim), bias_axes="d")


@KNOWN.right("The library may cut the patches here; only patchify has to be built.")
class library_patches(reference.PatchEmbedding):
    def call(self, images):
        maps = self.proj(ops.image.extract_patches(images, self.patch_size))
        return ops.reshape(maps, (-1, maps.shape[1] * maps.shape[2], maps.shape[3]))
