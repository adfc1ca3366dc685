"""Mistakes in axial_attention."""

from __future__ import annotations

from keras import ops

from solutions.registry import Registry
from solutions.windows import reference

KNOWN = Registry("axial_attention")


def turned(x):
    """Height and width exchanged."""
    return ops.swapaxes(x, 1, 2)


def along_rows(x, attn):
    """A pass along the width."""
    b, height, width, dim = x.shape
    return ops.reshape(attn(ops.reshape(x, (b * height, width, dim))), (b, height, width, dim))


def along_columns(x, attn):
    """A pass along the height."""
    return turned(along_rows(turned(x), attn))


@KNOWN.wrong("Axis 1 is the height: a sequence runs from the top to the bottom. In which direction do yours run?")
def axes_swapped(x, axis, attn):
    return along_rows(x, attn) if axis == 1 else along_columns(x, attn)


@KNOWN.wrong("Your sequences are rows, whatever `axis` says. What should change with axis 1?")
def always_rows(x, axis, attn):
    return along_rows(x, attn)


@KNOWN.wrong("Your sequences are columns, whatever `axis` says. What should change with axis 2?")
def always_columns(x, axis, attn):
    return along_columns(x, attn)


@KNOWN.wrong("One pass along one axis, says the text. Your tokens meet along both, and the results are added.")
def sum_of_both(x, axis, attn):
    return along_rows(x, attn) + along_columns(x, attn)


@KNOWN.wrong("One pass along one axis, says the text. Yours makes a second one, along the other axis.")
def one_after_the_other(x, axis, attn):
    return along_rows(along_columns(x, attn), attn) if axis == 1 else along_columns(along_rows(x, attn), attn)


@KNOWN.wrong("You make both passes, whatever `axis` says. One pass only, along the axis that you are given.")
def both_passes_always(x, axis, attn):
    return along_rows(along_columns(x, attn), attn)


@KNOWN.wrong(
    "How many tokens lie in a column, and how many in a row? Which of the two is the length of yours on axis 1?"
)
def columns_cut_as_long_as_rows(x, axis, attn):
    b, height, width, dim = x.shape
    if axis == 2:
        return along_rows(x, attn)
    pieces = attn(ops.reshape(turned(x), (b * height, width, dim)))
    return turned(ops.reshape(pieces, (b, width, height, dim)))


@KNOWN.wrong(
    "Number the tokens of a grid of 2 by 3 and look at your first column: are its tokens below each other? A reshape "
    "never moves a number."
)
def reshape_without_transpose(x, axis, attn):
    b, height, width, dim = x.shape
    if axis == 2:
        return along_rows(x, attn)
    return ops.reshape(attn(ops.reshape(x, (b * width, height, dim))), (b, height, width, dim))


@KNOWN.wrong(
    "With axis 1 the sequences are the columns, as they should be. But when they come back, they are laid down as if "
    "they were rows."
)
def not_turned_back(x, axis, attn):
    b, height, width, dim = x.shape
    if axis == 2:
        return along_rows(x, attn)
    return ops.reshape(attn(ops.reshape(turned(x), (b * width, height, dim))), (b, height, width, dim))


@KNOWN.wrong("With axis 1 your result has height and width exchanged. You turned the grid on the way in.")
def comes_back_turned(x, axis, attn):
    return along_rows(x, attn) if axis == 2 else along_rows(turned(x), attn)


@KNOWN.wrong("Your grid is one long sequence, so every token meets every other. That is what we want to avoid.")
def everybody_meets(x, axis, attn):
    b, height, width, dim = x.shape
    return ops.reshape(attn(ops.reshape(x, (b, height * width, dim))), (b, height, width, dim))


@KNOWN.wrong("The images of a batch end up in one sequence. Change image 0: image 1 must not notice.")
def images_in_one_sequence(x, axis, attn):
    grid = x if axis == 2 else turned(x)
    b, count, length, dim = grid.shape
    lines = ops.reshape(ops.swapaxes(grid, 0, 1), (count, b * length, dim))
    found = ops.swapaxes(ops.reshape(attn(lines), (count, b, length, dim)), 0, 1)
    return found if axis == 2 else turned(found)


@KNOWN.wrong("The tokens themselves were added. A residual belongs to the block around this function.")
def adds_a_residual(x, axis, attn):
    return x + reference.axial_attention(x, axis, attn)


@KNOWN.wrong("Each line keeps its own content. Yours is averaged over the lines before they are asked.")
def average_of_the_lines(x, axis, attn):
    other = 3 - axis
    return reference.axial_attention(0 * x + ops.mean(x, axis=other, keepdims=True), axis, attn)


@KNOWN.wrong("From the top to the bottom, from the left to the right. Your sequences run the other way.")
def runs_backwards(x, axis, attn):
    return ops.flip(reference.axial_attention(ops.flip(x, axis), axis, attn), axis)


@KNOWN.right("One line after the other is slow and right.")
def line_by_line(x, axis, attn):
    other = 3 - axis
    lines = [attn(ops.take(x, i, axis=other)) for i in range(x.shape[other])]
    return ops.stack(lines, axis=other)


@KNOWN.right("NumPy does it too, and the order of the sequences is free.")
def lines_in_another_order(x, axis, attn):
    grid = ops.convert_to_numpy(x).transpose((2, 0, 1, 3) if axis == 1 else (1, 0, 2, 3))
    found = ops.convert_to_numpy(attn(grid.reshape(-1, *grid.shape[2:]))).reshape(grid.shape)
    return found.transpose((1, 2, 0, 3) if axis == 1 else (1, 0, 2, 3))
