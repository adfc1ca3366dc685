"""Mistakes in unpatchify."""

from __future__ import annotations

import numpy as np
from keras import ops

from solutions.registry import Registry
from solutions.tokens.misconceptions.building import COLOURS_REVERSED, cut, join

KNOWN = Registry("unpatchify")


def other_order(name, hint, order):
    """Register an unpatchify that takes the patches' axes for others."""

    def put_together(patches, patch_size, height, width):
        return join(patches, patch_size, height, width, order)

    put_together.__name__ = name
    return KNOWN.wrong(hint)(put_together)


other_order(
    "plain_reshape",
    "Your first rows of pixels consist of whole patches, one after the other. A row of pixels crosses many patches: "
    "which axes must change places first?",
    "brycxk",
)
other_order("patches_down_first", "Patch 1 belongs to the right of patch 0. In your image it lies below.", "bcryxk")
other_order(
    "pixels_down_first",
    "Each patch lies in its place, but its rows became columns. Follow the second number of a grey patch.",
    "brcxyk",
)
other_order(
    "everything_down_first",
    "Both the patches and the pixels in them run downwards first. Where did rows and columns change places?",
    "bcrxyk",
)
other_order(
    "channels_first",
    "The first three numbers of a patch are the colours of one pixel. In your image they are three pixels.",
    "brckyx",
)


@KNOWN.wrong("Patches landed on other rows. How many stand side by side: as many as fit into the height, or the width?")
def as_many_columns_as_rows(patches, patch_size, height, width):
    pasted = np.zeros((len(patches), height, width, patches.shape[-1] // patch_size**2), "float32")
    pieces = join(ops.reshape(patches, (-1, 1, patches.shape[-1])), patch_size, patch_size, patch_size)
    pieces = ops.convert_to_numpy(pieces).reshape(*patches.shape[:2], *pieces.shape[1:])
    for n in range(patches.shape[1]):
        y, x = (patch_size * place for place in divmod(n, height // patch_size))
        if y < height and x < width:
            pasted[:, y : y + patch_size, x : x + patch_size] = pieces[:, n]
    return pasted


@KNOWN.wrong("height comes before width, in the arguments and in the shape. Which one is first in your result?")
def width_before_height(patches, patch_size, height, width):
    return join(patches, patch_size, width, height)


@KNOWN.wrong(
    "The shape is right and the picture is torn. How many patches stand side by side: as many as fit into the height, "
    "or into the width?"
)
def grid_of_the_other_shape(patches, patch_size, height, width):
    torn = join(patches, patch_size, width, height)
    return ops.reshape(torn, (-1, height, width, torn.shape[-1]))


@KNOWN.wrong(COLOURS_REVERSED)
def colours_reversed(patches, patch_size, height, width):
    return join(patches, patch_size, height, width)[..., ::-1]


@KNOWN.wrong("The patches lie in their grid, but they are not yet one picture. One more reshape, after which swap?")
def keeps_the_grid(patches, patch_size, height, width):
    channels = patches.shape[-1] // patch_size**2
    return ops.reshape(patches, (-1, height // patch_size, width // patch_size, patch_size, patch_size, channels))


@KNOWN.wrong("Every patch became an image of its own. How many images went in?")
def one_image_a_patch(patches, patch_size, height, width):
    return ops.reshape(patches, (-1, patch_size, patch_size, patches.shape[-1] // patch_size**2))


@KNOWN.wrong("Not every image has three channels. From which number can you learn how many there are?")
def always_three_channels(patches, patch_size, height, width):
    threes = ops.reshape(patches, (-1, patches.shape[1], patch_size**2 * 3))
    return join(threes, patch_size, height, width)


@KNOWN.wrong("That cuts once more. What undoes a swap of two axes: the same swap, or a reshape alone?")
def cuts_again(patches, patch_size, height, width):
    channels = patches.shape[-1] // patch_size**2
    again = cut(ops.reshape(patches, (-1, height, width, channels)), patch_size)
    return ops.reshape(again, (-1, height, width, channels))


@KNOWN.right("Patches are joined to bands, bands to images.")
def by_concatenation(patches, patch_size, height, width):
    channels, columns = patches.shape[-1] // patch_size**2, width // patch_size
    squares = [ops.reshape(patches[:, n], (-1, patch_size, patch_size, channels)) for n in range(patches.shape[1])]
    bands = [ops.concatenate(squares[n : n + columns], axis=2) for n in range(0, len(squares), columns)]
    return ops.concatenate(bands, axis=1)


@KNOWN.right("An einsum names the axes instead of counting them.")
def by_einsum(patches, patch_size, height, width):
    sides = (-1, height // patch_size, width // patch_size, patch_size, patch_size)
    pieces = ops.reshape(patches, (*sides, patches.shape[-1] // patch_size**2))
    return ops.reshape(ops.einsum("brcyxk->brycxk", pieces), (-1, height, width, pieces.shape[-1]))
