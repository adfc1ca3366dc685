"""What lesson 08's exercises are asked: one generator of cases for each, from a NumPy generator.

Pictures are wider than high or higher than wide, and channels differ from each other. A function that a question hands
over travels as data (see vitlab.parts). Cases of weight 0 only help to tell mistakes apart.
"""

from __future__ import annotations

import numpy as np

from autograder.records import Case, Exercise, Question
from solutions.inputs import normal, sizes

PRODUCTS = (
    *(
        f"{home}.{call}"
        for home in ("keras.ops", "keras.src.ops", "keras.src.backend.tensorflow.numpy", "numpy", "jax.numpy", "torch")
        for call in ("matmul", "dot", "tensordot", "einsum", "inner", "vdot")
    ),
    "keras.layers.Dense",
    "keras.layers.EinsumDense",
    *(f"tensorflow.{call}" for call in ("matmul", "tensordot", "einsum", "linalg.matmul", "linalg.matvec")),
    *(f"tensorflow.linalg.{call}" for call in ("tensordot", "einsum")),
    "tensorflow.python.ops.math_ops.matmul",  # the operator @ of tensors
)
ROUGH = 1e-4
"""Tolerance where sums of several layers add up."""
APART = 1e-2
"""Two logits of an image differ at least by so much, so that no rounding decides which is larger."""


def louder(images):
    """The same pictures, the first one the quietest."""
    steps = np.linspace(0.4, 1.2, len(images), dtype="float32")
    return images * steps[:, None, None, None]


def picture(rng, height, width, channels, images=2):
    """Pictures (images, H, W, C) of normal numbers."""
    return normal(rng, images, height, width, channels)


def sides(rng, step=1):
    """Two different sides, both multiples of step and at least 3 steps long."""
    high, wide = (3 + int(n) for n in rng.permutation(5)[:2])
    return step * high, step * wide


def some_shift(rng, height, width, step=1):
    """(dy, dx) of both signs, multiples of step; neither is 0, the whole side or half of it, nor are they alike."""
    tall, broad = height // step, width // step
    ups = [n for n in range(1, tall) if 2 * n != tall]
    downs = [n for n in range(1, broad) if 2 * n != broad]
    dy, dx = int(rng.choice(ups)), int(rng.choice(downs))
    if dy == dx:
        dx = dx % (broad - 1) + 1 if broad > 2 else dx
    return step * dy, -step * dx


def shift_cases(rng):
    """shift_image: both directions, both signs, farther than the side, whole numbers."""
    (high, wide), channels = sides(rng), int(rng.integers(2, 5))
    images = picture(rng, high, wide, channels)
    dy, dx = some_shift(rng, high, wide)
    whole = rng.integers(0, 256, (2, high, wide, 3)).astype("int32")
    moved = {"images": images, "dy": -dy, "dx": -dx}
    return [
        Case("the picture moves down by 1", Question((images, 1, 0)), 1.5),
        Case("the picture moves to the right by 2", Question((images, 0, 2)), 1.5),
        Case("down and to the left", Question((images, dy, dx)), 2.0),
        Case("up and to the right, by name", Question((), moved), 1.5),
        Case("farther than the picture is high and wide", Question((images, dy + 2 * high, dx - 3 * wide)), 1.5),
        Case("whole numbers stay what they are", Question((whole, -1, 1)), 1.0),
        Case("not at all", Question((images, 0, 0)), 0.5, together="down and to the left"),
        Case("as many rows as columns", Question((picture(rng, 5, 5, 2), 1, 2)), 0.0),
        Case("farther than a small picture is high", Question((picture(rng, 3, 4, 1), 7, 1)), 0.0),
    ]


def around(rng, size, stride=1, reach=1, edge=False):
    """A matrix (size / stride, size) that looks at each place and its neighbours, as a convolution does.

    Args:
        edge: whether what lies beyond the edge is 0, as with zero padding; else it comes from the other side.
    """
    weights, matrix = 0.4 + rng.random(2 * reach + 1), np.zeros((size // stride, size))
    for i in range(size // stride):
        for offset, weight in zip(range(-reach, reach + 1), weights, strict=True):
            place = i * stride + offset
            if not edge or 0 <= place < size:
                matrix[i, place % size] += weight
    return matrix.astype("float32")


def mapping(rng, height, width, channels, stride=1, edge=False):
    """A function of pictures with another number of channels, as data: every place does the same, but for the edge."""
    return {
        "$part": "mapper",
        "rows": around(rng, height, stride, edge=edge),
        "columns": around(rng, width, stride, edge=edge),
        "channels": quiet_first(normal(rng, channels, channels + 1) / 4),
    }


def quiet_first(kernel):
    """A matrix whose first column, and so the first channel of the output, is small."""
    kernel[:, 0] /= 4
    return kernel


def uneven(rng, height, width, channels, stride=1):
    """A function of pictures, as data, in which every place does something of its own."""
    return {
        "$part": "mapper",
        "rows": normal(rng, height // stride, height) / np.float32(height**0.5),
        "columns": normal(rng, width // stride, width) / np.float32(width**0.5),
        "channels": quiet_first(normal(rng, channels, channels + 2) / 2),
    }


def error_cases(rng):
    """equivariance_error: zero padding, no padding, strides 2 and 3, functions that look at every place differently."""
    (high, wide), channels = sides(rng), int(rng.integers(2, 5))
    images, (dy, dx) = louder(picture(rng, high, wide, channels, 3)), some_shift(rng, high, wide)
    zeros, own = mapping(rng, high, wide, channels, edge=True), uneven(rng, high, wide, channels)
    coarse_sides = sides(rng, 2)
    coarse, steps = louder(picture(rng, *coarse_sides, channels)), some_shift(rng, *coarse_sides, 2)
    third_sides = sides(rng, 3)
    third, leaps = louder(picture(rng, *third_sides, 2)), some_shift(rng, *third_sides, 3)
    named = {"f": uneven(rng, *coarse_sides, channels, 2), "images": coarse, "dy": -steps[0], "dx": -steps[1]}
    first, tolerance = "zero padding: the edge makes the difference", {"tolerance": ROUGH}
    half = mapping(rng, *coarse_sides, channels, 2)
    return [
        Case(first, Question((zeros, images, dy, dx)), 3.0, **tolerance),
        Case("every place does something of its own", Question((own, images, -dy, -dx)), 2.0, **tolerance),
        Case("stride 2, every place by itself, by name", Question((), named | {"out_stride": 2}), 2.5, **tolerance),
        Case(
            "stride 2 with zero padding",
            Question((mapping(rng, *coarse_sides, channels, 2, True), coarse, *steps, 2)),
            1.5,
            **tolerance,
        ),
        Case(
            "stride 3 with zero padding",
            Question((mapping(rng, *third_sides, 2, 3, True), third, *leaps, 3)),
            1.0,
            **tolerance,
        ),
        Case(
            "no edge, stride 1: no difference",
            Question((mapping(rng, high, wide, channels), images, dy, dx)),
            1.0,
            together=first,
            **tolerance,
        ),
        Case("no edge, stride 2: no difference", Question((half, coarse, *steps, 2)), 1.0, together=first, **tolerance),
        Case("not moved at all", Question((own, images, 0, 0)), 0.0, **tolerance),
        Case("one direction only", Question((own, images, 1, 0)), 0.0, **tolerance),
    ]


def conv_weights(rng, k, channels, filters, name="conv"):
    """kernel and bias of a convolution, by path."""
    scale = np.float32(k * channels**0.5)
    return {
        f"{name}.kernel": normal(rng, k, k, channels, filters) / scale,
        f"{name}.bias": normal(rng, filters),
    }


def circular_cases(rng):
    """CircularConv2D: kernels of side 3, 5 and 1, the whole side of a picture, single images."""
    (high, wide), (channels, filters) = sides(rng), sizes(rng, 2)
    images = picture(rng, high, wide, channels)

    def asked(pictures, k, out, **kwargs):
        own = conv_weights(rng, k, pictures.shape[-1], out)
        return Question((pictures,), {"training": False}, {"filters": out, "kernel_size": k}, own)

    return [
        Case("a kernel of side 3", asked(images, 3, filters), 3.0),
        Case("a kernel of side 5", asked(picture(rng, 7, 5, channels), 5, filters + 1), 3.0),
        Case("a kernel of side 1", asked(images, 1, filters), 1.5),
        Case("as many filters as channels", asked(images, 3, channels), 1.5),
        Case("a single picture, as high as the kernel", asked(picture(rng, 3, 8, 1, 1), 3, 2), 1.0),
        Case("a kernel of side 7", asked(picture(rng, 9, 8, 2, 3), 7, 3), 1.0),
        Case("as high as wide", asked(picture(rng, 6, 6, 2), 3, 2), 0.0),
        Case("a kernel of side 1 on a small picture", asked(picture(rng, 4, 3, 2), 1, 2), 0.0),
    ]


def classifying(rng, height, width, channels, classes):
    """A classifier, as data, that keeps its choice under some shifts and changes it under others."""
    pixels = normal(rng, height, width, channels, classes) / np.float32((height * width * channels) ** 0.5)
    return {"$part": "voter", "pixels": pixels, "means": 6 * normal(rng, channels, classes)}


def logits_of(voter, images):
    """What the classifier says, computed here to choose pictures whose choice is clear."""
    seen = np.tensordot(images, voter["pixels"], axes=3)
    return seen + images.mean(axis=(1, 2)) @ voter["means"]


def clear_pictures(rng, voter, shape, count, shifts):
    """Pictures (count, H, W, C) whose two largest logits differ clearly under every shift."""
    images = normal(rng, 40 * count, *shape)
    kept = np.ones(len(images), bool)
    for dy, dx in [(0, 0), *shifts]:
        second, first = np.sort(logits_of(voter, np.roll(images, (dy, dx), (1, 2))), axis=-1)[:, -2:].T
        kept &= first - second > APART
    return images[kept][:count]


def undecided(voter, images, shifts):
    """The first image (1, H, W, C) that keeps its choice under about half of the shifts."""
    standard = logits_of(voter, images).argmax(-1)
    kept = [logits_of(voter, np.roll(images, one, (1, 2))).argmax(-1) == standard for one in shifts]
    first = int(np.argmin(np.abs(np.mean(kept, axis=0) - 0.5)))
    return images[first : first + 1]


def some_shifts(rng, height, width, count):
    """`count` different shifts (dy, dx), as a list of pairs; no two are each other turned round."""
    found: list[tuple[int, int]] = []
    while len(found) < count:
        dy, dx = int(rng.integers(-height + 1, height)), int(rng.integers(-width + 1, width))
        if (dy, dx) != (0, 0) and dy != dx and not {(dy, dx), (-dy, -dx), (dx, dy)} & set(found):
            found.append((dy, dx))
    return found


def rate_cases(rng):
    """invariance_rate: several shifts, one, shifts in an array, listed twice, no shift among them."""
    (high, wide), channels = sides(rng), int(rng.integers(2, 5))
    classes, more = sizes(rng, 2)
    shape, other = (high, wide, channels), (wide, high + 1, channels)
    voter, second = classifying(rng, *shape, classes), classifying(rng, *other, more)
    many, few = some_shifts(rng, high, wide, 7), some_shifts(rng, wide, high + 1, 3)
    images, others = clear_pictures(rng, voter, shape, 23, many), clear_pictures(rng, second, other, 17, few)
    twice = [few[0], few[1], few[0], few[0], (0, 0)]
    again = [many[0], (0, 0), many[0], many[1], many[0]]
    rows = {"$part": "arrays", "value": np.array(many[:4], "int32")}
    return [
        Case("seven shifts", Question((voter, images, many)), 3.0),
        Case("three shifts, other classes, by name", Question((), {"f": second, "images": others, "shifts": few}), 2.0),
        Case("a single shift", Question((voter, images[:19], many[:1])), 1.5),
        Case("shifts as an array (M, 2)", Question((voter, images, rows)), 1.0),
        Case("some listed more than once, and one that does not move", Question((second, others, twice)), 1.5),
        Case("as many images as shifts", Question((voter, images[:7], many)), 0.0),
        Case("five other shifts", Question((voter, images[2:], many[2:])), 0.0),
        Case("a single image", Question((voter, undecided(voter, images, many), many)), 0.0),
        Case("one shift again and again", Question((voter, images, again)), 0.0),
    ]


def blur_cases(rng):
    """BlurPool2D: strides 1, 2 and 3, a constant picture, a single bright pixel, many channels."""
    (high, wide), (channels, more) = sides(rng), sizes(rng, 2)

    def asked(images, stride=None):
        return Question((images,), {"training": False}, {} if stride is None else {"stride": stride}, {})

    spot, flat = np.zeros((1, 6, 8, 2), "float32"), np.ones((1, 6, 10, 3), "float32")
    spot[0, 0, 5, 1] = 16.0
    first = "stride 2, the default"
    return [
        Case(first, asked(picture(rng, 2 * high, 2 * wide, channels)), 3.0),
        Case("stride 1: blur alone", asked(picture(rng, high, wide, channels), 1), 2.0),
        Case("stride 3", asked(picture(rng, 3 * high, 3 * wide, 2), 3), 2.0),
        Case("a single bright pixel at the upper edge", asked(spot, 1), 1.5),
        Case("a constant picture stays constant", asked(flat * np.float32([1, -2, 5])), 1.0, together=first),
        Case("many channels", asked(picture(rng, 4, 6, more + 3, 1), 2), 1.5),
        Case("a single channel", asked(picture(rng, 6, 4, 1), 2), 1.0),
        Case("as high as wide", asked(picture(rng, 6, 6, 2), 3), 0.0),
    ]


def dense_cases(rng):
    """dense_as_1x1_conv: several widths, as many outputs as inputs, one pixel, large pictures."""
    (high, wide), (channels, width) = sides(rng), sizes(rng, 2)

    def given(rows, columns):
        return normal(rng, rows, columns) / np.float32(rows**0.5), normal(rng, columns)

    images = picture(rng, high, wide, channels)
    named = dict(zip(("kernel", "bias"), given(channels, width + 1), strict=True))
    return [
        Case("other outputs than inputs", Question((images, *given(channels, width))), 3.0),
        Case("as many outputs as inputs", Question((images, *given(channels, channels))), 3.0),
        Case("by name", Question((), {"x": picture(rng, wide, high, channels, 3), **named}), 1.5),
        Case("one channel in", Question((picture(rng, high, wide, 1), *given(1, width))), 1.0),
        Case("one channel out", Question((images, *given(channels, 1))), 1.0),
        Case("a single pixel", Question((picture(rng, 1, 1, channels, 5), *given(channels, width))), 0.5),
        Case(
            "as many outputs as inputs, other pictures",
            Question((picture(rng, wide, high, width, 1), *given(width, width))),
            0.0,
        ),
        Case("as many outputs as columns", Question((images, *given(channels, wide))), 0.0),
    ]


def stem_weights(rng, channels, filters, dim):
    """All weights of a HybridEmbedding, by path."""
    found, before = {}, channels
    for i, f in enumerate(filters):
        found |= conv_weights(rng, 3, before, f, f"stem.{i}")
        before = f
    kernel = normal(rng, before, dim) / np.float32(before**0.5)
    return found | {"proj.kernel": kernel, "proj.bias": normal(rng, dim)}


def hybrid_cases(rng):
    """HybridEmbedding: two convolutions, one, three, the default stem, odd and even positions."""
    dim, f, g = [size for size in sizes(rng, 4) if size != 3][:3]  # another number than a picture's channels
    high, wide = sides(rng, 4)

    def asked(images, filters, named=False):
        init = {"dim": dim} | ({} if filters is None else {"stem_filters": filters})
        own = stem_weights(rng, images.shape[-1], filters or (32, 64), dim)
        found = ((), {"images": images}) if named else ((images,), {})
        return Question(found[0], {**found[1], "training": False}, init, own)

    rough = {"tolerance": ROUGH}
    return [
        Case("two convolutions", asked(picture(rng, high, wide, 3), (f, g)), 3.0, **rough),
        Case("one convolution", asked(picture(rng, 6, 10, 2, 3), (g,)), 2.0, **rough),
        Case("three convolutions", asked(picture(rng, 16, 24, 3), (f, g, f + 1)), 2.0, **rough),
        Case("the default stem", asked(picture(rng, 8, 12, 3), None), 1.5, **rough),
        Case("filters in a list, by name", asked(picture(rng, 12, 8, 1, 1), [g, f], True), 1.5, **rough),
        Case("as high as wide", asked(picture(rng, 8, 8, 3), (f, f)), 0.0, **rough),
        Case("as many channels as filters", asked(picture(rng, 4, 8, f), (f, f)), 0.0, **rough),
        Case("as many channels, three times", asked(picture(rng, 8, 16, g), (g, g, g)), 0.0, **rough),
        Case("a single convolution of three rows", asked(picture(rng, 6, 14, 3, 1), (f,)), 0.0, **rough),
    ]


def numbered(count, first, classes, rng):
    """Arrays (count, 2, 3, 1) with a number in each first pixel, and labels: what a Learner tells apart."""
    images = normal(rng, count, 2, 3, 1)
    images[:, 0, 0, 0] = (first + np.arange(count)) / 1000
    return images, rng.integers(0, classes, count).astype("int32")


def scaling_cases(rng):
    """data_scaling_curve: few and many passes, one size, one seed, batches as large as the smallest size."""
    classes, tests = 3, int(rng.choice([37, 41, 43]))
    batch = int(rng.choice([3, 5]))
    sizes_, steps = [batch, 2 * batch, 6 * batch], 12
    seeds = [int(seed) for seed in rng.permutation(50)[:2]]
    parts = numbered(9 * batch, 1, classes, rng), numbered(tests, 500, classes, rng)
    data, build = {"$part": "arrays", "value": parts}, {"$part": "learners", "classes": classes}
    four = {**build, "classes": classes + 1}

    def asked(sizes, seeds, steps, batch_size):
        return Question((build, data, sizes, seeds), {"steps": steps, "batch_size": batch_size})

    return [
        Case("three sizes and two seeds", asked(sizes_, seeds, steps, batch), 3.0),
        Case("the largest size first", asked([4 * batch, batch], seeds[::-1], 8, batch), 1.5),
        Case("one size, three seeds", asked([2 * batch], [seeds[0], 7, seeds[1]], 6, batch), 1.5),
        Case("each image once", asked([8 * batch], [seeds[0], 11], 8, batch), 1.0),
        Case("400 steps of 50, the defaults", Question((four, long_data(rng), [100, 400], [3])), 1.0),
        Case("a single size and seed", asked([3 * batch], [seeds[1]], 9, batch), 0.0),
        Case("one batch holds them all", asked([batch], [5, 6], 4, batch), 0.0),
    ]


def long_data(rng):
    """Data of four classes for the default number of steps."""
    return {"$part": "arrays", "value": (numbered(450, 1, 4, rng), numbered(47, 600, 4, rng))}


def figure_cases(rng):
    """figure: the numbers behind the plots and the two answers. The same for all, so `rng` is not used."""
    call = Question()
    return [
        Case("where zero padding makes a difference", call, 2.0, part="border"),
        Case("the share of pooled numbers that stay the same", call, 2.0, part="unchanged", tolerance=1e-3),
        Case("how strong stripes come out, subsampled and blurred", call, 2.0, part="contrast"),
        Case("answer 1", call, 1.0, part="answer_1", tolerance=1e-3, sealed=True),
        Case("answer 2", call, 1.0, part="answer_2", sealed=True),
    ]


EXERCISES = (
    Exercise("shift_image", shift_cases),
    Exercise("equivariance_error", error_cases),
    Exercise("CircularConv2D", circular_cases),
    Exercise("invariance_rate", rate_cases),
    Exercise("BlurPool2D", blur_cases),
    Exercise("dense_as_1x1_conv", dense_cases, PRODUCTS),
    Exercise("HybridEmbedding", hybrid_cases),
    Exercise("data_scaling_curve", scaling_cases),
    Exercise("figure", figure_cases),
)
