"""Mistakes in dense_to_conv_kernel."""

from __future__ import annotations

from keras import ops

from solutions.registry import Registry
from solutions.tokens import reference
from solutions.tokens.misconceptions.building import join

KNOWN = Registry("dense_to_conv_kernel")


def right(kernel, patch_size, channels):
    """The right kernel (P, P, C, D)."""
    return ops.reshape(kernel, (patch_size, patch_size, channels, -1))


@KNOWN.wrong(
    "Row 1 of the kernel belongs to the second number of a patch. Is that the next colour of the same pixel, "
    "or the next pixel?"
)
def channels_first(kernel, patch_size, channels):
    pieces = ops.reshape(kernel, (channels, patch_size, patch_size, -1))
    return ops.transpose(pieces, (1, 2, 0, 3))


@KNOWN.wrong("Rows and columns of pixels changed places. Which one does patchify count faster?")
def rows_and_columns_swapped(kernel, patch_size, channels):
    return ops.swapaxes(right(kernel, patch_size, channels), 0, 1)


@KNOWN.wrong("Your kernel is turned upside down. Read the docstring once more: does Conv2D flip it?")
def flipped(kernel, patch_size, channels):
    return right(kernel, patch_size, channels)[::-1, ::-1]


@KNOWN.wrong("The weights of red and blue changed places. In which order does patchify list the channels?")
def colours_reversed(kernel, patch_size, channels):
    return right(kernel, patch_size, channels)[:, :, ::-1]


@KNOWN.wrong("The kernel came back as it was. A convolution slides over rows and columns: which axes does it need?")
def unchanged(kernel, patch_size, channels):
    return kernel + 0.0


@KNOWN.wrong("Column d of the kernel makes feature d of a token. After your transpose it no longer does.")
def transposed_first(kernel, patch_size, channels):
    return ops.reshape(ops.transpose(kernel), (patch_size, patch_size, channels, -1))


@KNOWN.wrong("Column d of the kernel makes feature d of a token. Your reshape takes row 0 apart in its place.")
def rows_taken_for_outputs(kernel, patch_size, channels):
    filters = ops.reshape(kernel, (-1, patch_size, patch_size, channels))
    return ops.transpose(filters, (1, 2, 3, 0))


@KNOWN.wrong("That is the order of PyTorch's kernels, outputs first. Keras has them last.")
def outputs_first(kernel, patch_size, channels):
    return ops.transpose(right(kernel, patch_size, channels), (3, 2, 0, 1))


@KNOWN.wrong("Input channels come before outputs in Keras's kernels. Your last two axes stand the other way round.")
def outputs_before_channels(kernel, patch_size, channels):
    return ops.swapaxes(right(kernel, patch_size, channels), 2, 3)


@KNOWN.wrong("Your kernel covers a single pixel. How many pixels of the image does one token see?")
def one_by_one(kernel, patch_size, channels):
    return kernel[None, None]


@KNOWN.wrong("The numbers became smaller. A convolution adds up the pixels of a patch, just as Dense does.")
def averages_the_patch(kernel, patch_size, channels):
    return right(kernel, patch_size, channels) / patch_size**2


@KNOWN.wrong(
    "The order of the numbers is right, and the pixels of a patch still lie in one line. A kernel has rows and columns."
)
def pixels_in_a_line(kernel, patch_size, channels):
    return ops.reshape(kernel, (1, patch_size**2, channels, -1))


@KNOWN.right("Each column of the kernel is a small picture, so unpatchify does it too.")
def by_unpatchify(kernel, patch_size, channels):
    pictures = join(ops.transpose(kernel)[:, None], patch_size, patch_size, patch_size)
    return ops.transpose(pictures, (1, 2, 3, 0))


@KNOWN.right("The kernel as patchify would list it, found by asking patchify where each number goes.")
def by_asking_patchify(kernel, patch_size, channels):
    count = patch_size**2 * channels
    image = ops.reshape(ops.arange(count), (1, patch_size, patch_size, channels))
    places = ops.reshape(reference.patchify(image, patch_size), (-1,))
    return ops.reshape(ops.take(kernel, ops.argsort(places), axis=0), (patch_size, patch_size, channels, -1))
