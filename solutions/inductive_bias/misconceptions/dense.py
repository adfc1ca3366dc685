"""Mistakes in dense_as_1x1_conv."""

from __future__ import annotations

import numpy as np
from keras import ops

from solutions.registry import Registry

KNOWN = Registry("dense_as_1x1_conv")
SPACE = "Brighten one pixel of x. How many pixels of the output change, and how many should?"


def one(kernel):
    """(C, D) as the kernel of a 1 x 1 convolution."""
    return ops.reshape(ops.convert_to_tensor(kernel), (1, 1, *kernel.shape))


def variant(name, hint, compute):
    """Register compute(x, kernel, bias)."""

    def layer(x, kernel, bias):
        return compute(ops.convert_to_tensor(x), kernel, bias)

    layer.__name__ = name
    return KNOWN.wrong(hint)(layer)


def in_nine(places):
    """A 3 x 3 kernel with the matrix at some of its places."""

    def compute(x, kernel, bias):
        wide = np.zeros((3, 3, 1, 1), "float32")
        for i, j in places:
            wide[i, j] = 1.0
        return ops.conv(x, wide * one(kernel), padding="same") + bias

    return compute


def turned_if_it_fits(x, kernel, bias):
    """The kernel transposed; where that has other channels, as numbers in that order."""
    turned = ops.reshape(ops.transpose(kernel), kernel.shape)
    return ops.conv(x, one(turned)) + bias


variant(
    "kernel_turned",
    "kernel is (C, D), and so are the last two axes of a convolution's kernel. Which numbers have changed places?",
    turned_if_it_fits,
)
variant(
    "transposed_as_it_is",
    "kernel is (C, D), and so are the last two axes of a convolution's kernel. Which numbers have changed places?",
    lambda x, k, b: ops.conv(x, one(ops.transpose(k))) + b,
)
variant("no_bias", "A Dense layer adds something after the product.", lambda x, k, b: ops.conv(x, one(k)))
variant("bias_taken_away", "A Dense layer adds its bias.", lambda x, k, b: ops.conv(x, one(k)) - b)
variant(
    "bias_twice",
    "The bias is there twice. Does your layer add one of its own?",
    lambda x, k, b: ops.conv(x, one(k)) + 2 * b,
)
variant(
    "mean_of_the_bias", "Each output channel has a bias of its own.", lambda x, k, b: ops.conv(x, one(k)) + ops.mean(b)
)
variant(
    "relu", "A Dense layer has no activation unless it is asked for.", lambda x, k, b: ops.relu(ops.conv(x, one(k)) + b)
)
variant("nine_places", SPACE, in_nine([(i, j) for i in range(3) for j in range(3)]))
variant(
    "upper_left_of_nine",
    "A kernel of 3 x 3 with the matrix in its corner moves the picture. In which place would it stay?",
    in_nine([(0, 0)]),
)
variant(
    "lower_right_of_nine",
    "A kernel of 3 x 3 with the matrix in its corner moves the picture. In which place would it stay?",
    in_nine([(2, 2)]),
)
variant(
    "mean_over_the_picture",
    SPACE,
    lambda x, k, b: ops.conv(ops.ones_like(x) * ops.mean(x, (1, 2), keepdims=True), one(k)) + b,
)
variant(
    "one_pixel_for_all",
    "Every pixel should have an output of its own. Yours are all alike.",
    lambda x, k, b: ops.conv(ops.ones_like(x) * x[:, :1, :1], one(k)) + b,
)
variant(
    "every_second_pixel",
    "The output is as high and wide as x. What is the stride?",
    lambda x, k, b: ops.conv(x, one(k), strides=2) + b,
)
variant(
    "divided_by_the_channels",
    "A Dense layer adds up over the channels. Is yours a mean?",
    lambda x, k, b: ops.conv(x, one(k)) / x.shape[-1] + b,
)
variant(
    "image_turned",
    "x is (B, H, W, C). Have rows and columns changed places on the way?",
    lambda x, k, b: ops.conv(ops.transpose(x, (0, 2, 1, 3)), one(k)) + b,
)
variant(
    "image_read_in_another_order",
    "x is (B, H, W, C). A reshape to another order of axes does not move the numbers along.",
    lambda x, k, b: (
        ops.reshape(
            ops.conv(ops.reshape(x, (-1, x.shape[2], x.shape[1], x.shape[3])), one(k)) + b,
            (-1, *x.shape[1:3], k.shape[1]),
        )
        if x.shape[1] == x.shape[2]
        else ops.conv(ops.reshape(x, (-1, x.shape[2], x.shape[1], x.shape[3])), one(k)) + b
    ),
)
variant(
    "channels_reversed",
    "Is the first channel of x still the one that meets the first row of kernel?",
    lambda x, k, b: ops.conv(x[..., ::-1], one(k)) + b,
)
variant(
    "bias_before_the_product",
    "The bias belongs to the outputs: it is (D,). Yours is added first, and then goes through the kernel.",
    lambda x, k, b: ops.conv(x + ops.mean(b), one(k)),
)


@KNOWN.right("The matrix in the middle of a larger kernel that is 0 elsewhere: the same numbers, with more work.")
def middle_of_nine(x, kernel, bias):
    """A 3 x 3 kernel with zeros around the middle."""
    return in_nine([(1, 1)])(ops.convert_to_tensor(x), kernel, bias)


@KNOWN.right("A convolution along one axis, of pixels in a row, is right too.")
def along_one_axis(x, kernel, bias):
    """All pixels in one row, and a kernel of length 1."""
    x, kernel = ops.convert_to_tensor(x), ops.convert_to_tensor(kernel)
    rows = ops.reshape(x, (x.shape[0], -1, x.shape[-1]))
    return ops.reshape(ops.conv(rows, kernel[None]), (*x.shape[:3], kernel.shape[1])) + bias
