"""What lesson 10's exercises are asked: one generator of cases for each, from a NumPy generator.

Every weight is overwritten with random numbers: a fresh gamma of 0.00001 hides half of all mistakes. Where the point is
how a weight starts, None leaves it as it was made. Tokens, channels and hidden widths differ from each other, but for
one case. Cases of weight 0 are not graded: they only help to tell mistakes apart.
"""

from __future__ import annotations

import numpy as np

from autograder.records import Case, Exercise, Question
from solutions.inputs import normal, sizes

SCALING = ("keras.src.applications.convnext.LayerScale",)
CLEAR = 0.02
"""No number that is rounded lies nearer to a half."""


def norm_weights(rng, dim, name):
    """gamma and beta of a norm, by path."""
    return {f"{name}.gamma": 1 + normal(rng, dim) / 2, f"{name}.beta": normal(rng, dim) / 2}


def mlp_weights(rng, dim, hidden, name):
    """The four weights of two Dense in a row, dim -> hidden -> dim, by path."""
    first, second = normal(rng, dim, hidden) / np.float32(dim**0.5), normal(rng, hidden, dim) / np.float32(hidden**0.5)
    arrays = first, normal(rng, hidden), second, normal(rng, dim)
    return {f"{name}.weights.{i}": array for i, array in enumerate(arrays)}


def both_signs(rng, dim):
    """A gamma: numbers near 1 and near -1, none of them alike; at least one of each sign."""
    signs = np.where(np.arange(dim) % 2 == 0, 1, -1)
    return (rng.permutation(signs) * rng.uniform(0.5, 1.5, dim)).astype("float32")


def silent(weights, *beginnings):
    """The same weights, those whose path begins like this all zero."""
    return {path: 0 * array if path.startswith(beginnings) else array for path, array in weights.items()}


def mixer_weights(rng, num_tokens, dim, token_mlp_dim, channel_mlp_dim, epsilon=None):
    """All twelve weights of a MixerBlock, by path."""
    return {
        **norm_weights(rng, dim, "norm1"),
        **norm_weights(rng, dim, "norm2"),
        **mlp_weights(rng, num_tokens, token_mlp_dim, "token_mlp"),
        **mlp_weights(rng, dim, channel_mlp_dim, "channel_mlp"),
    }


def mixer_cases(rng):
    """MixerBlock: sizes that all differ, as many tokens as channels, epsilons, and each of the two MLPs alone."""
    n, d, s, c = sizes(rng, 4)
    init = {"num_tokens": n, "dim": d, "token_mlp_dim": s, "channel_mlp_dim": c}
    other = {"num_tokens": d, "dim": n, "token_mlp_dim": c + 14, "channel_mlp_dim": s + 1}
    square, wide = {**init, "num_tokens": d}, {**init, "num_tokens": d, "token_mlp_dim": c, "channel_mlp_dim": s}
    own, x = mixer_weights(rng, **init), normal(rng, 2, n, d)

    def ask(x, init=init, weights=own):
        return Question((x,), {}, init, weights)

    def sized(init, images=2):
        return ask(normal(rng, images, init["num_tokens"], init["dim"]), init, mixer_weights(rng, **init))

    return [
        Case("tokens, channels and both hidden widths differ", ask(x), 6.0),
        Case("sizes of another kind, three images", sized(other, 3), 4.0),
        Case("as many tokens as channels", sized(square), 4.0),
        Case("a single image", sized({**init, "dim": d + 1}, 1), 2.0),
        Case("channel_mlp is silent: tokens are mixed", ask(x, weights=silent(own, "channel_mlp")), 2.5),
        Case("token_mlp is silent: channels are mixed", ask(x, weights=silent(own, "token_mlp")), 2.5),
        Case("a large epsilon of 0.5", ask(x, {**init, "epsilon": 0.5}), 2.0),
        Case("tiny inputs and the default epsilon", ask(x / 300), 2.0, tolerance=1e-4),
        Case("as many tokens as channels, other widths", sized(wide), 0.0),
        Case("large inputs", ask(3 * x), 0.0),
        Case("tiny inputs and a large epsilon", ask(x / 300, {**init, "epsilon": 0.01}), 0.0),
    ]


def scale_cases(rng):
    """LayerScale: two, three and four axes, and what gamma is at first."""
    b, t, d, more = sizes(rng, 4)
    gamma, start = both_signs(rng, d), round(float(rng.uniform(0.2, 0.6)), 2)
    x = normal(rng, b, t, d)

    def ask(x, gamma=gamma, **init):
        return Question((x,), {}, init, {"gamma": gamma})

    first = "tokens (B, T, D)"
    return [
        Case(first, ask(x), 3.0),
        Case("one vector for each image, (B, D)", ask(normal(rng, b, d)), 1.0),
        Case("four axes, (B, h, T, D)", ask(normal(rng, 2, more, t, d)), 1.0),
        Case("an init_value that nobody looks at any more", ask(x, both_signs(rng, d), init_value=start), 1.0),
        Case("fresh, with an init_value of its own", ask(x, None, init_value=start), 1.0, together=first),
        Case("fresh, with the default: a large input", ask(100_000 * x, None), 1.0, together=first),
        Case("as many tokens as features", ask(normal(rng, b, d, d)), 0.0),
        Case("another init_value that nobody looks at", ask(2 * x, both_signs(rng, d), init_value=start + 1), 0.0),
        Case("fresh, with another init_value", ask(x, None, init_value=start + 1), 0.0),
        Case("a single feature", ask(normal(rng, b, t, 1), both_signs(rng, 1)), 0.0),
    ]


def attention_weights(rng, dim, heads):
    """All weights of a MultiHeadAttention in the order of Keras: query, key, value, output, kernel and bias each."""
    width, scale = dim // heads, np.float32(dim**0.5)
    shapes = [*[(dim, heads, width), (heads, width)] * 3, (heads, width, dim), (dim,)]
    return {f"attn.weights.{i}": normal(rng, *shape) / (2 if i % 2 else scale) for i, shape in enumerate(shapes)}


def class_weights(rng, dim, num_heads, mlp_dim, **options):
    """All 18 weights of a ClassAttentionBlock, by path."""
    return {
        **norm_weights(rng, dim, "norm1"),
        **norm_weights(rng, dim, "norm2"),
        **attention_weights(rng, dim, num_heads),
        **mlp_weights(rng, dim, mlp_dim, "mlp"),
        "scale1.gamma": both_signs(rng, dim),
        "scale2.gamma": both_signs(rng, dim),
    }


def class_cases(rng):
    """ClassAttentionBlock: several numbers of patches and heads, silent parts, epsilons, and fresh gammas."""
    b, (n, hidden) = 2, sizes(rng, 2)
    heads, width = (2, 5) if rng.random() < 0.5 else (3, 4)
    init = {"dim": heads * width, "num_heads": heads, "mlp_dim": hidden}
    turned = {**init, "num_heads": width, "mlp_dim": hidden + 6}
    own, start = class_weights(rng, **init), round(float(rng.uniform(0.3, 0.6)), 2)
    cls, patches = normal(rng, b, 1, init["dim"]), normal(rng, b, n, init["dim"])
    fresh = {path: None if path.startswith("scale") else array for path, array in own.items()}

    def ask(cls=cls, patches=patches, init=init, weights=own):
        return Question((cls, patches), {}, init, weights)

    one, many = ask(cls[:1], normal(rng, 1, 1, init["dim"])), normal(rng, 3, n + 4, init["dim"])
    first = "the new CLS"
    return [
        Case(first, ask(), 5.0),
        Case("more patches and another number of heads", several(rng, many, turned), 4.0),
        Case("a single image with a single patch", one, 2.0),
        Case("attention is silent", ask(weights=silent(own, "attn.weights.6", "attn.weights.7")), 2.0),
        Case("the MLP is silent", ask(weights=silent(own, "mlp.weights.2", "mlp.weights.3")), 2.0),
        Case("both gammas are 0: CLS stays", ask(weights=silent(own, "scale")), 1.0, together=first),
        Case("a large epsilon of 0.5", ask(init={**init, "epsilon": 0.5}), 1.5),
        Case("tiny inputs and the default epsilon", ask(cls / 300, patches / 300), 1.0, tolerance=1e-4),
        Case("fresh gammas, with their own init_value", ask(init={**init, "init_value": start}, weights=fresh), 1.0,
             together=first),
        Case("fresh gammas, with the default", ask(cls / 1000, patches / 1000, weights=fresh), 0.5, together=first,
             tolerance=1e-6),
        Case("fresh gammas, with another init_value", ask(init={**init, "init_value": start + 1}, weights=fresh), 0.0),
        Case("tiny inputs and a large epsilon", ask(cls / 300, patches / 300, {**init, "epsilon": 0.01}), 0.0),
    ]  # fmt: skip


def several(rng, patches, init):
    """A question about as many images as patches has, of a block with these arguments."""
    return Question((normal(rng, len(patches), 1, init["dim"]), patches), {}, init, class_weights(rng, **init))


def kernels(rng, *shape):
    """A kernel whose filters differ in size and in mean; no mean is more than three times the spread."""
    spread = rng.permutation(np.geomspace(0.3, 3, shape[-1]))
    return ((normal(rng, *shape) + rng.uniform(-1, 1, shape[-1])) * spread).astype("float32")


def with_sum_of_squares(kernel, filters, target):
    """A copy of a kernel in which these filters have this sum of squared deviations."""
    found = kernel.astype("float64")
    for i in filters:
        centred = found[..., i] - found[..., i].mean()
        found[..., i] = found[..., i] * np.sqrt(target / np.sum(centred**2))
    return found.astype("float32")


def standard_cases(rng):
    """scaled_weight_standardization: gains, sizes, filters below the floor and constant ones, 1 x 1 kernels."""
    kh, kw, cin, cout = (int(side) for side in rng.permutation([3, 4, 5, 7]))
    kernel = kernels(rng, kh, kw, cin, cout)
    gain = round(float(rng.uniform(1.3, 1.9)), 3)
    gains = {"$part": "arrays", "value": rng.uniform(0.5, 2.0, cout).astype("float32")}
    small = kernels(rng, kw, kh, cin, cout)
    faint = with_sum_of_squares(small, [0, 2], 3e-5)
    flat = kernel.copy()
    flat[..., 1] = 0.5
    ask = lambda *args: Question(args)  # noqa: E731
    return [
        Case("one gain for all filters", ask(kernel, gain), 3.0),
        Case("a gain for each filter", ask(kernels(rng, kh, kw, cin + 1, cout), gains), 2.0),
        Case("two filters below the floor", ask(faint, 1.0), 2.0),
        Case("filters just above the floor", ask(with_sum_of_squares(small, range(cout), 2e-4), gain), 1.0),
        Case("a floor of 0.5, by name", Question((), {"kernel": with_sum_of_squares(small, [1], 0.2), "gain": gain,
             "epsilon": 0.5}), 1.5),
        Case("a filter that is all the same number", ask(flat, gains), 1.0, together="one gain for all filters"),
        Case("a kernel of side 1", ask(kernels(rng, 1, 1, cin + 6, cout), gain), 1.0),
        Case("a single filter", ask(kernels(rng, kw, kh, cin, 1), 1.0), 0.5),
        Case("all axes of one length", ask(kernels(rng, 3, 3, 3, 3), np.float32([1, 0.5, 2])), 0.0),
        Case("a gain of 1", ask(kernels(rng, kh, kw, cin, cout + 1), 1.0), 0.0),
        Case("another floor", ask(with_sum_of_squares(small, [0, 2], 0.01), gain, 0.03), 0.0),
        Case("all filters below the floor", ask(with_sum_of_squares(small, range(cout), 2e-5), gain), 0.0),
    ]  # fmt: skip


def is_clear(w0, wa, wm, depth, q):
    """Whether no number that the rule rounds comes near a half."""
    line = w0 + wa * np.arange(depth)
    steps = np.log(line / w0) / np.log(wm)
    return all(np.abs(part % 1 - 0.5).min() > CLEAR for part in (steps, w0 * wm ** np.rint(steps) / q))


def some_regnet(rng, q, fewest=9, most=19):
    """(w0, wa, wm, depth, q) of a network with at least three stages, in which nothing comes near a half.

    Whoever rounds from step to step finds another last width.
    """
    while True:
        w0, depth = q * int(rng.integers(2, 8)), int(rng.integers(fewest, most))
        wa, wm = round(float(rng.uniform(1.5, 4.0)) * w0 / depth * 3, 2), round(float(rng.uniform(1.7, 2.9)), 2)
        steps = int(np.rint(np.log((w0 + wa * (depth - 1)) / w0) / np.log(wm)))
        once, step_by_step = q * round(w0 * wm**steps / q), w0
        for _ in range(steps):
            step_by_step = q * round(step_by_step * wm / q)
        if steps >= 2 and once != step_by_step and is_clear(w0, wa, wm, depth, q):
            return w0, wa, wm, depth, q


def width_cases(rng):
    """regnet_widths: a network of the paper, drawn ones, other units, one block, no slope. Compared exactly."""
    drawn, other, third, more = (some_regnet(rng, q) for q in (8, 16, int(rng.choice([6, 10, 12])), 8))
    named = dict(zip(("w0", "wa", "wm", "depth", "q"), third, strict=True))
    flat = (drawn[0], 0, 2.5, 5)

    def exactly(name, question, weight, **options):
        return Case(name, question, weight, tolerance=1e-9, **options)

    return [
        exactly("RegNetX-200MF", Question((24, 36.44, 2.49, 13)), 1.0),
        exactly("a network that nobody has published", Question(drawn[:4]), 3.0),
        exactly("widths in units of 16", Question(other), 2.0),
        exactly("another unit, by name", Question((), named), 2.0),
        exactly("a single block", Question((drawn[0], drawn[1], drawn[2], 1)), 0.5, together="RegNetX-200MF"),
        exactly("no slope: all blocks alike", Question(flat), 0.5, together="RegNetX-200MF"),
        exactly("another one, deeper", Question(some_regnet(rng, 8, 20, 30)[:4]), 1.0),
        exactly("and another", Question(more[:4]), 0.0),
        exactly("in units of 1", Question(some_regnet(rng, 1)), 0.0),
    ]


NAMES = ("AlphaNet", "Beta-50", "Gamma-101", "Delta-S", "Epsilon-B4", "Zeta-Ti", "Eta-L/16", "Theta", "Iota-2GF")


def some_table(rng, rows, without=(), decimals=1):
    """A table in the form of the slide, of models that do not exist; those in `without` have no org.

    The recipe helps about half of the models.
    """
    names = [str(name) for name in rng.permutation(NAMES)[:rows]]
    a1 = rng.uniform(70, 85, rows)
    gains = rng.permutation(np.where(np.arange(rows) % 2 == 0, 1, -1)) * rng.uniform(0.5, 4, rows)
    columns = a1, a1 - rng.uniform(-1.5, 2, rows), a1 - rng.uniform(1, 6, rows), a1 - gains
    accuracies = [[round(float(number), decimals) for number in row] for row in zip(*columns, strict=True)]
    return [
        [name, *row[:3], None if i in without else row[3]]
        for i, (name, row) in enumerate(zip(names, accuracies, strict=True))
    ]


def table_with_repeats(rng, rows):
    """A table against the rules, to tell mistakes apart: two of its models come twice.

    The first one comes again with a gain of 0, the last one without an original. Whoever leaves out too much, or too
    little, has another number for them.
    """
    table = some_table(rng, rows)
    first, last = table[0], table[-1]
    return [*table, [*first[:4], first[1]], [*last[:4], None]]


def gain_cases(rng):
    """recipe_gain: tables of one and two decimals, with and without models that have no original."""
    whole, fine = some_table(rng, 5), some_table(rng, 6, (), 2)
    holes = some_table(rng, 9, (0, 4, 5))
    worse = [[name, a1, a2, a3, round(a1 + 1.7, 1)] for name, a1, a2, a3, _ in some_table(rng, 3)]
    alike = [[name, a1, a2, a3, a1] for name, a1, a2, a3, _ in some_table(rng, 2)]
    close = {"tolerance": 1e-6}
    asked, missing = Question((holes,)), "models without an original: those that have one"
    return [
        Case("a table of five models", Question((whole,)), 3.0, **close),
        Case("numbers with two decimals", Question((fine,)), 2.0, **close),
        Case(missing, asked, 2.0, **close),
        Case("models without an original are left out", asked, 0.5, part=holes[0][0], together=missing, **close),
        Case("the last of them, too", asked, 0.5, part=holes[5][0], together=missing, **close),
        Case("a recipe that makes all of them worse", Question((worse,)), 1.0, **close),
        Case("no gain and no loss", Question((alike,)), 0.5, together="a table of five models", **close),
        Case("a single model, by name", Question((), {"table": some_table(rng, 1, (), 2)}), 0.5, **close),
        Case("eight models, two decimals", Question((some_table(rng, 8, (2,), 2),)), 0.0, **close),
        Case("two names that come twice", Question((table_with_repeats(rng, 4),)), 0.0, **close),
        Case("two other names that come twice", Question((table_with_repeats(rng, 6),)), 0.0, **close),
    ]


def figure_cases(rng):
    """figure: the numbers behind the plots and the two answers. The same for all, so `rng` is not used."""
    call = Question()
    return [
        Case("how large the tokens are after each block", call, 2.0, part="signal", tolerance=1e-3),
        Case("the gains of the lecture's table", call, 1.0, part="gains"),
        Case("what a Mixer gives and takes", call, 1.0, part="trade"),
        Case("answer 1", call, 1.0, part="answer_1", tolerance=1e-9, sealed=True),
        Case("answer 2", call, 1.0, part="answer_2", sealed=True),
    ]


EXERCISES = (
    Exercise("MixerBlock", mixer_cases),
    Exercise("LayerScale", scale_cases, SCALING),
    Exercise("ClassAttentionBlock", class_cases),
    Exercise("scaled_weight_standardization", standard_cases),
    Exercise("regnet_widths", width_cases),
    Exercise("recipe_gain", gain_cases),
    Exercise("figure", figure_cases),
)
