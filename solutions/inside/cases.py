"""What lesson 11's exercises are asked: one generator of cases for each, from a NumPy generator.

Grids are not square, attention has several heads and puts a good part of its weight on the extra tokens, features do
not have the mean 0, and labels of pictures sometimes agree: on simpler inputs most mistakes cannot be seen. Cases of
weight 0 are not graded: they only help to tell mistakes apart.
"""

from __future__ import annotations

import numpy as np

from autograder.records import Case, Exercise, Question
from solutions.inputs import normal, sizes

FOURIER = 1e-4  # tolerance after two transforms
SMALLEST = 1e-2  # of a graded shape's coefficients: below it, a phase is rounding


def attention(rng, images, heads, tokens, extra=0):
    """Attention weights (B, h, T, T) float32 whose rows sum to 1; extra tokens get from 0.1 to 0.7 of each row."""
    weights = np.exp(1.5 * rng.standard_normal((images, heads, tokens, tokens)))
    weights[..., extra:] /= weights[..., extra:].sum(axis=-1, keepdims=True)
    if extra:
        taken = rng.uniform(0.1, 0.7, (images, heads, tokens, 1))
        weights[..., :extra] *= taken / weights[..., :extra].sum(axis=-1, keepdims=True)
        weights[..., extra:] *= 1 - taken
    return weights.astype("float32")


def distance_cases(rng):
    """mean_attention_distance: several grids, patches and extra tokens; then attention that can be worked out by hand.

    Identity and uniform attention alone would miss most mistakes, so they only count together with a random case.
    """
    rows, columns, heads = sizes(rng, 3)
    rows, columns, more = min(rows, 7), min(columns, 11), int(rng.choice([2, 3]))
    size, large = (int(n) for n in rng.permutation([4, 6, 8, 14])[:2])
    first = "three heads, a grid that is not square"

    def ask(images, heads, grid, patch, extra, by_name=False):
        weights = attention(rng, images, heads, grid[0] * grid[1] + extra, extra)
        named = {"weights": weights, "grid": grid, "patch_size": patch, "num_extra_tokens": extra}
        return Question((), named) if by_name else Question((weights, grid, patch, *([] if extra == 1 else [extra])))

    self_only = np.repeat(0.7 * np.eye(13, dtype="float32")[None, None], 3, axis=1)
    self_only[..., 0] += 0.3
    lone = attention(rng, 2, 3, 2, 1)
    everywhere = np.full((1, 2, 65, 65), 1 / 65, "float32")
    return [
        Case(first, ask(2, 3, (4, 5), 4, 1), 5.0),
        Case("another grid, another patch", ask(more, 4, (5, 2), large, 1), 4.0),
        Case("two extra tokens, by name", ask(2, 3, (2, 7), size, 2, by_name=True), 4.0),
        Case("no extra token", ask(3, 2, (5, 3), size, 0), 2.0),
        Case("a single row of patches", ask(2, more + 2, (1, columns), 4, 1), 2.0),
        Case("uniform attention on 8 x 8 patches of 4 pixels", Question((everywhere, (8, 8), 4)), 1.0, together=first),
        Case("patches that attend to CLS and to themselves", Question((self_only, (3, 4), size)), 1.0, together=first),
        Case("a single patch", Question((lone, (1, 1), 16)), 1.0, together=first),
        Case("a square grid", ask(2, 3, (3, 3), size, 1), 0.0),
        Case("as many heads as images", ask(more, more, (rows, 4), size, 1), 0.0),
        Case("a square grid, two extra tokens", ask(3, heads, (4, 4), large, 2), 0.0),
    ]


def rollout_cases(rng):
    """attention_rollout: one layer, several, as many heads in each or not."""
    heads, other, tokens, more = sizes(rng, 4)
    more = min(more, 7)

    def ask(images, layers, count, by_name=False):
        weights = [attention(rng, images, h, count, 1) for h in layers]
        return Question((), {"weights_per_layer": weights}) if by_name else Question((weights,))

    return [
        Case("a single layer", ask(2, [3], 5), 2.0),
        Case("two layers", ask(3, [2, 2], tokens), 4.0),
        Case("three layers with different numbers of heads", ask(2, [heads, 2, other], 5), 4.0),
        Case("four layers, by name", ask(more, [3] * 4, 7, by_name=True), 2.0),
        Case("a single head in each layer", ask(2, [1, 1], tokens), 1.0),
        Case("eight layers", ask(2, [2] * 8, 5), 1.0),
        Case("as many images as tokens", ask(5, [3, 3], 5), 0.0),
        Case("two layers of one image", ask(1, [3, 3], 5), 0.0),
    ]


def related(rng, n, d1, d2, share=0.8):
    """Features x (n, d1) and y (n, d2) that have something in common, far from the mean 0, of different sizes."""
    common = normal(rng, n, 3)
    x, y = (share * common @ normal(rng, 3, d) + normal(rng, n, d) + 2 * normal(rng, d) for d in (d1, d2))
    return x.astype("float32"), (y * rng.uniform(0.5, 2, d2)).astype("float32")


def rotation(rng, d):
    """A random rotation (d, d)."""
    return np.linalg.qr(rng.standard_normal((d, d)))[0].astype("float32")


def cka_cases(rng):
    """linear_cka: more and fewer examples than features, and each invariance on pairs whose CKA is not 1."""
    d1, d2, n = sizes(rng, 3)
    x, y = related(rng, 17, 6, 4)
    wide, other = related(rng, 5, 7 + d1, 6 + d2)
    long, thin = related(rng, 19 + n, d1, d2 + 1)
    alike, second = related(rng, 11, 6, 6)
    few, fewer = related(rng, 4, 7, 7)
    scales = np.array([1, 1, 3, 1, 0.2, 1], "float32")
    first = "more examples than features"
    square, centred = related(rng, 7, 7, 7), [z - z.mean(axis=0) for z in related(rng, 13, 6, 4)]
    return [
        Case(first, Question((x, y)), 4.0),
        Case("fewer examples than features", Question((wide, other)), 4.0),
        Case("other widths", Question((long, thin)), 2.0),
        Case("x and y exchanged, by name", Question((), {"x": y, "y": x}), 2.0),
        Case("the features of y rotated and tripled", Question((x, 3 * y @ rotation(rng, 4))), 2.0),
        Case("a constant row added to x", Question((x + 2 * normal(rng, 6), y)), 2.0),
        Case("single features of x made larger and smaller", Question((x * scales, y)), 2.0),
        Case("small numbers", Question((x / 1000, y / 1000)), 1.0),
        Case("x with itself", Question((x, x)), 1.0, together=first),
        Case("equal widths", Question((alike, second)), 0.0),
        Case("equal widths, small numbers", Question((alike / 500, second / 500)), 0.0),
        Case("equal widths, few examples", Question((few, fewer)), 0.0),
        Case("as many examples as features", Question(square), 0.0),
        Case("features with the mean 0", Question(tuple(centred)), 0.0),
    ]


def layers_of(rng, n, *shapes):
    """Features (n, *shape) for each shape that have something in common, far from the mean 0."""
    common = normal(rng, n, 3)
    found = []
    for shape in shapes:
        size = int(np.prod(shape))
        flat = 0.7 * common @ normal(rng, 3, size) + normal(rng, n, size) + normal(rng, size)
        found.append(flat.reshape(n, *shape).astype("float32"))
    return found


def matrix_cases(rng):
    """cka_matrix: flat features, tokens and maps, lists of different lengths; a list with itself."""
    tokens, width, n = sizes(rng, 3)
    n = max(n, 5)
    deep, flat = layers_of(rng, n, (tokens, width), (3, 2, 4), (2, 3, width)), layers_of(rng, n, (6,), (tokens,))
    plain, short = layers_of(rng, 11, (5,), (7,), (4,)), layers_of(rng, 11, (3,), (6,))
    alike, other = layers_of(rng, 7, (4, 3), (4, 3), (4, 3)), layers_of(rng, 7, (4, 3), (4, 3), (4, 3))
    first = "tokens and maps against flat features"
    named = {"features_a": flat, "features_b": deep}
    return [
        Case("flat features, three layers against two", Question((plain, short)), 3.0),
        Case(first, Question((deep, flat)), 4.0),
        Case("the two lists exchanged, by name", Question((), named), 2.0),
        Case("tokens against maps", Question((deep[:1], deep[1:])), 2.0),
        Case("a list with itself", Question((deep, deep)), 2.0, together=first),
        Case("layers of one shape", Question((alike, other)), 0.0),
        Case("more layers of one shape", Question((other, alike[:2])), 0.0),
        Case("flat layers with themselves", Question((plain, plain)), 0.0),
    ]


def picture(rng, shape, brightness=1.0):
    """Pictures (B, H, W, C) from 0 to a brightness, without a coefficient near 0."""
    while True:
        found = np.float32(brightness) * rng.random(shape, "float32")
        if np.abs(np.fft.fft2(found, axes=(1, 2))).min() > SMALLEST:
            return found


def conflict_cases(rng):
    """cue_conflict: even and odd sides, never equal, colour and grey; strong textures that need the cut at 0 and 1."""
    sides = [int(n) for n in rng.permutation([5, 7, 9])[:2]]

    def pair(*shape):
        strong = np.clip(0.5 + 0.6 * rng.standard_normal(shape), 0, 1)
        return picture(rng, shape), strong.astype("float32")

    colour, odd, grey, square = pair(2, 6, 8, 3), pair(3, *sides, 3), pair(2, 8, sides[0], 1), pair(2, 6, 6, 3)
    dark, darker = ([picture(rng, shape, 1 / 6) for _ in range(2)] for shape in ((2, 6, 8, 3), (2, 4, 6, 1)))
    first = "two pictures in colour"
    named = dict(zip(("shape_images", "texture_images"), pair(3, 4, 10, 1), strict=True))

    def case(name, weight, question, **more):
        return Case(name, question, weight, tolerance=FOURIER, **more)

    return [
        case(first, 4.0, Question(colour)),
        case("odd sides", 3.0, Question(odd)),
        case("grey pictures", 2.0, Question(grey)),
        case("grey pictures, by name", 1.0, Question((), named)),
        case("dark pictures", 1.0, Question(tuple(dark))),
        case("shape and texture of the same picture", 1.0, Question((odd[0], odd[0])), together=first),
        case("square pictures", 0.0, Question(square)),
        case("dark and grey", 0.0, Question(tuple(darker))),
        case("as many pictures as channels", 0.0, Question(pair(3, 4, 6, 3))),
    ]


def decided(rng, count, classes, for_shape, for_texture):
    """Predictions and both labels (n,): a fifth of the labels agree, and some predictions are of neither class."""
    shape = rng.integers(0, classes, count).astype("int32")
    texture = np.where(rng.random(count) < 0.2, shape, (shape + rng.integers(1, classes, count)) % classes)
    neither = (np.maximum(shape, texture) + rng.integers(1, classes, count)) % classes
    draw = rng.random(count)
    chosen = np.where(draw < for_shape, shape, np.where(draw < for_shape + for_texture, texture, neither))
    return chosen.astype("int32"), shape, texture.astype("int32")


def bias_cases(rng):
    """shape_bias: several numbers of classes and shares; the ends, where a constant could be right, only together."""
    count = int(rng.integers(150, 250))
    share = round(float(rng.uniform(0.2, 0.45)), 2)
    first = "ten classes"
    chosen, shape, texture = decided(rng, 61, 7, 0.4, 0.3)
    by_hand = [np.array(row, "int32") for row in ([3, 5, 1, 6, 7, 4], [3, 0, 1, 6, 7, 8], [5, 5, 1, 2, 2, 9])]
    few = dict(zip(("predictions", "shape_labels", "texture_labels"), decided(rng, 37, 4, share, 0.3), strict=True))
    return [
        Case("the six pictures of the text", Question(tuple(by_hand)), 2.0),
        Case(first, Question(decided(rng, count, 10, share, 0.35)), 4.0),
        Case("four classes, by name", Question((), few), 3.0),
        Case("more texture than shape", Question(decided(rng, 89, 10, 0.15, 0.5)), 2.0),
        Case("nobody decides for a texture", Question((shape, shape, texture)), 1.0, together=first),
        Case("nobody decides for a shape", Question((texture, shape, texture)), 1.0, together=first),
        Case("seven classes", Question((chosen, shape, texture)), 0.0),
        Case("two classes", Question(decided(rng, 53, 2, 0.5, 0.5)), 0.0),
    ]


def law(rng, b, c):
    """A law and exact points of it: (a, b, c), (n, error), in random order."""
    while True:
        a = float(np.exp(rng.uniform(np.log(0.5), np.log(20))))
        low, decades = rng.uniform(50, 800), rng.uniform(2.6, 3.05)
        n = np.unique(np.round(low * 10 ** (decades * np.linspace(0, 1, int(rng.integers(7, 13))))))
        rng.shuffle(n)
        error = a * n**-b + c
        if error.max() < 0.95 and error.max() > c + 0.05:
            return (a, b, c), (n.astype("float32"), error.astype("float32"))


def law_cases(rng):
    """fit_power_law: steep and flat laws, with and without a floor, points in any order; a, b and c as cases each.

    The exponents lie in the middle between two twentieths: whoever tries only these finds another factor.
    """
    middles = [
        rng.choice(some) for some in ((0.375, 0.425, 0.475, 0.525), (0.575, 0.625, 0.675, 0.725), (1.125, 1.175))
    ]
    between = [round(float(middle + rng.uniform(-0.005, 0.005)), 3) for middle in middles]
    floors = [round(float(rng.uniform(0.05, 0.35)), 3) for _ in range(3)]
    laws = {
        "a law with a floor": law(rng, between[1], floors[0]),
        "a flat law": law(rng, between[0], floors[1]),
        "a steep law": law(rng, between[2], floors[2]),
        "a law without a floor": law(rng, between[1] + 0.1, 0.0),
    }
    found = []
    for name, ((a, b, c), points) in laws.items():
        named = dict(zip(("n", "error"), points, strict=True))
        question = Question((), named) if name == "a steep law" else Question(points)
        exponent = f"{name}: the exponent b"
        found += [
            Case(exponent, question, 2.0, part=1, tolerance=0.05 * b / (1 + b)),
            Case(f"{name}: the factor a", question, 1.0, part=0, tolerance=0.05 * a / (1 + a)),
            Case(f"{name}: the floor c", question, 1.0, part=2, tolerance=0.01 / (1 + c), together=exponent),
        ]
    steep = Question(law(rng, round(float(rng.uniform(1.1, 1.18)), 3), floors[0])[1])
    n = np.round(rng.uniform(90, 110) * 2 ** rng.permutation(10)).astype("float32")
    bent = Question((n, (8 * n**-0.625 + 0.3).astype("float32")))
    return [
        *found,
        Case("another steep law", steep, 0.0, tolerance=0.02),
        Case("a law that is bent a lot", bent, 0.0, tolerance=0.01),
    ]


def figure_cases(rng):
    """figure: the numbers behind the plots and the two answers. The same for all, so `rng` is not used."""
    call = Question()
    near = 1e-3
    return [
        Case("how far the heads of the ViT look", call, 3.0, part="distance", tolerance=near),
        Case("the CNN's layers against each other", call, 1.0, part="cka_cnn", tolerance=near),
        Case("the ViT's layers against each other", call, 1.0, part="cka_vit", tolerance=near),
        Case("the Mixer's layers against each other", call, 0.5, part="cka_mixer", tolerance=near),
        Case("the ViT's layers against the CNN's", call, 1.5, part="cka_vit_cnn", tolerance=near),
        Case("answer 1", call, 1.5, part="answer_1", tolerance=5e-3, sealed=True),
        Case("answer 2", call, 1.5, part="answer_2", sealed=True),
    ]


EXERCISES = (
    Exercise("mean_attention_distance", distance_cases),
    Exercise("attention_rollout", rollout_cases),
    Exercise("linear_cka", cka_cases),
    Exercise("cka_matrix", matrix_cases),
    Exercise("cue_conflict", conflict_cases),
    Exercise("shape_bias", bias_cases),
    Exercise("fit_power_law", law_cases),
    Exercise("figure", figure_cases),
)
