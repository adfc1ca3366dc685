"""Mistakes in BlurPool2D."""

from __future__ import annotations

import keras
import numpy as np
from keras import ops

from solutions.inductive_bias import reference
from solutions.registry import Registry

KNOWN = Registry("BlurPool2D")
BINOMIAL = np.outer([1, 2, 1], [1, 2, 1]) / 16
CONSTANT = "Try a constant picture. What should come out, and what does?"
EDGE = "Try a constant picture, and look at the edge of the output. Where do its missing neighbours come from?"
MIDDLE = "Put a single bright pixel into a dark picture, with stride 1. Where does its strongest trace lie?"
FIRST = "Which comes first: every second pixel, or the blur? What has the blur left to look at, if it comes second?"


def blurred(images, kernel=BINOMIAL, mode="wrap"):
    """A correlation of each channel with a 3 x 3 kernel, as an array."""
    images = ops.convert_to_numpy(images)
    wide = np.pad(images, [(0, 0), (1, 1), (1, 1), (0, 0)], mode)
    height, width = images.shape[1:3]
    places = [(i, j) for i in range(3) for j in range(3)]
    return sum(kernel[i][j] * wide[:, i : i + height, j : j + width] for i, j in places)


def variant(name, hint, pool):
    """Register a layer that computes pool(images, stride)."""

    def call(self, images):
        return pool(images, self.stride)

    return KNOWN.wrong(hint)(type(name, (reference.BlurPool2D,), {"call": call}))


def every(images, stride):
    """Every stride-th row and column."""
    return images[:, ::stride, ::stride]


def with_kernel(name, hint, kernel):
    """Register a layer with another kernel."""
    return variant(name, hint, lambda x, stride: every(blurred(x, np.asarray(kernel)), stride))


with_kernel("not_normalised", CONSTANT, 16 * BINOMIAL)
with_kernel("divided_by_4", CONSTANT, 4 * BINOMIAL)
with_kernel("divided_by_9", CONSTANT, 16 / 9 * BINOMIAL)
with_kernel(
    "box",
    "Put a single bright pixel into a dark picture. Its nine traces are not all alike: which is the strongest?",
    np.full((3, 3), 1 / 9),
)
with_kernel(
    "cross",
    "Put a single bright pixel into a dark picture. Do its neighbours across the corner get anything?",
    np.array([[0, 1, 0], [1, 2, 1], [0, 1, 0]]) / 6,
)
with_kernel(
    "sum_of_two_lines",
    "The filter is a product of a column and a row. Which number does that put into a corner?",
    (np.outer([1, 2, 1], [0, 1, 0]) + np.outer([0, 1, 0], [1, 2, 1])) / 8,
)
with_kernel("rows_only", "Is it blurred in both directions?", np.outer([0, 1, 0], [1, 2, 1]) / 4)
with_kernel("columns_only", "Is it blurred in both directions?", np.outer([1, 2, 1], [0, 1, 0]) / 4)
with_kernel(
    "two_by_two",
    "The filter reaches one pixel to each side. Yours takes four neighbours in a square, and its middle lies between.",
    np.array([[0, 0, 0], [0, 1, 1], [0, 1, 1]]) / 4,
)
with_kernel(
    "fives",
    "Put a single bright pixel into a dark picture. How bright is its trace in the middle, how bright at the sides?",
    np.outer([1, 4, 1], [1, 4, 1]) / 36,
)
with_kernel(
    "no_blur",
    "Every stride-th pixel alone is what you want to improve on. Where is the blur?",
    np.outer([0, 1, 0], [0, 1, 0]),
)
variant("zero_padding", EDGE, lambda x, stride: every(blurred(x, mode="constant"), stride))
variant(
    "mirrored_edge",
    "As everywhere in this lesson the picture has no edge. (TResNet mirrors it; here it goes on at the other side.)",
    lambda x, stride: every(blurred(x, mode="reflect"), stride),
)
variant(
    "repeated_edge",
    "As everywhere in this lesson the picture has no edge. Which row comes before the first one?",
    lambda x, stride: every(blurred(x, mode="edge"), stride),
)
variant("blur_after_the_step", FIRST, lambda x, stride: blurred(every(ops.convert_to_numpy(x), stride)))
variant(
    "starts_at_1",
    "Row 0 and column 0 of the blurred picture stay. With which ones does yours begin?",
    lambda x, stride: blurred(x)[:, stride // 2 :: stride, stride // 2 :: stride],
)
variant(
    "starts_at_the_last",
    "Row 0 and column 0 of the blurred picture stay. With which ones does yours begin?",
    lambda x, stride: blurred(x)[:, stride - 1 :: stride, stride - 1 :: stride],
)
variant(
    "middle_too_early",
    MIDDLE,
    lambda x, stride: every(np.roll(blurred(x), (-1, -1), (1, 2)), stride),
)
variant(
    "middle_too_late",
    MIDDLE,
    lambda x, stride: every(np.roll(blurred(x), (1, 1), (1, 2)), stride),
)
variant(
    "strides_in_the_convolution",
    'Two things at once. What does padding="same" put beyond the edge? And with which row does it begin, with strides?',
    lambda x, stride: blurred(x, mode="constant")[:, stride // 2 :: stride, stride // 2 :: stride],
)
variant(
    "rows_only_stepped",
    "Both sides of the output are smaller by the stride.",
    lambda x, stride: blurred(x)[:, ::stride],
)
variant("always_2", "Another stride than 2 may be asked for.", lambda x, stride: every(blurred(x), 2))
variant("stride_ignored", "The output should be smaller by the stride.", lambda x, stride: blurred(x))
variant(
    "channels_mixed",
    "Put a bright pixel into the first channel alone. What comes out in the others?",
    lambda x, stride: every(np.repeat(blurred(x).mean(-1, keepdims=True), x.shape[-1], -1), stride),
)
variant(
    "channels_added",
    "Put a bright pixel into the first channel alone. What comes out in the others?",
    lambda x, stride: every(np.repeat(blurred(x).sum(-1, keepdims=True), x.shape[-1], -1), stride),
)
variant(
    "blurred_twice",
    "Put a single bright pixel into a dark picture. How many pixels does its trace cover?",
    lambda x, stride: every(blurred(blurred(x)), stride),
)
variant(
    "mean_of_the_square",
    "Each output looks at 3 x 3 pixels, whatever the stride is. Is yours the mean of a square of the stride's side?",
    lambda x, stride: ops.average_pool(x, stride),
)
variant(
    "largest_of_the_square",
    "Nothing here takes a maximum.",
    lambda x, stride: ops.max_pool(ops.convert_to_tensor(x), stride),
)
variant(
    "largest_of_blurred",
    "After the blur, every stride-th pixel is taken as it is. Nothing here takes a maximum.",
    lambda x, stride: ops.max_pool(ops.convert_to_tensor(blurred(x)), stride),
)


@KNOWN.wrong("The filter is a constant. Yours is a weight: not trained, but one that is saved and counted.")
class filter_is_a_weight(reference.BlurPool2D):
    """The kernel as a weight that is not trained."""

    def __init__(self, stride=2, **kwargs):
        super().__init__(stride, **kwargs)
        self.kernel = self.add_weight(shape=(3, 3), initializer="ones", trainable=False)

    def call(self, images):
        self.kernel.assign(BINOMIAL)
        return every(blurred(images), self.stride)


@KNOWN.wrong("A layer with weights learns its filter. This one has no weights at all.")
class learned_filter(reference.BlurPool2D):
    """A depthwise convolution that is trained."""

    def __init__(self, stride=2, **kwargs):
        super().__init__(stride, **kwargs)
        self.conv = keras.layers.DepthwiseConv2D(3, strides=stride, use_bias=False)

    def call(self, images):
        return self.conv(np.pad(ops.convert_to_numpy(images), [(0, 0), (1, 1), (1, 1), (0, 0)], "wrap"))


@KNOWN.right("A depthwise convolution with a constant kernel has no weights.")
class depthwise_constant(reference.BlurPool2D):
    """ops.depthwise_conv with a margin; its stride starts at row 0."""

    def call(self, images):
        rows, columns = (np.arange(-1, side + 1) % side for side in images.shape[1:3])
        wide = ops.take(ops.take(images, rows, axis=1), columns, axis=2)
        kernel = np.tile(BINOMIAL[:, :, None, None], (1, 1, images.shape[-1], 1)).astype("float32")
        return ops.depthwise_conv(wide, kernel, strides=1, padding="valid")[:, :: self.stride, :: self.stride]


@KNOWN.right("[1, 2, 1] is [1, 1] twice: two means of neighbours, one to each side.")
class means_of_neighbours(reference.BlurPool2D):
    """A mean with the next pixel, then with the one before."""

    def call(self, images):
        for axis in (1, 2):
            images = (images + ops.roll(images, -1, axis)) / 2
            images = (images + ops.roll(images, 1, axis)) / 2
        return images[:, :: self.stride, :: self.stride]
