"""What lesson 02's exercises are asked: one generator of cases for each, from a NumPy generator.

Images, heads, width of a head and numbers of tokens are distinct primes, so that no swapped axis fits.
Cases of weight 0 are not graded: they only help to tell mistakes apart.
"""

from __future__ import annotations

import numpy as np

from autograder.records import Case, Exercise, Question
from solutions.inputs import FUSED_ATTENTION, normal, random_mask, sizes

HARDLY_ANY = 1e-9
NEARLY_ALL = 1 - HARDLY_ANY  # 1 as a float32, so that nothing survives this rate, and 1/(1 - rate) is finite


def head_sizes(rng):
    """(B, h, E, Tq, Tk), all distinct primes."""
    return [int(size) for size in (*rng.permutation([2, 3, 5]), *rng.permutation([7, 11]))]


def split_cases(rng):
    """split_heads: numbers that say where they come from, then random ones."""
    b, h, e, t, _ = head_sizes(rng)
    told = (10 * np.arange(4)[:, None] + np.arange(6))[None].astype("float32")
    x = normal(rng, b, t, h * e)
    return [
        Case("2 heads; 31 is feature 1 of token 3", Question((told, 2)), 2.0),
        Case("a batch", Question((x, h)), 3.0),
        Case("the same tokens, other heads", Question((x, e)), 2.0),
        Case("num_heads by name", Question((normal(rng, e, t, h * b),), {"num_heads": b}), 2.0),
        Case("heads of width 1", Question((x, h * e)), 1.0),
        Case("h times as many tokens", Question((normal(rng, b, h * t, h * e), h)), 0.0),
    ]


def merge_cases(rng):
    """merge_heads: numbers that say where they come from, then random ones."""
    b, h, e, t, _ = head_sizes(rng)
    told = 100 * np.arange(2)[:, None, None] + 10 * np.arange(4)[:, None] + np.arange(3)
    tokens = np.arange(t * h * e, dtype="float32").reshape(1, t, h, e).swapaxes(1, 2)
    return [
        Case("2 heads; 132 is feature 2 of token 3 in head 1", Question((told[None].astype("float32"),)), 2.0),
        Case("a batch", Question((normal(rng, b, h, t, e),)), 3.0),
        Case("0, 1, 2, ... after split_heads come back in order", Question((tokens,)), 2.0),
        Case("other sizes, by name", Question((), {"x": normal(rng, h, e, t, b)}), 2.0),
        Case("heads of width 1", Question((normal(rng, b, h * e, t, 1),)), 1.0),
    ]


def layer_cases(rng):
    """MultiHeadAttention: every weight overwritten; self and cross, masks of all ranks, dropout asleep and awake."""
    b, h, e, tq, tk = head_sizes(rng)
    x, y = normal(rng, b, tq, h * e), normal(rng, b, tk, h * e)
    init = {"dim": h * e, "num_heads": h}
    weights = layer_weights(rng, h * e)
    kernels = {path: array for path, array in weights.items() if path.endswith("kernel")}
    shared, padding = random_mask(rng, tq, tk), random_mask(rng, b, 1, 1, tk)
    each_image, each_head = random_mask(rng, b, 1, tq, tk), random_mask(rng, b, h, tq, tk)
    drops, spares = {**init, "dropout": NEARLY_ALL}, {**init, "dropout": HARDLY_ANY}
    unbiased = {"init": {**init, "use_bias": False}, "weights": kernels}

    def ask(*args, init=init, weights=weights, training=False, **kwargs):
        return Question(args, {**kwargs, "training": training}, init, weights)

    itself = ask(x, return_weights=True)
    across = ask(x, key_value=y, return_weights=True)
    awake = ask(x, y, init=drops, training=True, return_weights=True)
    half = {"init": {**init, "dropout": 0.5}, "weights": cancelling(weights, h), "training": True}
    equal = normal(rng, b, tq, h * e)
    return [
        Case("tokens that ask themselves: output", ask(x), 3.0),
        Case("tokens that ask themselves: weights of each head", itself, 2.0, part=1),
        Case("tokens that ask others: output", ask(x, y), 3.0),
        Case("tokens that ask others: weights of each head", across, 2.0, part=1),
        Case("without biases", ask(x, y, **unbiased), 2.0),
        Case("padding (B, 1, 1, Tk) of True and False", ask(x, y, mask=padding), 1.5),
        Case("one mask (Tq, Tk) of whole numbers for all", ask(x, y, shared.astype("int32")), 1.5),
        Case("a mask (B, 1, Tq, Tk) of floats", ask(x, y, mask=each_image.astype("float32")), 1.5),
        Case("a mask (B, h, Tq, Tk), one for each head", ask(x, y, mask=each_head), 1.0),
        Case("a dropout rate does nothing with training=False", ask(x, y, init=drops), 1.0),
        Case("a dropout rate does nothing where training is left out", Question((x,), {}, drops, weights), 0.5),
        Case("training=True, a rate of almost 1: output is the bias of wo", awake, 1.0, part=0),
        Case("the weights are those before dropout", awake, 1.0, part=1),
        Case("training=True, a rate of 1/2: a key is dropped as a whole", ask(x, y, **half), 1.0, chance=True),
        Case("training=True, a rate of almost 0: nothing changes", ask(x, y, init=spares, training=True), 0.5),
        Case("training=True, a rate of 1/2, nobody else", ask(x, **half), 0.0, chance=True),
        Case("training=True, nobody else", ask(x, init=drops, training=True, return_weights=True), 0.0),
        Case("nobody else, without biases", ask(x, **unbiased), 0.0),
        Case("as many others as queries", ask(x, equal), 0.0),
        Case("as many others, masked", ask(x, equal, mask=random_mask(rng, tq, tq)), 0.0),
    ]


def layer_weights(rng, dim):
    """Random arrays for all weights of a MultiHeadAttention, by attribute path; scores come out near 1."""
    names = ("wq", "wk", "wv", "wo")
    kernels = {f"{name}.kernel": normal(rng, dim, dim) / np.float32(dim**0.5) for name in names}
    return kernels | {f"{name}.bias": normal(rng, dim) / 2 for name in names}


def cancelling(weights, num_heads):
    """The weights changed so that a head's features are equal, and cancel in wo: only the bias of wo is left.

    It stays so whichever attention weights are dropped, and no longer when single features are.
    """

    def of_heads(array):
        return np.stack(np.split(array, num_heads, axis=-1))

    def equal(array):
        return np.repeat(of_heads(array)[..., :1], array.shape[-1] // num_heads, axis=-1)

    changed = {path: np.concatenate(equal(weights[path]), axis=-1) for path in ("wv.kernel", "wv.bias")}
    rows = of_heads(weights["wo.kernel"].T)
    centred = np.concatenate(rows - rows.mean(axis=-1, keepdims=True), axis=-1).T
    return weights | changed | {"wo.kernel": np.ascontiguousarray(centred)}


def gap_cases(rng):
    """permutation_gap: layers that mix by place, and one that does not."""
    b, n, d, out = sizes(rng, 4)
    x, other = normal(rng, b, n, d), normal(rng, b, n, d)
    perm, order = cycle(rng, n), cycle(rng, n)
    first, second, square = (mixer(rng, n, d, width) for width in (out, out, d))
    even = {**first, "mix": np.full((n, n), 0.3, "float32") + 0.7 * np.eye(n, dtype="float32")}
    names = {"layer": downwards(square, x, order), "x": x, "perm": order}
    return [
        Case("a layer that mixes by place, another width", Question((downwards(first, x, perm), x, perm)), 3.0),
        Case("the largest gap is in the last image", Question((second, *last(second, other, perm))), 2.0),
        Case("a layer that keeps the width, by name", Question((), names), 2.0),
        Case("a layer that treats all places alike has no gap", Question((even, x, perm)), 0.0),
        Case("the same tokens, another order", Question((square, x, cycle(rng, n))), 0.0),
        Case("as many tokens as features", Question(square_case(rng, n)), 0.0),
    ]


def cycle(rng, n):
    """A permutation that moves every place, and that is not its own inverse: one cycle of n >= 3 places."""
    order = rng.permutation(n)
    perm = np.empty(n, "int32")
    perm[order] = np.roll(order, 1)
    return perm


def mixer(rng, n, d, out):
    """A layer (B, N, D) -> (B, N, D') that mixes tokens by their places, as data (see vitlab.parts)."""
    mix = normal(rng, n, n) / np.float32(n**0.5)
    return {"$part": "mixer", "mix": mix, "kernel": normal(rng, d, out) / np.float32(2 * d**0.5)}


def differences(layer, x, perm):
    """layer(P x) - P layer(x) of a mixer, (B, N, D')."""
    before, after = (np.tanh(layer["mix"] @ (tokens @ layer["kernel"])) for tokens in (x[:, perm], x))
    return before - after[:, perm]


def downwards(layer, x, perm):
    """The layer, with all its outputs negated if need be, so that its largest difference is a negative one."""
    found = differences(layer, x, perm)
    return layer if found.max() < -found.min() else {**layer, "kernel": -layer["kernel"]}


def last(layer, x, perm):
    """x and perm, the images in an order in which the largest difference comes last."""
    order = np.argsort(np.abs(differences(layer, x, perm)).max((1, 2)))
    return x[order], perm


def square_case(rng, n):
    """Layer, tokens and perm with N = D = D'."""
    return mixer(rng, n, n, n), normal(rng, 2, n, n), cycle(rng, n)


def cost_cases(rng):
    """attention_cost: Swin's number, the lecture's pixels, and sizes drawn anew."""
    h, e, more, n = sizes(rng, 4)
    n, d = 10 * n + 1, h * e * more
    drawn, others = Question((n, d, h)), Question((n, d, more))
    return [
        Case("weights and biases", drawn, 2.0, part="params"),
        Case("numbers in all score matrices", drawn, 2.0, part="score_entries"),
        Case("multiply-adds", drawn, 2.0, part="flops"),
        Case("the same with other heads", others, 1.5),
        Case("Swin's 2,003,828,736 multiply-adds", Question((56 * 56, 96, 3)), 1.0, part="flops"),
        Case("every pixel of 224 by 224 a token, by name", Question((), PIXELS), 1.5),
    ]


PIXELS = {"num_tokens": 224 * 224, "dim": 768, "num_heads": 12}


def figure_cases(rng):
    """figure: the numbers behind the plot and the two answers. The same for all, so `rng` is not used."""
    call = Question()
    return [
        Case("bytes of a score matrix, every pixel a token", call, 1.0, part="pixel_bytes"),
        Case("bytes of a score matrix, every patch a token", call, 1.0, part="patch_bytes"),
        Case("slopes of the two lines", call, 1.0, part="slopes", tolerance=1e-3),
        Case("answer 1", call, 1.0, part="answer_1", tolerance=1e-4, sealed=True),
        Case("answer 2", call, 1.0, part="answer_2", sealed=True),
    ]


EXERCISES = (
    Exercise("split_heads", split_cases),
    Exercise("merge_heads", merge_cases),
    Exercise("MultiHeadAttention", layer_cases, FUSED_ATTENTION),
    Exercise("permutation_gap", gap_cases),
    Exercise("attention_cost", cost_cases),
    Exercise("figure", figure_cases),
)
