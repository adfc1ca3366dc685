"""Mistakes in patchify."""

from __future__ import annotations

import numpy as np
from keras import ops

from solutions.registry import Registry
from solutions.tokens.misconceptions.building import (
    ALL_DOWN_FIRST,
    BATCH_MERGED,
    CHANNELS_FIRST,
    COLOURS_REVERSED,
    DOWN_FIRST,
    HEIGHT_FOR_WIDTH,
    PIXELS_DOWN_FIRST,
    STRIPS,
    VALUES,
    cut,
)

KNOWN = Registry("patchify")


def other_order(name, hint, order):
    """Register a patchify whose axes come in another order."""

    def cut_up(images, patch_size):
        return cut(images, patch_size, order)

    cut_up.__name__ = name
    return KNOWN.wrong(hint)(cut_up)


other_order("patches_down_first", DOWN_FIRST, "bcryxk")
other_order("pixels_down_first", PIXELS_DOWN_FIRST, "brcxyk")
other_order("everything_down_first", ALL_DOWN_FIRST, "bcrxyk")
other_order("channels_first", CHANNELS_FIRST, "brckyx")


@KNOWN.wrong(STRIPS)
def plain_reshape(images, patch_size):
    _, height, width, channels = images.shape
    size = patch_size**2 * channels
    return ops.reshape(images, (-1, height * width * channels // size, size))


@KNOWN.wrong("The six axes are there. Which two must change places before the last reshape?", twin="plain_reshape")
def no_transpose(images, patch_size):
    return cut(images, patch_size, "brycxk")


@KNOWN.wrong("Count: how many patches of 4 pixels fit side by side into 32? Yours overlap.")
def overlapping(images, patch_size):
    step = max(1, patch_size // 2)
    _, height, width, _ = images.shape
    corners = [(y, x) for y in range(0, height - patch_size + 1, step) for x in range(0, width - patch_size + 1, step)]
    return ops.concatenate(
        [cut(images[:, y : y + patch_size, x : x + patch_size], patch_size) for y, x in corners], axis=1
    )


@KNOWN.wrong(BATCH_MERGED)
def images_merged(images, patch_size):
    patches = cut(images, patch_size)
    return ops.reshape(patches, (-1, patches.shape[-1]))


@KNOWN.wrong(COLOURS_REVERSED)
def colours_reversed(images, patch_size):
    return cut(images[..., ::-1], patch_size)


@KNOWN.wrong("Your patches still lie in a grid of rows and columns. A transformer reads one list of them.")
def keeps_the_grid(images, patch_size):
    patches = cut(images, patch_size)
    _, height, width, _ = images.shape
    return ops.reshape(patches, (-1, height // patch_size, width // patch_size, patches.shape[-1]))


@KNOWN.wrong("Each patch is still a little picture. What shape does one token have in the text?")
def keeps_little_pictures(images, patch_size):
    patches = cut(images, patch_size)
    return ops.reshape(patches, (-1, patches.shape[1], patch_size, patch_size, images.shape[-1]))


@KNOWN.wrong("Every token should be one row. In your table each one is a column.")
def tokens_in_columns(images, patch_size):
    return ops.swapaxes(cut(images, patch_size), 1, 2)


@KNOWN.wrong(
    "Neighbouring pixels of your patch are far apart in the image. When an axis of length H is split in two, "
    "which part changes faster: the patch, or the pixel inside it?"
)
def pixels_far_apart(images, patch_size):
    _, height, width, channels = images.shape
    rows, columns = height // patch_size, width // patch_size
    pieces = ops.reshape(images, (-1, patch_size, rows, patch_size, columns, channels))
    return ops.reshape(ops.transpose(pieces, (0, 2, 4, 1, 3, 5)), (-1, rows * columns, patch_size**2 * channels))


@KNOWN.wrong("patch_size counts the pixels on the side of a patch. You cut the image into that many patches a side.")
def patches_a_side(images, patch_size):
    _, height, width, channels = images.shape
    tall, wide = height // patch_size, width // patch_size
    pieces = ops.reshape(images, (-1, patch_size, tall, patch_size, wide, channels))
    return ops.reshape(ops.transpose(pieces, (0, 1, 3, 2, 4, 5)), (-1, patch_size**2, tall * wide * channels))


@KNOWN.wrong(HEIGHT_FOR_WIDTH)
def height_taken_for_width(images, patch_size):
    _, width, height, channels = images.shape
    return cut(ops.reshape(images, (-1, height, width, channels)), patch_size)


@KNOWN.wrong("Try a wide image: patches are missing. How many fit side by side, and which length tells you?")
def as_many_columns_as_rows(images, patch_size):
    corners = range(0, images.shape[1], patch_size)
    squares = [images[:, y : y + patch_size, x : x + patch_size] for y in corners for x in corners]
    return ops.stack([ops.reshape(square, (square.shape[0], -1)) for square in squares], axis=1)


@KNOWN.wrong(VALUES)
def divided_by_255(images, patch_size):
    return cut(images, patch_size) / 255.0


@KNOWN.wrong(VALUES)
def from_minus_one_to_one(images, patch_size):
    return cut(images, patch_size) * 2.0 - 1.0


@KNOWN.right("Loops over rows and columns give the same list.")
def by_loops(images, patch_size):
    _, height, width, _ = images.shape
    patches = []
    for y in range(0, height, patch_size):
        for x in range(0, width, patch_size):
            square = images[:, y : y + patch_size, x : x + patch_size, :]
            patches.append(ops.reshape(square, (square.shape[0], -1)))
    return ops.stack(patches, axis=1)


@KNOWN.right("Cut into bands, then the bands into squares.")
def by_splitting(images, patch_size):
    _, height, width, _ = images.shape
    bands = ops.split(images, height // patch_size, axis=1)
    squares = [square for band in bands for square in ops.split(band, width // patch_size, axis=2)]
    return ops.stack([ops.reshape(square, (square.shape[0], -1)) for square in squares], axis=1)


@KNOWN.right("NumPy does it too.")
def by_numpy(images, patch_size):
    x = ops.convert_to_numpy(images)
    b, h, w, c = x.shape
    x = x.reshape(b, h // patch_size, patch_size, w // patch_size, patch_size, c)
    return np.swapaxes(x, 2, 3).reshape(b, -1, patch_size * patch_size * c)


@KNOWN.right("A convolution whose kernel is one-hot copies each value to its place.")
def by_convolution(images, patch_size):
    channels = images.shape[-1]
    size = patch_size**2 * channels
    kernel = ops.reshape(ops.eye(size), (patch_size, patch_size, channels, size))
    maps = ops.conv(images, kernel, strides=patch_size)
    return ops.reshape(maps, (-1, maps.shape[1] * maps.shape[2], size))


KNOWN.question(
    "round_trip_is_not_enough",
    "unpatchify undoes patchify also when both forget to swap the same two axes. What does a patch look like then?",
)
