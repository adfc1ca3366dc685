"""What lesson 09's exercises are asked: one generator of cases for each, from a NumPy generator.

No graded grid is square, none has as many windows on a side as a window has tokens, and images come in twos or more:
equal sizes hide swapped axes. Cases of weight 0 are not graded: they only help to tell mistakes apart.
"""

from __future__ import annotations

import numpy as np

from autograder.records import Case, Exercise, Question
from solutions.inputs import normal, sizes

EXACT = 1e-12  # whole numbers up to ten digits


def grid(rng, sides=(2, 3, 4)):
    """(w, H, W): a window and a grid that is two to five windows high and wide, never w, never as many both ways."""
    window = int(rng.choice(sides))
    rows, columns = (int(n) for n in rng.permutation({2: [3, 4, 5], 3: [2, 4], 4: [2, 3]}[window])[:2])
    return window, window * rows, window * columns


def counted(*shape):
    """The numbers 0, 1, 2, ... in memory's order, so that each value says where it was."""
    return np.arange(np.prod(shape), dtype="float32").reshape(shape)


def local_cases(rng):
    """local_attention_mask: several radii, from 0 to beyond the border, on grids that are tall or wide."""
    height, width, more = sizes(rng, 3)
    return [
        Case("a grid of 3 by 4, radius 1", Question((3, 4, 1)), 2.0),
        Case("another grid, radius 1", Question((height, width, 1)), 3.0),
        Case("height and width exchanged, radius 2", Question((width, height, 2)), 3.0),
        Case("sizes and radius by name", Question((), {"height": 4, "width": more + 1, "radius": 3}), 2.0),
        Case("radius 0", Question((height, more, 0)), 1.0),
        Case("a radius that is larger than the grid", Question((2, 3, 4 + more)), 1.0),
        Case("a single row of tokens", Question((1, width, 1)), 0.0),
        Case("a square grid, radius 1", Question((more, more, 1)), 0.0),
        Case("a square grid, radius 2", Question((more, more, 2)), 0.0),
    ]


def axial_cases(rng):
    """axial_attention: both axes, grids of several shapes, an `attn` that sees the order of its tokens."""
    b, (height, width, more, dim) = 2, sizes(rng, 4)

    def ask(x, axis, **named):
        attn = {"$part": "series", "kernel": normal(rng, x.shape[-1], x.shape[-1]) / np.float32(x.shape[-1])}
        return Question((x,), {"axis": axis, "attn": attn}) if named else Question((x, axis, attn))

    wide, other = normal(rng, b, height, width, dim), normal(rng, 3, more, height, dim + 1)
    square = normal(rng, b, more, more, dim)
    return [
        Case("along the height", ask(wide, 1), 4.0),
        Case("along the width", ask(wide, 2), 4.0),
        Case("along the height, another grid", ask(other, 1), 3.0),
        Case("along the width, another grid, by name", ask(other, 2, named=True), 2.0),
        Case("a single column, along the height", ask(wide[:, :, :1], 1), 1.0),
        Case("a single image, along the width", ask(wide[:1], 2), 1.0),
        Case("a square grid, along the height", ask(square, 1), 0.0),
        Case("a square grid, along the width", ask(square, 2), 0.0),
    ]


def partition_cases(rng):
    """window_partition: tokens that say where they were, then random ones on several grids."""
    w, height, width = grid(rng)
    wide, tall = normal(rng, 2, height, width, 5), normal(rng, 3, width, height, 7)
    other = normal(rng, 2, *{2: (3 * 2, 3 * 4), 3: (4 * 3, 4 * 2), 4: (2 * 3, 2 * 5)}[w], 3)
    return [
        Case("a grid of 4 by 6 numbered tokens, windows of 2 by 2", Question((counted(1, 4, 6, 1), 2)), 2.0),
        Case("two images of numbered tokens, three channels", Question((counted(2, 4, 6, 3), 2)), 3.0),
        Case("random tokens", Question((wide, w)), 3.0),
        Case("height and width exchanged", Question((tall, w)), 2.0),
        Case("another window, by name", Question((), {"x": other, "window": {2: 3, 3: 4, 4: 2}[w]}), 2.0),
        Case("one window is the whole grid", Question((wide[:, :w, :w], w)), 0.0),
        Case("a square grid", Question((wide[:, : 2 * w, : 2 * w], w)), 0.0),
        Case("another square grid", Question((tall[:, : 2 * w, : 2 * w], w)), 0.0),
    ]


def reverse_cases(rng):
    """window_reverse: random windows, not made by any partition, so that a wrong inverse of a wrong cut fails too."""
    w, height, width = grid(rng)
    count = height * width // w**2
    windows, fewer = normal(rng, 2 * count, w * w, 5), normal(rng, 3 * count, w * w, 7)
    numbered = {"window": 2, "height": 4, "width": 6}
    return [
        Case("six windows of numbered tokens", Question((counted(6, 4, 1),), numbered), 2.0),
        Case("two images", Question((windows, w, height, width)), 3.0),
        Case("as many windows in another grid", Question((windows, w, width, height)), 2.0),
        Case("three images", Question((fewer, w, height, width)), 2.0),
        Case("two images of numbered tokens, three channels", Question((counted(12, 4, 3),), numbered), 1.0),
        Case("square grids", Question((windows[:8], w, 2 * w, 2 * w)), 0.0),
        Case("other square grids", Question((fewer[:4], w, 2 * w, 2 * w)), 0.0),
    ]


def pairs_cases(rng):
    """attention_pairs: the numbers of the text, and for each kind a grid drawn anew. Compared exactly.

    The square of 225 * 223 is odd, so a float of 32 bits has no room for it; for that of 224 * 224 it has.
    """
    height, width, more, radius = sizes(rng, 4)
    w = int(rng.integers(3, 7))

    def exactly(name, weight, *args, **kwargs):
        return Case(name, Question(args, kwargs), weight, tolerance=EXACT)

    return [
        exactly("every pixel of 224 by 224, global", 0.5, "global", 224, 224),
        exactly("every pixel of 225 by 223, global", 0.5, "global", 225, 223),
        exactly("global, a small grid", 1.0, "global", height, 2 * width),
        exactly("local, radius 1", 1.0, "local", height, width + 1, radius=1),
        exactly("local, radius 2, by name", 1.0, kind="local", height=2 * width, width=height, radius=2),
        exactly("local, a radius larger than the grid", 0.5, "local", 2, 3, None, 4 + radius),
        exactly("axial", 1.0, "axial", height, 2 * more),
        exactly("axial, taller than wide", 0.5, "axial", 3 * height + 40, width),
        exactly("windows of side 7 on 56 by 56, as in Swin", 0.5, "window", 56, 56, window=7),
        exactly("windows, a grid drawn anew", 1.5, "window", w * height, w * more, w),
        exactly("local, radius 0", 0.0, "local", height, more, radius=0),
        exactly("every pixel of 449 by 447, global", 0.0, "global", 449, 447),
        exactly("local, radius 3", 0.0, "local", more, more, radius=3),
        exactly("windows, another grid", 0.0, "window", (w + 1) * width, (w + 1) * height, w + 1),
    ]


def mask_cases(rng):
    """shifted_window_mask: Swin's own case, other grids, shifts that are not half a window, and no shift.

    Where there is a single window along an axis, tokens of both sides of a seam are near each other in the picture.
    """
    w, height, width = grid(rng, (3, 4))
    shift, other = (int(n) for n in rng.permutation(np.arange(1, w))[:2])
    back = "tokens from beyond the seam"
    return [
        Case("8 by 8 tokens, windows of 4, shift 2", Question((8, 8, 4, 2)), 3.0),
        Case(back, Question((height, width, w, shift)), 4.0),
        Case("height and width exchanged", Question((width, height, w, shift)), 3.0),
        Case("another shift, by name", Question((), asked(height, width, w, other)), 3.0),
        Case("windows of 5, shift 3", Question((10, 15, 5, 3)), 2.0),
        Case("a single window, shift 2", Question((4, 4, 4, 2)), 1.0),
        Case("no shift: all may attend", Question((width, height, w, 0)), 1.0, together=back),
        Case("a single row of windows", Question((w, 2 * w, w, shift)), 0.0),
        Case("windows of 2, shift 1", Question((6, 10, 2, 1)), 0.0),
    ]


def asked(height, width, window, shift):
    """The arguments of shifted_window_mask by name."""
    return {"height": height, "width": width, "window": window, "shift": shift}


def index_cases(rng):
    """relative_position_index: the table of the text, and larger windows."""
    small, middle, large = (int(n) for n in rng.permutation([3, 4, 5, 6, 7, 8])[:3])
    return [
        Case("windows of 2 by 2, the table of the text", Question((2,)), 2.0),
        Case("larger windows", Question((small,)), 3.0),
        Case("other windows, by name", Question((), {"window": middle}), 2.0),
        Case("windows of yet another size", Question((large,)), 1.0),
    ]


def dense_weights(rng, rows, columns, name):
    """A kernel and a bias, by path; sums come out near 1."""
    return {
        f"{name}.kernel": normal(rng, rows, columns) / np.float32(rows**0.5),
        f"{name}.bias": normal(rng, columns) / 2,
    }


def block_weights(rng, dim, num_heads, window, mlp_dim, shift=0):
    """All 17 weights of a SwinBlock, by path."""
    found = {}
    for name in ("norm1", "norm2"):
        found |= {f"{name}.gamma": 1 + normal(rng, dim) / 2, f"{name}.beta": normal(rng, dim) / 2}
    for name in ("wq", "wk", "wv", "wo"):
        found |= dense_weights(rng, dim, dim, name)
    mlp = [*dense_weights(rng, dim, mlp_dim, "").values(), *dense_weights(rng, mlp_dim, dim, "").values()]
    found |= {f"mlp.weights.{i}": array for i, array in enumerate(mlp)}
    return found | {"rel_bias": normal(rng, (2 * window - 1) ** 2, num_heads)}


def block_cases(rng):
    """SwinBlock: every weight overwritten; without a shift and with several, on grids of two shapes.

    Widths are small, since each known mistake's answers are kept among the public examples.
    """
    rows, columns = (int(n) for n in rng.permutation([2, 4]))
    heads = int(rng.choice([2, 3]))
    small = {"dim": 6, "num_heads": heads, "window": 3, "shift": 0, "mlp_dim": 17}
    large = {**small, "window": 4, "shift": int(rng.choice([1, 3]))}
    ask, ask_large = (asking(init, block_weights(rng, **init)) for init in (small, large))
    x, turned = normal(rng, 2, 3 * rows, 3 * columns, 6), normal(rng, 2, 3 * columns, 3 * rows, 6)
    return [
        Case("windows without a shift", ask(x), 4.0),
        Case("shifted windows", ask(x, shift=2), 4.0),
        Case("shifted by 1, height and width exchanged", ask(turned, shift=1), 2.0),
        Case("windows of 4, a shift that is not half of it", ask_large(normal(rng, 1, 8, 12, 6)), 2.0),
        Case("without a shift, an epsilon of 0.3", ask(turned, epsilon=0.3), 1.0),
    ]


def asking(init, weights):
    """A function that makes questions to a SwinBlock with these arguments and weights."""

    def ask(x, **changes):
        return Question((x,), {"training": False}, {**init, **changes}, weights)

    return ask


def merging_cases(rng):
    """patch_merging: tokens and kernels that show the order, then random ones."""
    b, (rows, columns, dim) = 2, sizes(rng, 3)
    shown = np.eye(4 * 2, 2 * 2, dtype="float32") + 10 * np.eye(4 * 2, 2 * 2, -4, dtype="float32")

    def kernel(width):
        return normal(rng, 4 * width, 2 * width) / np.float32(2 * width**0.5)

    tall, grey = normal(rng, b, 2 * columns, 2 * rows, dim), normal(rng, 3, 2 * rows, 2, 1)
    return [
        Case("2 by 4 numbered tokens, and a kernel of ones and tens", Question((counted(1, 2, 4, 2), shown)), 2.0),
        Case("random tokens", Question((normal(rng, b, 2 * rows, 2 * columns, dim), kernel(dim))), 4.0),
        Case("height and width exchanged, by name", Question((), {"x": tall, "kernel": kernel(dim)}), 2.0),
        Case("a single channel", Question((grey, kernel(1))), 1.0),
        Case("as many rows as columns", Question((tall[:, :6, :6], kernel(dim))), 0.0),
    ]


def figure_cases(rng):
    """figure: the numbers behind the plots and the two answers. The same for all, so `rng` is not used."""
    call = Question()
    return [
        Case("pairs that four kinds of attention score", call, 1.0, part="pairs", tolerance=EXACT),
        Case("who reaches the marked token", call, 1.0, part="reach"),
        Case("answer 1", call, 1.0, part="answer_1", tolerance=2e-3, sealed=True),
        Case("answer 2", call, 1.0, part="answer_2", sealed=True),
    ]


EXERCISES = (
    Exercise("local_attention_mask", local_cases),
    Exercise("axial_attention", axial_cases),
    Exercise("window_partition", partition_cases),
    Exercise("window_reverse", reverse_cases),
    Exercise("attention_pairs", pairs_cases),
    Exercise("shifted_window_mask", mask_cases),
    Exercise("relative_position_index", index_cases),
    Exercise("SwinBlock", block_cases),
    Exercise("patch_merging", merging_cases),
    Exercise("figure", figure_cases),
)
