"""Mistakes in scaled_weight_standardization."""

from __future__ import annotations

import numpy as np
from keras import ops

from solutions.registry import Registry

KNOWN = Registry("scaled_weight_standardization")
FILTER = (0, 1, 2)


def fan_in(kernel):
    """M, the numbers of one filter."""
    return int(np.prod(kernel.shape[:3]))


def mean(x, axis):
    return ops.mean(x, axis=axis, keepdims=True)


def summed(axis):
    """What ops.sum over these axes makes of the squares: M counts the numbers along them."""
    return lambda var, kernel, epsilon: ops.maximum(int(np.prod([kernel.shape[i] for i in axis])) * var, epsilon)


def standard_variant(name, hint, twin=None, axis=FILTER, centre=True, size=None, root=None, end=None):
    """Register a standardization with a step replaced.

    Args:
        axis: over which mean and variance are taken.
        centre: whether the mean is taken away.
        size: size(var, kernel, epsilon) -> what the root is taken of.
        root: root(size) -> what is divided by.
        end: end(standardized, gain) -> the result.
    """
    size = size or (lambda var, kernel, epsilon: ops.maximum(fan_in(kernel) * var, epsilon))
    root, end = root or ops.sqrt, end or (lambda standard, gain: gain * standard)

    def standardize(kernel, gain, epsilon=1e-4):
        kernel = ops.convert_to_tensor(kernel)
        deviation = kernel - mean(kernel, axis)
        var = mean(ops.square(deviation), axis)
        return end((deviation if centre else kernel) / root(size(var, kernel, epsilon)), gain)

    standardize.__name__ = name
    return KNOWN.wrong(hint, twin)(standardize)


standard_variant(
    "one_mean_for_the_whole_kernel",
    "Multiply one of the filters by 10: the others must not change. Over which axes do you take the mean?",
    axis=(0, 1, 2, 3),
)
standard_variant(
    "each_input_channel_by_itself",
    "In a kernel (kh, kw, Cin, Cout), which axis tells the filters apart? Yours tells the input channels apart.",
    axis=(0, 1, 3),
)
standard_variant(
    "each_slice_of_a_filter_by_itself",
    "A filter is all that makes one output channel. Yours is cut into Cin pieces, each standardised by itself.",
    axis=(0, 1),
)
standard_variant(
    "rows_of_pytorch",
    "PyTorch's kernels are (Cout, Cin, kh, kw); those of Keras are not. Which axis do you spare?",
    axis=(1, 2, 3),
)
standard_variant(
    "over_the_filters",
    "Your mean is taken over the filters. It should be taken inside of each of them.",
    axis=(3,),
)
standard_variant(
    "sums_over_the_whole_kernel",
    "Multiply one of the filters by 10: the others must not change. Over which axes do you sum the squares?",
    axis=(0, 1, 2, 3),
    size=summed((0, 1, 2, 3)),
)
standard_variant(
    "sums_over_an_input_channel",
    "In a kernel (kh, kw, Cin, Cout), which axis tells the filters apart? Your sums spare another one.",
    axis=(0, 1, 3),
    size=summed((0, 1, 3)),
)
standard_variant(
    "sums_over_a_slice_of_a_filter",
    "A filter is all that makes one output channel. Your sums are over one of its Cin slices at a time.",
    axis=(0, 1),
    size=summed((0, 1)),
)
standard_variant(
    "sums_over_rows_of_pytorch",
    "PyTorch's kernels are (Cout, Cin, kh, kw); those of Keras are not. Which axis do your sums spare?",
    axis=(1, 2, 3),
    size=summed((1, 2, 3)),
)
standard_variant(
    "sums_over_the_filters",
    "Your sums are taken over the filters. They should be taken inside of each of them.",
    axis=(3,),
    size=summed((3,)),
)
standard_variant(
    "no_fan_in",
    "Sum the squares of one filter of your result. What should come to gain^2 is M times as much.",
    size=lambda var, kernel, epsilon: ops.maximum(var, epsilon),
)
standard_variant(
    "no_fan_in_and_epsilon_added",
    "Sum the squares of one filter of your result. It should be gain^2. (And is epsilon added, in the text?)",
    size=lambda var, kernel, epsilon: var + epsilon,
)
standard_variant(
    "fan_in_of_one_channel",
    "M counts all the numbers of a filter. Which of its three axes is missing from your count?",
    size=lambda var, kernel, epsilon: ops.maximum(int(np.prod(kernel.shape[:2])) * var, epsilon),
)
standard_variant(
    "fan_in_without_the_sides",
    "M counts all the numbers of a filter. A filter has kh * kw places, and not one.",
    size=lambda var, kernel, epsilon: ops.maximum(kernel.shape[2] * var, epsilon),
)
standard_variant(
    "fan_out",
    "Fan-in: how many numbers come into one output. Which axis of the kernel has nothing to do with that?",
    size=lambda var, kernel, epsilon: ops.maximum(int(np.prod(kernel.shape[:2])) * kernel.shape[3] * var, epsilon),
)
standard_variant(
    "all_numbers_of_the_kernel",
    "M is the fan-in of one filter. Yours counts the whole kernel.",
    size=lambda var, kernel, epsilon: ops.maximum(int(np.prod(kernel.shape)) * var, epsilon),
)
standard_variant(
    "fan_in_not_under_the_root",
    "M stands under the root, beside the variance. Where does it stand in yours?",
    root=lambda size: size,
    size=lambda var, kernel, epsilon: fan_in(kernel) * ops.sqrt(ops.maximum(var, epsilon)),
)
standard_variant(
    "epsilon_added",
    "Is epsilon added, or is it a floor? Look at a filter that is large, and at one that is tiny.",
    size=lambda var, kernel, epsilon: fan_in(kernel) * var + epsilon,
)
standard_variant(
    "epsilon_added_to_the_variance",
    "What does the floor lie under: the variance, or M times the variance? And is it added?",
    size=lambda var, kernel, epsilon: fan_in(kernel) * (var + epsilon),
)
standard_variant(
    "floor_under_the_variance",
    "The floor lies under M * var, not under var alone. For which filters does that matter?",
    size=lambda var, kernel, epsilon: fan_in(kernel) * ops.maximum(var, epsilon),
)
standard_variant(
    "floor_under_the_root",
    "Is the floor put in before the root is taken, or after it?",
    size=lambda var, kernel, epsilon: ops.maximum(ops.sqrt(fan_in(kernel) * var), epsilon),
    root=lambda size: size,
)
standard_variant(
    "epsilon_outside_the_root",
    "Where does epsilon stand in the text: under the root, or beside it? And is it added?",
    size=lambda var, kernel, epsilon: ops.sqrt(fan_in(kernel) * var) + epsilon,
    root=lambda size: size,
)
standard_variant(
    "no_floor",
    "Try a filter that is 0.5 everywhere, and one that is tiny. What is the smallest number to divide by?",
    size=lambda var, kernel, epsilon: fan_in(kernel) * var,
    root=lambda size: ops.where(size > 0, ops.sqrt(size), 1.0),
)
standard_variant(
    "a_ceiling_in_place_of_a_floor",
    "A floor lets large numbers through. Which of the two does your choice between M * var and epsilon take?",
    size=lambda var, kernel, epsilon: ops.minimum(fan_in(kernel) * var, epsilon),
)
standard_variant(
    "floor_always_the_default",
    "Your function is right as long as nobody passes an epsilon. Where does the argument come in?",
    size=lambda var, kernel, epsilon: ops.maximum(fan_in(kernel) * var, 1e-4),
)
standard_variant(
    "divided_by_m_minus_1",
    "The mean square deviation: is it divided by M or by M - 1? Some libraries correct for samples.",
    size=lambda var, kernel, epsilon: ops.maximum(
        fan_in(kernel) * var * fan_in(kernel) / max(fan_in(kernel) - 1, 1), epsilon
    ),
)
standard_variant(
    "no_root",
    "Double the kernel: your result should stay, and it is halved. What is taken of M * var in the formula?",
    root=lambda size: size,
)
standard_variant(
    "multiplied_by_the_root",
    "Double the kernel: your result should stay. rsqrt is one over the root: do you divide by it, or multiply?",
    root=lambda size: 1 / ops.sqrt(size),
)
standard_variant(
    "not_scaled",
    "Double the kernel: your result should stay, and it doubles. What is the centred kernel divided by?",
    root=lambda size: ops.ones_like(size),
)
standard_variant(
    "not_centred",
    "Sum the numbers of one filter of your result. They should come to 0: that is why the NFNet needs no norm.",
    centre=False,
)
standard_variant(
    "divided_by_its_length",
    "A filter of length 1 has a sum of squares of 1, but it need not have the mean 0. What comes before the division?",
    centre=False,
    size=lambda var, kernel, epsilon: ops.maximum(ops.sum(ops.square(kernel), axis=FILTER, keepdims=True), epsilon),
)
standard_variant(
    "no_gain",
    "Sum the squares of one filter of your result. Where does the gain come in?",
    end=lambda standard, gain: standard,
)
standard_variant(
    "gain_squared",
    "The sum of squares is gain^2. By what, then, is each number multiplied?",
    end=lambda standard, gain: ops.square(gain) * standard,
)
standard_variant(
    "root_of_the_gain",
    "The sum of squares is gain^2. By what, then, is each number multiplied? Yours comes to gain.",
    end=lambda standard, gain: ops.sqrt(ops.cast(gain, "float32")) * standard,
)
standard_variant(
    "gain_added",
    "The gain is a factor. What is the mean of your filters?",
    end=lambda standard, gain: standard + gain,
)
standard_variant(
    "first_gain_for_all",
    "gain may be an array, one number for each filter. Which of them does your third filter get?",
    end=lambda standard, gain: ops.reshape(ops.cast(gain, "float32"), (-1,))[0] * standard,
)


@KNOWN.right("Kernels may be flattened to (M, Cout), and M * var summed as it stands.")
def flattened(kernel, gain, epsilon=1e-4):
    kernel = np.asarray(kernel)
    flat = kernel.reshape(-1, kernel.shape[-1])
    flat = flat - flat.mean(axis=0)
    return (np.asarray(gain) * flat / np.sqrt(np.maximum((flat**2).sum(axis=0), epsilon))).reshape(kernel.shape)


@KNOWN.right("gain / root may come first, and the mean may be multiplied out.")
def as_in_jax(kernel, gain, epsilon=1e-4):
    average, var = ops.moments(ops.convert_to_tensor(kernel), axes=[0, 1, 2], keepdims=True)
    scale = ops.rsqrt(ops.maximum(var * fan_in(kernel), epsilon)) * gain
    return kernel * scale - average * scale


@KNOWN.right("Filters may be taken one by one, and NumPy's variance divides by M.")
def filter_by_filter(kernel, gain, epsilon=1e-4):
    kernel = np.asarray(kernel, "float64")
    gains = np.broadcast_to(gain, kernel.shape[-1])
    parts = [
        g * (part - part.mean()) / max(part.size * part.var(), epsilon) ** 0.5
        for part, g in zip(np.moveaxis(kernel, -1, 0), gains, strict=True)
    ]
    return np.stack(parts, axis=-1)
