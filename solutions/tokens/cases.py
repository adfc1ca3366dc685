"""What lesson 03's exercises are asked: one generator of cases for each, from a NumPy generator.

Images are never square, have three channels and come in twos; grids are never as wide as high, and no side of a grid
equals the side of a patch. Cases of weight 0 are not graded: they only help to tell mistakes apart.
"""

from __future__ import annotations

import numpy as np

from autograder.records import Case, Exercise, Question
from solutions.inputs import normal

CUTTING = (
    "keras.ops.image.extract_patches",
    "keras.src.ops.image.extract_patches",
    "keras.src.ops.image._extract_patches",
    "keras.ops.space_to_depth",
    "keras.ops.nn.space_to_depth",
    "keras.src.ops.nn.space_to_depth",
    "keras.src.backend.tensorflow.nn.space_to_depth",
    "tensorflow.image.extract_patches",
    "tensorflow.compat.v1.image.extract_patches",
    "tensorflow.compat.v1.image.extract_image_patches",
    "tensorflow.compat.v1.extract_image_patches",
    "tensorflow.raw_ops.ExtractImagePatches",
    "tensorflow.nn.space_to_depth",
    "tensorflow.compat.v1.nn.space_to_depth",
    "tensorflow.compat.v1.space_to_depth",
    "tensorflow.raw_ops.SpaceToDepth",
    "jax.lax.conv_general_dilated_patches",
    "torch.nn.functional.pixel_unshuffle",
    "torch.pixel_unshuffle",
)
JOINING = (
    "keras.ops.depth_to_space",
    "keras.ops.nn.depth_to_space",
    "keras.src.ops.nn.depth_to_space",
    "keras.src.backend.tensorflow.nn.depth_to_space",
    "tensorflow.nn.depth_to_space",
    "tensorflow.compat.v1.nn.depth_to_space",
    "tensorflow.compat.v1.depth_to_space",
    "tensorflow.raw_ops.DepthToSpace",
    "torch.nn.functional.pixel_shuffle",
    "torch.pixel_shuffle",
)


def grid(rng):
    """(P, rows, columns): patch side 2 or 4 and a small grid of other, unequal sides, in random order."""
    side = int(rng.choice([2, 4]))
    rows, columns = (int(n) for n in rng.permutation([3, 4, 5] if side == 2 else [2, 3])[:2])
    return side, rows, columns


def counted(*shape):
    """The numbers 0, 1, 2, ... in memory's order, so that each value says where it was."""
    return np.arange(np.prod(shape), dtype="float32").reshape(shape)


def patchify_cases(rng):
    """patchify: numbers that say where they were, then random pixels of several sizes and channels."""
    p, rows, columns = grid(rng)
    tall, wide = (normal(rng, 2, p * a, p * b, 3) for a, b in ((columns, rows), (rows, columns)))
    grey, many = normal(rng, 3, p * rows, p * columns, 1), normal(rng, 2, 3 * 2, 3 * 3, 5)
    return [
        Case("an image of 4 by 6 pixels that are numbered 0, 1, 2, ...", Question((counted(1, 4, 6, 1), 2)), 2.0),
        Case("two images of numbered pixels, with three channels", Question((counted(2, 4, 6, 3), 2)), 3.0),
        Case("images in colour", Question((wide, p)), 4.0),
        Case("as many pixels, height and width exchanged", Question((tall, p)), 3.0),
        Case("grey images, patch_size by name", Question((grey,), {"patch_size": p}), 2.0),
        Case("five channels, patches of 3 by 3", Question((many, 3)), 3.0),
        Case("one patch is the whole image", Question((wide[:, :p, :p], p)), 0.0),
        Case("patches of a single pixel", Question((wide, 1)), 0.0),
        Case("square images", Question((wide[:, : 2 * p, : 2 * p], p)), 0.0),
        Case("more square images", Question((tall[:1, : 2 * p, : 2 * p], p)), 0.0),
    ]


def unpatchify_cases(rng):
    """unpatchify: random patches, not made by any patchify, so that a wrong inverse of a wrong cut fails too."""
    p, rows, columns = grid(rng)
    height, width = p * rows, p * columns
    patches, grey = normal(rng, 2, rows * columns, p * p * 3), normal(rng, 2, rows * columns, p * p)
    many = normal(rng, 3, 6, 9 * 5)
    numbered = {"patch_size": 2, "height": 4, "width": 6}
    return [
        Case("six patches of numbered pixels", Question((counted(1, 6, 4),), numbered), 2.0),
        Case("images in colour", Question((patches, p, height, width)), 3.0),
        Case("as many patches in another grid", Question((patches, p, width, height)), 2.0),
        Case("grey images", Question((grey, p, height, width)), 1.5),
        Case("five channels, patches of 3 by 3", Question((many, 3, 6, 9)), 1.5),
        Case("six channels", Question((normal(rng, 2, 6, 9 * 6), 3, 6, 9)), 0.0),
        Case("square images", Question((patches[:, :4], p, 2 * p, 2 * p)), 0.0),
    ]


def embedding_cases(rng):
    """PatchEmbedding: kernel and bias overwritten, several sizes of patch, image and token."""
    p, rows, columns = grid(rng)
    dim = int(rng.choice([10, 14, 22]))
    wide, tall = normal(rng, 2, p * rows, p * columns, 3), normal(rng, 2, p * columns, p * rows, 3)
    grey = normal(rng, 3, 3 * 2, 3 * 4, 1)

    def ask(images, side):
        weights = {
            "proj.kernel": normal(rng, side * side * images.shape[-1], dim) * 0.3,
            "proj.bias": normal(rng, dim),
        }
        return Question((images,), {}, {"patch_size": side, "dim": dim}, weights)

    return [
        Case("tokens with a given kernel and bias", ask(wide, p), 4.0),
        Case("images of another shape", ask(tall, p), 3.0),
        Case("grey images, patches of 3 by 3", ask(grey, 3), 3.0),
        Case("square images", ask(wide[:, : 2 * p, : 2 * p], p), 0.0),
    ]


def kernel_cases(rng):
    """dense_to_conv_kernel: numbered and random kernels of several sizes."""
    p, width, _ = grid(rng)
    dim = int(rng.choice([11, 13, 17]))
    kernel, grey = normal(rng, p * p * 3, dim), normal(rng, 9, dim)
    many = normal(rng, 9 * width, dim)
    return [
        Case("a kernel of numbered rows", Question((counted(2 * 2 * 3, 5), 2, 3)), 3.0),
        Case("a random kernel for three channels", Question((kernel, p, 3)), 4.0),
        Case("one channel", Question((grey, 3, 1)), 1.0),
        Case("more channels", Question((many,), {"patch_size": 3, "channels": width}), 2.0),
    ]


def encoding_cases(rng):
    """sinusoidal_position_encoding: the formula by hand, odd and even counts, another base."""
    n, half = (int(number) for number in rng.permutation([5, 7, 11, 13])[:2])
    base = round(float(rng.uniform(50.0, 200.0)), 1)
    return [
        Case("2 positions of width 4, small enough for paper", Question((2, 4)), 3.0),
        Case("7 positions of width 12", Question((7, 12)), 4.0),
        Case("another number of positions, another width", Question((n, 2 * half)), 5.0),
        Case("another base, by name", Question((n, 2 * half), {"base": base}), 3.0),
        Case("another base, by position", Question((half, 2 * n, 2 * base)), 1.0),
        Case("more positions than columns", Question((37, 6)), 2.0),
        # right formulas in pure float32 differ by 0.00002 at angles near 100
        Case("a hundred positions", Question((100, 6)), 2.0, tolerance=1e-4),
        Case("a square table", Question((2 * half, 2 * half)), 0.0),
        Case("one pair", Question((n, 2)), 0.0),
    ]


def shift_cases(rng):
    """position_shift_matrix: forward, backward, not at all, another base."""
    near, far = (int(number) for number in rng.permutation([2, 3, 4, 5, 6, 8, 9])[:2])
    half = int(rng.choice([3, 5, 7]))
    base = round(float(rng.uniform(50.0, 200.0)), 1)
    return [
        Case("one position on, width 4", Question((1, 4)), 2.0),
        Case("some positions on", Question((near, 2 * half)), 3.0),
        Case("some positions back", Question((-far, 2 * half + 2)), 2.5),
        Case("no shift at all", Question((0, 2 * half)), 0.0),
        Case("another base, by name", Question((far, 2 * half), {"base": base}), 1.5),
        Case("another base, back", Question((-near, 12, 2 * base)), 1.0),
        Case("far away", Question((10 * far, 2 * half), {}), 0.0, tolerance=1e-4),
    ]


def learned_cases(rng):
    """LearnedPositionEmbedding: the table overwritten, as many tokens as rows and fewer."""
    rows, width = (int(number) for number in rng.permutation([7, 11, 13])[:2])
    fewer = int(rng.choice([3, 5]))

    def ask(batch, tokens):
        weights = {"embeddings": normal(rng, rows, width)}
        return Question((normal(rng, batch, tokens, width),), {}, {"num_positions": rows, "dim": width}, weights)

    return [
        Case("a token for each row of the table", ask(2, rows), 2.0),
        Case("fewer tokens than rows", ask(2, fewer), 2.0),
        Case("a single token", ask(4, 1), 0.0),
        Case("one token fewer", ask(rows, rows - 1), 0.0),
        Case("as many images as tokens", ask(fewer, fewer), 0.0),
    ]


def figure_cases(rng):
    """figure: the numbers behind the plots and the two answers. The same for all, so `rng` is not used."""
    call = Question()
    return [
        Case("the number of tokens for each patch side", call, 1.5, part="tokens"),
        Case("the patches of the postcard, one after the other", call, 2.5, part="strip"),
        Case("how similar the positions are", call, 2.0, part="similarity", tolerance=1e-4),
        Case("answer 1", call, 2.0, part="answer_1", tolerance=2e-3, sealed=True),
        Case("answer 2", call, 2.0, part="answer_2", sealed=True),
    ]


EXERCISES = (
    Exercise("patchify", patchify_cases, CUTTING),
    Exercise("unpatchify", unpatchify_cases, JOINING),
    Exercise("PatchEmbedding", embedding_cases),
    Exercise("dense_to_conv_kernel", kernel_cases),
    Exercise("sinusoidal_position_encoding", encoding_cases),
    Exercise("position_shift_matrix", shift_cases),
    Exercise("LearnedPositionEmbedding", learned_cases),
    Exercise("figure", figure_cases),
)
