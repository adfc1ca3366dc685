"""Mistakes in shifted_window_mask."""

from __future__ import annotations

import numpy as np

from solutions.registry import Registry
from solutions.windows import reference
from solutions.windows.misconceptions.building import cut, numbers, regions_to_mask, sides

KNOWN = Registry("shifted_window_mask")


def right_mask(height, width, window, shift):
    """The right mask as an array."""
    return numbers(reference.shifted_window_mask(height, width, window, shift))


def region_variant(name, hint, regions):
    """Register a mask whose regions are regions(height, width, window, shift), a table (H, W) of numbers."""

    def mask(height, width, window, shift):
        table = np.broadcast_to(regions(height, width, window, shift), (height, width))
        return regions_to_mask(table, window)

    mask.__name__ = name
    return KNOWN.wrong(hint)(mask)


def regions_at(height, width, shift):
    """A number for each of the four pieces that a roll by `shift` makes."""
    below, beside = sides(height, width, shift)
    return 2 * below + beside


def after_rule(name, hint, change):
    """Register change(the right mask as bool)."""

    def mask(height, width, window, shift):
        return change(right_mask(height, width, window, shift))

    mask.__name__ = name
    return KNOWN.wrong(hint)(mask)


region_variant(
    "everything_allowed",
    "After the roll, the last window holds tokens from opposite ends of the picture. May they look at each other?",
    lambda height, width, window, shift: np.zeros((1, 1)),
)
region_variant(
    "rows_alone",
    "The seam between top and bottom is there. The grid was rolled to the left, too.",
    lambda height, width, window, shift: sides(height, width, shift)[0],
)
region_variant(
    "columns_alone",
    "The seam between left and right is there. The grid was rolled upwards, too.",
    lambda height, width, window, shift: sides(height, width, shift)[1],
)
region_variant(
    "regions_that_collide",
    "The last window is made of four pieces. Write down the number that your regions give to each of them.",
    lambda height, width, window, shift: 1 * sides(height, width, shift)[0] + sides(height, width, shift)[1],
)
region_variant(
    "two_regions",
    "Tokens that came in from below and tokens that came in from the right are strangers, too. How many pieces has the "
    "last window?",
    lambda height, width, window, shift: sides(height, width, shift)[0] | sides(height, width, shift)[1],
)
region_variant(
    "the_corner_alone",
    "Not only the corner came in from elsewhere. What lies at the bottom of the rolled grid, and what at its right?",
    lambda height, width, window, shift: sides(height, width, shift)[0] & sides(height, width, shift)[1],
)
region_variant(
    "seam_at_the_other_end",
    "After a roll up and to the left, at which ends of the grid are the tokens that came in?",
    lambda height, width, window, shift: 2 * (np.arange(height) < shift)[:, None] + (np.arange(width) < shift)[None],
)
region_variant(
    "seam_at_half_a_window_if_there_is_one",
    "How many rows came in at the bottom? Swin rolls by half a window, but the text hands you `shift`.",
    lambda height, width, window, shift: regions_at(height, width, window // 2 if shift else 0),
)
region_variant(
    "seam_one_too_late",
    "With shift 1 a single row came in, number H - 1. Does your comparison find it?",
    lambda height, width, window, shift: (
        2 * (np.arange(height) > height - shift)[:, None] + (np.arange(width) > width - shift)[None]
    ),
)
region_variant(
    "rest_of_the_window_came_in",
    "How many rows came in: `shift` of them, or the rest of a window? (For half a window, it is the same.)",
    lambda height, width, window, shift: (
        2 * sides(height, width, (window - shift) % window)[0] + sides(height, width, (window - shift) % window)[1]
    ),
)
region_variant(
    "always_half_a_window",
    "Half a window is Swin's choice. Where does your mask look at `shift`?",
    lambda height, width, window, shift: (
        2 * sides(height, width, window // 2)[0] + sides(height, width, window // 2)[1]
    ),
)
region_variant(
    "every_window_is_cut",
    "The first window of the rolled grid holds tokens that lie side by side in the picture. Must it be cut?",
    lambda height, width, window, shift: (
        2 * (np.arange(height) % window >= window - shift)[:, None]
        + (np.arange(width) % window >= window - shift)[None]
    ),
)
region_variant(
    "regions_rolled_once_more",
    "Your regions are those of the rolled grid already; then you roll them once more. At which end did rows come in?",
    lambda height, width, window, shift: np.roll(
        2 * sides(height, width, shift)[0] + sides(height, width, shift)[1], (-shift, -shift), axis=(0, 1)
    ),
)
region_variant(
    "windows_of_the_block_before",
    "You keep tokens apart that were in different windows before. But to bring those together is why we shift.",
    lambda height, width, window, shift: np.roll(
        (np.arange(height) // window)[:, None] * width + (np.arange(width) // window)[None], (-shift, -shift), (0, 1)
    ),
)
region_variant(
    "everybody_alone",
    "In your mask each token may look at itself alone. A region is a piece of the grid, not a single token.",
    lambda height, width, window, shift: np.arange(height * width).reshape(height, width),
)
region_variant(
    "seam_of_a_square",
    "Try a grid that is wider than tall: where is the seam between left and right?",
    lambda height, width, window, shift: (
        2 * sides(height, height, shift)[0] + (np.arange(width) >= height - shift)[None]
    ),
)
after_rule(
    "inverted",
    "In this course 1 means 'may attend'. What is on your diagonal?",
    np.logical_not,
)
after_rule(
    "to_be_added_to_scores",
    "The original code adds -100 to the scores. A mask of this course holds 1 and 0.",
    lambda mask: np.where(mask, 0.0, -100.0),
)
after_rule(
    "a_head_axis",
    "The text asks for three axes: windows, queries, keys. Heads and images come later.",
    lambda mask: mask[:, None],
)
after_rule(
    "a_batch_axis",
    "The text asks for three axes: windows, queries, keys. No batch axis.",
    lambda mask: mask[None],
)
after_rule(
    "last_window_alone",
    "Only your last window is cut. Which others lie on a seam?",
    lambda mask: np.concatenate([np.ones_like(mask[:-1]), mask[-1:]]),
)
after_rule(
    "one_window_for_all",
    "One mask for each window, says the text: (nW, w*w, w*w). Are all windows cut alike?",
    lambda mask: mask[-1],
)


@KNOWN.wrong(
    "You look at how far apart tokens are in the picture. Take a grid with a single window, 4 by 4 with shift 2: which "
    "tokens are there on the other side of a seam, and how far away are they?"
)
def near_in_the_picture(height, width, window, shift):
    rolled = np.roll(np.arange(height * width).reshape(1, height, width, 1), (-shift, -shift), axis=(1, 2))
    y, x = np.divmod(numbers(cut(rolled, window))[..., 0], width)
    rows_apart, columns_apart = (abs(at[:, :, None] - at[:, None]) for at in (y, x))
    return np.maximum(rows_apart, columns_apart) < window


@KNOWN.wrong("On the same side of both seams, says the text. Yours is content with one of them.")
def same_side_in_one_direction(height, width, window, shift):
    below, right = (np.broadcast_to(side, (height, width)) for side in sides(height, width, shift))
    return regions_to_mask(below, window) | regions_to_mask(right, window)


@KNOWN.wrong("Your windows are counted down first. window_partition counts them to the right first.")
def windows_down_first(height, width, window, shift):
    mask = right_mask(height, width, window, shift)
    rows, columns = height // window, width // window
    return mask.reshape(rows, columns, *mask.shape[1:]).swapaxes(0, 1).reshape(mask.shape)


@KNOWN.wrong("Height and width have changed places: your seams belong to a grid that was turned.")
def height_and_width_swapped(height, width, window, shift):
    return right_mask(width, height, window, shift)


@KNOWN.wrong("A token sees itself, and what lies before it. There is no 'before' in a window.")
def only_what_came_before(height, width, window, shift):
    return np.tril(right_mask(height, width, window, shift))


@KNOWN.wrong("A mask (nW, w*w) says of each token where it lies. Who may look at whom needs one axis more.")
def one_entry_for_each_token(height, width, window, shift):
    return right_mask(height, width, window, shift)[:, 0]


@KNOWN.right("Swin's own slices make nine regions, of which no window sees more than four.")
def nine_regions_by_slices(height, width, window, shift):
    table, count = np.zeros((height, width)), 0
    bounds = (slice(0, -window), slice(-window, -shift), slice(-shift, None))
    for rows in bounds:
        for columns in bounds:
            table[rows, columns] = count
            count += 1
    return regions_to_mask(table, window)


@KNOWN.right("Regions of the picture before the roll, rolled along with it, are the same regions.")
def regions_that_were_rolled(height, width, window, shift):
    table = 2 * (np.arange(height) < shift)[:, None] + (np.arange(width) < shift)[None]
    return regions_to_mask(np.roll(table, (-shift, -shift), axis=(0, 1)), window).astype("float32")


@KNOWN.right("Loops over windows and pairs of tokens are slow and right.")
def by_loops(height, width, window, shift):
    masks = []
    for top in range(0, height, window):
        for left in range(0, width, window):
            at = [(top + t // window, left + t % window) for t in range(window * window)]
            side = [(i >= height - shift, j >= width - shift) for i, j in at]
            masks.append([[int(one == other) for other in side] for one in side])
    return np.array(masks)
