"""Mistakes in CircularConv2D."""

from __future__ import annotations

import keras
import numpy as np
from keras import ops

from solutions.inductive_bias import reference
from solutions.registry import Registry

KNOWN = Registry("CircularConv2D")
OUTSIDE = "Look at the outermost pixels of your output only. What did the kernel see beyond the edge?"
AROUND = "Put one bright pixel into the middle of a picture. Around which place does its trace lie?"


class Layer(reference.CircularConv2D):
    """The right layer in steps: pad, then convolve."""

    def pad(self, images):
        return padded(images, self.reach, "wrap")

    def finish(self, y):
        return y

    def call(self, images):
        return self.finish(self.conv(self.pad(images)))


def padded(images, reach, mode):
    """Pictures with a margin on all four sides."""
    return padded_by(images, (reach, reach), (reach, reach), mode)


def padded_by(images, rows, columns, mode):
    """Pictures with a margin of its own on each side."""
    return ops.convert_to_tensor(np.pad(ops.convert_to_numpy(images), [(0, 0), rows, columns, (0, 0)], mode))


def variant(name, hint, **steps):
    """Register a layer with some steps replaced."""
    return KNOWN.wrong(hint)(type(name, (Layer,), steps))


def padding(name, hint, pad):
    """Register a layer with the margin pad(images, reach)."""
    return variant(name, hint, pad=lambda self, images: pad(images, self.reach))


def with_kernel(name, hint, change):
    """Register a layer that computes with change(kernel)."""

    def call(self, images):
        self.conv(self.pad(images))  # makes the weights
        return ops.conv(self.pad(images), change(self.conv.kernel), padding="valid") + self.conv.bias

    return variant(name, hint, call=call)


def cornerless(images, reach):
    """Margins from the opposite sides, with zeros in the four corners."""
    rows = padded_by(images, (reach, reach), (0, 0), "wrap") if reach else images
    rows = padded_by(rows, (0, 0), (reach, reach), "constant")
    columns = padded_by(images, (0, 0), (reach, reach), "wrap")
    columns = padded_by(columns, (reach, reach), (0, 0), "constant")
    middle = padded(images, reach, "constant")
    return rows + columns - middle


def own_edges(images, reach):
    """The first rows before the first one, the last ones after the last, as they stand."""
    last = -reach or None  # nothing, where the reach is 0
    rows = ops.concatenate([images[:, :reach], images, images[:, last:][:, :reach]], axis=1)
    return ops.concatenate([rows[:, :, :reach], rows, rows[:, :, last:][:, :, :reach]], axis=2)


def slices_of_nothing(images, reach):
    """Slices that take the whole picture where the reach is 0."""
    images = ops.concatenate([images[:, -reach:], images, images[:, :reach]], axis=1)
    return ops.concatenate([images[:, :, -reach:], images, images[:, :, :reach]], axis=2)


padding("zero_padding", OUTSIDE, lambda x, r: padded(x, r, "constant"))
padding("mirrored_edge", OUTSIDE, lambda x, r: padded(x, r, "reflect"))
padding("mirrored_edge_twice", OUTSIDE, lambda x, r: padded(x, r, "symmetric"))
padding("repeated_edge", OUTSIDE, lambda x, r: padded(x, r, "edge"))
padding(
    "no_padding",
    "Your output is smaller than the picture. What does the kernel need around it?",
    lambda x, r: x,
)
padding(
    "margin_of_one",
    "It is right for a kernel of side 3. How many rows does one of side 5 need beyond the edge?",
    lambda x, r: padded(x, 1, "wrap"),
)
padding(
    "margin_of_one_then_zeros",
    "It is right for a kernel of side 3. How many rows does one of side 5 need beyond the edge?",
    lambda x, r: padded(padded(x, min(r, 1), "wrap"), max(r - 1, 0), "constant"),
)
padding(
    "margin_of_k",
    "Your output is larger than the picture. How far does a kernel of side 3 reach from its middle?",
    lambda x, r: padded(x, 2 * r + 1, "wrap"),
)
padding("all_before", AROUND, lambda x, r: padded_by(x, (2 * r, 0), (2 * r, 0), "wrap"))
padding("all_after", AROUND, lambda x, r: padded_by(x, (0, 2 * r), (0, 2 * r), "wrap"))
padding(
    "rows_only_around",
    "Above and below it is right. And left and right?",
    lambda x, r: padded_by(padded_by(x, (r, r), (0, 0), "wrap"), (0, 0), (r, r), "constant"),
)
padding(
    "columns_only_around",
    "Left and right it is right. And above and below?",
    lambda x, r: padded_by(padded_by(x, (0, 0), (r, r), "wrap"), (r, r), (0, 0), "constant"),
)
padding(
    "corners_are_zero",
    "Edges are right, corners are not. Where does the pixel beyond both edges come from?",
    cornerless,
)
padding(
    "own_edge_instead_of_the_opposite",
    "Beyond the last column comes the first one again. Which one comes in your picture?",
    own_edges,
)


padding(
    "slices_of_a_kernel_of_side_1",
    "It is right for the sides 3 and 5. For side 1 nothing is needed beyond the edge: what does a slice [-0:] take?",
    slices_of_nothing,
)
with_kernel(
    "kernel_flipped",
    "The text's sum has + i, not - i. Conv2D does not flip its kernel either.",
    lambda kernel: kernel[::-1, ::-1],
)
with_kernel(
    "kernel_rows_and_columns_swapped",
    "Take a kernel with a single 1 in its upper right corner. From which side does it bring a pixel?",
    lambda kernel: ops.transpose(kernel, (1, 0, 2, 3)),
)
variant(
    "relu_at_the_end",
    "Your output has no negative numbers. The text asks for no activation.",
    finish=lambda self, y: ops.relu(y),
)


@KNOWN.wrong("The output has its filters, but a bias is missing. The weight conv.bias is part of the layer.")
class without_bias(Layer):
    """A convolution without a bias."""

    def __init__(self, filters, kernel_size, **kwargs):
        super().__init__(filters, kernel_size, **kwargs)
        self.conv = keras.layers.Conv2D(filters, kernel_size, use_bias=False)


@KNOWN.wrong("Each filter sees all channels. Is your convolution one of each channel by itself?")
class each_channel_by_itself(Layer):
    """A depthwise convolution."""

    def __init__(self, filters, kernel_size, **kwargs):
        super().__init__(filters, kernel_size, **kwargs)
        self.conv = keras.layers.DepthwiseConv2D(kernel_size)


@KNOWN.wrong('With padding="same" Keras adds zeros outside, after your own margin, and the output grows.')
class padded_twice(Layer):
    """A margin, and zeros around it."""

    def __init__(self, filters, kernel_size, **kwargs):
        super().__init__(filters, kernel_size, **kwargs)
        self.conv = keras.layers.Conv2D(filters, kernel_size, padding="same")


@KNOWN.right("The picture is moved under the kernel, one product for each of its places: a convolution by hand.")
class picture_moved_under_the_kernel(reference.CircularConv2D):
    """A sum over the kernel's places of moved pictures."""

    def call(self, images):
        self.conv(padded(images, self.reach, "wrap"))
        kernel, y = self.conv.kernel, self.conv.bias
        for i in range(kernel.shape[0]):
            for j in range(kernel.shape[1]):
                moved = ops.roll(images, (self.reach - i, self.reach - j), axis=(1, 2))
                y = y + ops.matmul(moved, kernel[i, j])
        return y


@KNOWN.right("Zeros are put outside as well, and then cut off: what is left has not seen them.")
class padded_too_far_and_cut(reference.CircularConv2D):
    """A margin of k on each side, a convolution with padding, and a cut."""

    def call(self, images):
        far = 2 * self.reach + 1
        wide = ops.tile(images, (1, 3, 3, 1))
        height, width = images.shape[1:3]
        rows, columns = slice(height - far, 2 * height + far), slice(width - far, 2 * width + far)
        return self.conv(wide[:, rows, columns])[:, far - self.reach :, far - self.reach :][:, :height, :width]
