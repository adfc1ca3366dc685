"""Mistakes in equivariance_error."""

from __future__ import annotations

import numpy as np
from keras import ops

from solutions.inductive_bias.reference import shift_image
from solutions.registry import Registry

KNOWN = Registry("equivariance_error")
LARGEST = "One pixel that is wrong makes a layer not equivariant. Which number of all the differences shows it?"


def pair(f, images, dy, dx, stride):
    """Moved before f, and after it, as arrays."""
    before = ops.convert_to_numpy(f(shift_image(images, dy, dx)))
    after = shift_image(ops.convert_to_numpy(f(images)), dy // stride, dx // stride)
    return before, ops.convert_to_numpy(after)


def measured(name, hint, measure):
    """Register measure(before, after) of the two right answers."""

    def error(f, images, dy, dx, out_stride=1):
        return measure(*pair(f, images, dy, dx, out_stride))

    error.__name__ = name
    return KNOWN.wrong(hint)(error)


def moved(name, hint, back):
    """Register the largest difference, where the output is moved by back(dy, dx, stride)."""

    def error(f, images, dy, dx, out_stride=1):
        before = ops.convert_to_numpy(f(shift_image(images, dy, dx)))
        after = ops.convert_to_numpy(shift_image(ops.convert_to_numpy(f(images)), *back(dy, dx, out_stride)))
        return np.abs(before - after).max()

    error.__name__ = name
    return KNOWN.wrong(hint)(error)


measured("mean_of_the_differences", LARGEST, lambda one, other: np.abs(one - other).mean())
measured("root_of_the_mean_square", LARGEST, lambda one, other: np.sqrt(np.square(one - other).mean()))
measured("sum_of_the_differences", LARGEST, lambda one, other: np.abs(one - other).sum())
measured(
    "mean_of_the_largest",
    f"{LARGEST} You take the largest one of each image, and then a mean.",
    lambda one, other: np.abs(one - other).max(axis=(1, 2, 3)).mean(),
)
measured(
    "squared",
    "Differences of 0.1 come out as 0.01. The text asks for an absolute value.",
    lambda one, other: np.square(one - other).max(),
)
measured(
    "largest_without_its_sign",
    "A difference of -3 is a large one. What does your maximum make of it?",
    lambda one, other: (one - other).max(),
)
measured(
    "relative_to_the_output",
    "The text divides by nothing. What would your number say of a layer whose outputs are all nearly 0?",
    lambda one, other: np.abs(one - other).max() / np.abs(other).max(),
)
measured(
    "interior_only",
    "You leave out the edge of the output. Is that not where zero padding shows?",
    lambda one, other: np.abs(one - other)[:, 1:-1, 1:-1].max(),
)
measured(
    "first_image_only",
    "Your number knows of one image alone. The largest difference may lie in another one.",
    lambda one, other: np.abs(one - other)[0].max(),
)
measured(
    "first_channel_only",
    "Your number knows of one channel alone. The largest difference may lie in another one.",
    lambda one, other: np.abs(one - other)[..., 0].max(),
)
measured(
    "largest_values_compared",
    "You compare the largest outputs. Where in the picture do they lie? Subtract place by place first.",
    lambda one, other: np.abs(one.max() - other.max()),
)
measured(
    "smallest_difference",
    "There is always some pixel that agrees by chance. Which number of all the differences shows one that does not?",
    lambda one, other: np.abs(one - other).min(),
)
moved(
    "output_moves_as_far_as_the_input",
    "With stride 2 the output has half as many rows. How far does it move when the picture moves by 4 pixels?",
    lambda dy, dx, stride: (dy, dx),
)
moved(
    "output_moves_farther",
    "With stride 2 the output has half as many rows. How far does it move when the picture moves by 4 pixels?",
    lambda dy, dx, stride: (dy * stride, dx * stride),
)
moved(
    "output_stays",
    "An output that stays where it was would be invariance. Equivariance says that it moves along.",
    lambda dy, dx, stride: (0, 0),
)
moved(
    "output_moves_back",
    "Both ways should lead to the same picture. In which direction do you move the output?",
    lambda dy, dx, stride: (-dy // stride, -dx // stride),
)
moved(
    "only_dy_is_divided",
    "The grid of the output is coarser in both directions. What happens to dx?",
    lambda dy, dx, stride: (dy // stride, dx),
)
moved(
    "output_dy_for_dx",
    "Rows and columns of the output have changed places. Which shift belongs to which?",
    lambda dy, dx, stride: (dx // stride, dy // stride),
)


@KNOWN.wrong("You compare the picture with its own output. Both things that are compared come out of f.")
def compares_with_the_input(f, images, dy, dx, out_stride=1):
    """The input's own change."""
    before = ops.convert_to_numpy(shift_image(images, dy, dx))
    return np.abs(before - ops.convert_to_numpy(images)).max()


@KNOWN.wrong(
    "You move the picture, and then the output of the moved picture. Each way moves once, not twice.",
    twin="output_moves_back",
)
def moved_on_both_sides(f, images, dy, dx, out_stride=1):
    """The moved picture's output is moved again, and compared with the plain one."""
    before, _ = pair(f, images, dy, dx, out_stride)
    again = shift_image(before, dy // out_stride, dx // out_stride)
    return np.abs(ops.convert_to_numpy(again) - ops.convert_to_numpy(f(images))).max()


@KNOWN.wrong("In which pixels are dy and dx counted, those of the picture or those of the output?")
def counted_in_the_output(f, images, dy, dx, out_stride=1):
    """The picture moves out_stride times as far as it should, the output by dy and dx."""
    far = ops.convert_to_numpy(f(shift_image(images, dy * out_stride, dx * out_stride)))
    return np.abs(far - ops.convert_to_numpy(shift_image(ops.convert_to_numpy(f(images)), dy, dx))).max()


@KNOWN.wrong("Where a pixel that left the output comes in again matters: move it with your shift_image.")
def zeros_come_into_the_output(f, images, dy, dx, out_stride=1):
    """The output is moved, and what is missing is 0."""
    before, after = pair(f, images, dy, dx, out_stride)
    (up, left), (height, width) = (dy // out_stride, dx // out_stride), after.shape[1:3]
    rows, columns = np.arange(height)[:, None] - up, np.arange(width) - left
    inside = (rows >= 0) & (rows < height) & (columns >= 0) & (columns < width)
    return np.abs(before - after * inside[..., None]).max()


@KNOWN.right("Dividing as numbers with a point and making whole numbers of them again gives the same shift.")
def divides_with_a_point(f, images, dy, dx, out_stride=1):
    """int(dy / stride)."""
    before = f(shift_image(images, dy, dx))
    after = shift_image(f(images), int(dy / out_stride), int(dx / out_stride))
    return float(np.abs(ops.convert_to_numpy(before) - ops.convert_to_numpy(after)).max())


@KNOWN.right("Moving the other side back compares the same pairs of pixels, because nothing is lost at the edges.")
def moves_the_output_back(f, images, dy, dx, out_stride=1):
    """The moved picture's output is moved back."""
    back = shift_image(f(shift_image(images, dy, dx)), -dy // out_stride, -dx // out_stride)
    return ops.max(ops.abs(ops.subtract(back, f(images))))
