"""Steps to build wrong variants with, and the hints that several of them share.

The six axes of an image that is cut have one letter each: b image, r row of patches, y row of pixels in a patch,
c column of patches, x column of pixels in a patch, k channel. Memory has them as "brycxk"; patchify wants "brcyxk".
"""

from __future__ import annotations

import numpy as np
from keras import ops

RIGHT = "brcyxk"


def cut(images, patch_size, order=RIGHT):
    """Images (B, H, W, C) as patches (B, N, P*P*C), with the axes in another order."""
    _, height, width, channels = images.shape
    sides = (-1, height // patch_size, patch_size, width // patch_size, patch_size, channels)
    pieces = ops.transpose(ops.reshape(images, sides), ["brycxk".index(letter) for letter in order])
    return ops.reshape(pieces, (-1, sides[1] * sides[3], patch_size * patch_size * channels))


def join(patches, patch_size, height, width, order=RIGHT):
    """The inverse of `cut`: patches (B, N, P*P*C) -> images (B, H, W, C)."""
    sides = {"b": -1, "r": height // patch_size, "c": width // patch_size, "y": patch_size, "x": patch_size}
    sides["k"] = patches.shape[-1] // patch_size**2
    pieces = ops.reshape(patches, [sides[letter] for letter in order])
    pieces = ops.transpose(pieces, [order.index(letter) for letter in "brycxk"])
    return ops.reshape(pieces, (-1, height, width, sides["k"]))


def exponents(dim):
    """The formula's exponents 2i/dim, one for each pair."""
    return np.arange(0, dim, 2) / dim


def interleaved(even, odd):
    """Two tables (n, dim/2) side by side in pairs: (n, dim) float32."""
    return np.stack([even, odd], axis=-1).reshape(len(even), -1).astype("float32")


STRIPS = "Show patch 1 as a picture. Is it a square of the image, or a strip of whole rows?"
DOWN_FIRST = "Patch 1 lies to the right of patch 0, or below it? Yours lies below."
PIXELS_DOWN_FIRST = "Draw a horizontal line into an image. Which way does it run in your patch?"
ALL_DOWN_FIRST = (
    "Both the patches and the pixels inside them are counted downwards first. Where did rows and columns change places?"
)
CHANNELS_FIRST = "Take the first pixel of a patch: do its three values stand side by side in your row of numbers?"
COLOURS_REVERSED = "Compare the mean colour of patch 0 with the corner of the image: red and blue changed places."
BATCH_MERGED = "Does image 2 still have its own row of patches? Your result has lost the axis of the images."
HEIGHT_FOR_WIDTH = "Images are (B, H, W, C). Which of the two lengths in the middle did you take for the height?"
VALUES = "The order is right, but the numbers changed. Patches hold the values of the image as they are."
PAIRS = "In the formula i counts pairs, not columns. Which exponent does the second pair have?"
SLOWER = "Later pairs should turn more slowly. Which of yours is the fastest?"
HOW_SLOW = (
    "In the formula i counts pairs. Work out, on paper, the angles of the last pair for the width of the case above. "
    "Compare them with yours: how much more slowly than the first should it turn?"
)
LAST_EXPONENT = "Look at the exponent of your last pair. In the formula 2i/dim comes close to 1. Does it get there?"
OTHER_BASE = "A caller may bring another base. Where does your code look at that argument?"
PER_STEP = "How far does the first pair turn per step? The formula says 1, in radians."
