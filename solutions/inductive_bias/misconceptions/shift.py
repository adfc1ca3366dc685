"""Mistakes in shift_image."""

from __future__ import annotations

import numpy as np
from keras import ops

from solutions.registry import Registry

KNOWN = Registry("shift_image")
WRAPPED = "Which pixels came in at the free edge? In this lesson they are those that left at the opposite one."


def moved(images, dy, dx, axes=(1, 2)):
    """The right answer, or one along other axes."""
    return np.roll(ops.convert_to_numpy(images), (dy, dx), axes)


def variant(name, hint, change):
    """Register a function of images (an array), dy and dx."""

    def shifted(images, dy, dx):
        return change(ops.convert_to_numpy(images), dy, dx)

    shifted.__name__ = name
    return KNOWN.wrong(hint)(shifted)


def filled(images, dy, dx, mode):
    """Moved, with something else than the opposite edge where pixels are missing."""
    wide = [(0, 0), (abs(dy), abs(dy)), (abs(dx), abs(dx)), (0, 0)]
    padded = np.pad(images, wide, mode)
    top, left = abs(dy) - dy, abs(dx) - dx
    return padded[:, top : top + images.shape[1], left : left + images.shape[2]]


def sliced(images, dy, dx):
    """Two pieces put together the other way round, which holds for shifts below the side alone."""
    images = np.concatenate([images[:, -dy:], images[:, :-dy]], axis=1)
    return np.concatenate([images[:, :, -dx:], images[:, :, :-dx]], axis=2)


variant(
    "the_other_way",
    "Follow one bright pixel. With a positive dy it should end up further down; where is yours?",
    lambda x, dy, dx: moved(x, -dy, -dx),
)
variant(
    "up_instead_of_down",
    "Follow one bright pixel. With a positive dy it should end up further down; where is yours?",
    lambda x, dy, dx: moved(x, -dy, dx),
)
variant(
    "left_instead_of_right",
    "Follow one bright pixel. With a positive dx it should end up further to the right; where is yours?",
    lambda x, dy, dx: moved(x, dy, -dx),
)
variant(
    "dy_and_dx_swapped",
    "Images are (B, H, W, C). Along which of these axes does dy count, along which dx?",
    lambda x, dy, dx: moved(x, dx, dy),
)
variant(
    "axes_of_channels_first",
    "Images are (B, H, W, C) here, with the channels last. Which numbers do the axes H and W have?",
    lambda x, dy, dx: moved(x, dy, dx, (2, 3)),
)
variant(
    "batch_is_moved",
    "Your first image has become another one. Which axis of (B, H, W, C) has number 0?",
    lambda x, dy, dx: moved(x, dy, dx, (0, 1)),
)
variant("zeros_come_in", WRAPPED, lambda x, dy, dx: filled(x, dy, dx, "constant"))
variant(
    "zeros_after_whole_rounds",
    WRAPPED,
    lambda x, dy, dx: filled(x, dy % x.shape[1], dx % x.shape[2], "constant"),
)
variant("the_edge_is_repeated", WRAPPED, lambda x, dy, dx: filled(x, dy, dx, "edge"))
variant("the_edge_is_a_mirror", WRAPPED, lambda x, dy, dx: filled(x, dy, dx, "symmetric"))
variant(
    "no_axis_named",
    "Without axes all numbers are moved as one long row. What happens to a pixel at the end of its row of pixels?",
    lambda x, dy, dx: np.roll(x, dy * x.shape[2] * x.shape[3] + dx * x.shape[3]),
)
variant("only_down", "The picture has moved down or up, but not sideways.", lambda x, dy, dx: moved(x, dy, 0))
variant("only_sideways", "The picture has moved sideways, but not down or up.", lambda x, dy, dx: moved(x, 0, dx))
variant(
    "dy_for_both",
    "Move a picture down by 1 and sideways by 0. Yours moves sideways, too.",
    lambda x, dy, dx: moved(x, dy, dy),
)
variant("sign_is_lost", "Where does a picture go with a negative shift?", lambda x, dy, dx: moved(x, abs(dy), abs(dx)))
variant(
    "slices_without_mod",
    "It is right for shifts below the side. What do your slices take when dy is larger than H?",
    sliced,
)
variant(
    "sides_mixed_up",
    "It is right for small shifts and for square pictures. After how many rows is a picture back where it was?",
    lambda x, dy, dx: moved(x, dy % x.shape[2], dx % x.shape[1]),
)
variant(
    "moved_twice",
    "Take a shift of 1 and count: how far has your picture moved?",
    lambda x, dy, dx: moved(x, 2 * dy, 2 * dx),
)
variant(
    "turned_round",
    "After a shift, neighbours are still neighbours, in the same order. Yours are in the opposite one.",
    lambda x, dy, dx: moved(x[:, ::-1, ::-1], dy, dx),
)


@KNOWN.right("It looks up, for each place, where its pixel comes from: there the sign is the other one.")
def looks_where_from(images, dy, dx):
    """Indices taken with a modulus."""
    rows = (np.arange(images.shape[1]) - dy) % images.shape[1]
    columns = (np.arange(images.shape[2]) - dx) % images.shape[2]
    return ops.take(ops.take(images, rows, axis=1), columns, axis=2)


@KNOWN.right("One step at a time is slow, and right.")
def one_row_at_a_time(images, dy, dx):
    """As many single steps as are left after whole rounds."""
    walked = ops.convert_to_numpy(images)
    for _ in range(dy % images.shape[1]):
        walked = np.concatenate([walked[:, -1:], walked[:, :-1]], axis=1)
    for _ in range(dx % images.shape[2]):
        walked = np.concatenate([walked[:, :, -1:], walked[:, :, :-1]], axis=2)
    return walked
