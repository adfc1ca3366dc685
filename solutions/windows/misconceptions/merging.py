"""Mistakes in patch_merging."""

from __future__ import annotations

from keras import ops

from solutions.registry import Registry
from solutions.windows import reference

KNOWN = Registry("patch_merging")
ORDER = "In which order do the four tokens of a block stand side by side? "


def quarters(x, order):
    """The four tokens of each block side by side, as (row, column) in this order: (B, H/2, W/2, 4C)."""
    return ops.concatenate([x[:, i::2, j::2] for i, j in order], axis=-1)


def order_variant(name, hint, order, twin=None):
    """Register a merging with the tokens in another order."""

    def merge(x, kernel):
        return ops.matmul(quarters(x, order), kernel)

    merge.__name__ = name
    return KNOWN.wrong(hint, twin)(merge)


order_variant(
    "row_by_row",
    ORDER + "Swin's is not that of a line of text.",
    [(0, 0), (0, 1), (1, 0), (1, 1)],
)
order_variant(
    "round_the_clock",
    ORDER + "Yours go round in a circle.",
    [(0, 0), (1, 0), (1, 1), (0, 1)],
)
order_variant(
    "the_other_way_round",
    ORDER + "Yours go round in a circle.",
    [(0, 0), (0, 1), (1, 1), (1, 0)],
)
order_variant(
    "last_token_first",
    ORDER + "Which of the four comes first?",
    [(1, 1), (0, 1), (1, 0), (0, 0)],
)
order_variant(
    "first_token_four_times",
    "Three of the four tokens of a block are lost. Where are those of odd rows and columns?",
    [(0, 0)] * 4,
)
order_variant(
    "first_row_twice",
    "The second row of each block is lost.",
    [(0, 0), (0, 0), (0, 1), (0, 1)],
)


@KNOWN.wrong(ORDER + "A convolution reads its kernel row by row.", twin="row_by_row")
def by_convolution_row_by_row(x, kernel):
    width = x.shape[-1]
    return ops.conv(x, ops.reshape(kernel, (2, 2, width, 2 * width)), strides=2)


@KNOWN.wrong("C features of one token, then C of the next. In your rows the features of four tokens take turns.")
def features_take_turns(x, kernel):
    parts = [x[:, i::2, j::2] for i, j in [(0, 0), (1, 0), (0, 1), (1, 1)]]
    b, height, width, dim = parts[0].shape
    return ops.matmul(ops.reshape(ops.stack(parts, axis=-1), (b, height, width, 4 * dim)), kernel)


@KNOWN.wrong(
    "C features of one token, then C of the next, and down before right. In your rows the features of four tokens take "
    "turns, row by row, as in an unfold."
)
def unfold(x, kernel):
    parts = [x[:, i::2, j::2] for i, j in [(0, 0), (0, 1), (1, 0), (1, 1)]]
    b, height, width, dim = parts[0].shape
    return ops.matmul(ops.reshape(ops.stack(parts, axis=-1), (b, height, width, 4 * dim)), kernel)


@KNOWN.wrong("Your four parts are the quarters of the picture. A block is 2 by 2 tokens that touch each other.")
def quarters_of_the_picture(x, kernel):
    tall, wide = x.shape[1] // 2, x.shape[2] // 2
    parts = [x[:, :tall, :wide], x[:, tall:, :wide], x[:, :tall, wide:], x[:, tall:, wide:]]
    return ops.matmul(ops.concatenate(parts, axis=-1), kernel)


@KNOWN.wrong("A reshape never moves a number: your four tokens lie side by side in one row.")
def plain_reshape(x, kernel):
    b, height, width, dim = x.shape
    return ops.matmul(ops.reshape(x, (b, height // 2, width // 2, 4 * dim)), kernel)


@KNOWN.wrong("The average of a block forgets which token was where. The text puts them side by side.")
def average_of_the_block(x, kernel):
    mean = quarters(x, [(0, 0)]) + quarters(x, [(1, 0)]) + quarters(x, [(0, 1)]) + quarters(x, [(1, 1)])
    return ops.matmul(ops.concatenate([mean / 4] * 4, axis=-1), kernel)


@KNOWN.wrong("No norm, says the text. (Swin has one here; in this exercise it stays out.)")
def norm_first(x, kernel):
    rows = quarters(x, [(0, 0), (1, 0), (0, 1), (1, 1)])
    centred = rows - ops.mean(rows, axis=-1, keepdims=True)
    return ops.matmul(centred / ops.sqrt(ops.mean(centred**2, axis=-1, keepdims=True) + 1e-6), kernel)


@KNOWN.wrong("Negative numbers are lost at the end. No activation, says the text.")
def an_activation(x, kernel):
    return ops.relu(reference.patch_merging(x, kernel))


@KNOWN.wrong("The numbers are right, but they lie in one list. The text keeps the grid: four axes.")
def a_list_of_tokens(x, kernel):
    found = reference.patch_merging(x, kernel)
    return ops.reshape(found, (found.shape[0], -1, found.shape[-1]))


@KNOWN.wrong("Four tokens side by side are there. What does the kernel do with them?")
def without_the_kernel(x, kernel):
    return quarters(x, [(0, 0), (1, 0), (0, 1), (1, 1)])


@KNOWN.wrong("Height and width of your result have changed places.")
def comes_back_turned(x, kernel):
    return ops.swapaxes(reference.patch_merging(x, kernel), 1, 2)


@KNOWN.wrong("A block is 2 by 2 tokens, and blocks do not overlap. Yours begin at every token.")
def blocks_that_overlap(x, kernel):
    parts = [x[:, i : x.shape[1] - 1 + i, j : x.shape[2] - 1 + j] for i, j in [(0, 0), (1, 0), (0, 1), (1, 1)]]
    return ops.matmul(ops.concatenate(parts, axis=-1), kernel)


@KNOWN.right("A convolution with stride 2 does it, if its kernel is turned.")
def by_convolution(x, kernel):
    width = x.shape[-1]
    columns_first = ops.reshape(kernel, (2, 2, width, 2 * width))
    return ops.conv(x, ops.transpose(columns_first, (1, 0, 2, 3)), strides=2)


@KNOWN.right("Four products and their sum are one product with the whole kernel.")
def four_products(x, kernel):
    width, places = x.shape[-1], [(0, 0), (1, 0), (0, 1), (1, 1)]
    return sum(ops.matmul(x[:, i::2, j::2], kernel[n * width : (n + 1) * width]) for n, (i, j) in enumerate(places))
