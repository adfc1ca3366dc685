"""What lesson 01's exercises are asked: one generator of cases for each, from a NumPy generator.

Dimensions are distinct primes in an order drawn anew, so that no swapped axis fits and no shape is known in advance.
Cases of weight 0 are not graded: they only help to tell mistakes apart (a wrong variant may run only where Tk = d).
"""

from __future__ import annotations

import numpy as np

from autograder.records import Case, Exercise, Question
from solutions.inputs import FUSED_ATTENTION, normal, random_mask, sizes

SOFTMAX = (
    "keras.ops.softmax",
    "keras.ops.log_softmax",
    "keras.ops.nn.softmax",
    "keras.ops.nn.log_softmax",
    "keras.src.ops.nn.softmax",
    "keras.src.ops.nn.log_softmax",
    "keras.activations.softmax",
    "keras.activations.log_softmax",
    "keras.layers.Softmax",
    "tensorflow.raw_ops.Softmax",
    "tensorflow.raw_ops.LogSoftmax",
    "tensorflow.compat.v2.nn.softmax",
    "tensorflow.nn.softmax",
    "tensorflow.nn.log_softmax",
    "tensorflow.math.softmax",
    "tensorflow.math.log_softmax",
    "jax.nn.softmax",
    "jax.nn.log_softmax",
    "torch.softmax",
    "torch.nn.functional.softmax",
    "scipy.special.softmax",
    "scipy.special.log_softmax",
)


def score_cases(rng):
    """attention_scores: the lecture's numbers, other shapes, a scale of the caller's."""
    tq, tk, d = sizes(rng, 3)
    q, k = normal(rng, 2, tq, d), normal(rng, 2, tk, d)
    scale = float(np.float32(rng.uniform(1.5, 2.5)))
    heads = normal(rng, 2, 3, tq, d), normal(rng, 2, 3, tk, d)
    square = [(normal(rng, 2, tq, n), normal(rng, 2, n, n)) for n in (tk, d)]
    return [
        Case("the lecture's 112 and 96 become 14 and 12", Question(lecture_vectors()), 1.0),
        Case("another number of keys than of queries, in a batch of two", Question((q, k)), 3.0),
        Case("no batch axis: one table of queries, one of keys", Question((q[0], k[0])), 1.0),
        Case("two leading axes, batch and heads", Question(heads), 1.5),
        Case("a scale of the caller's, by name", Question((q, k), {"scale": scale}), 1.5),
        Case("a negative scale of the caller's, by position", Question((q[1], k[1], -scale)), 1.0),
        Case("a scale of 0 gives scores of 0", Question((q, k), {"scale": 0.0}), 0.5),
        Case("a scale of 0, no batch", Question((q[0], k[0]), {"scale": 0.0}), 0.0),
        *[Case(f"as many keys as numbers in a key, {i}", Question(pair), 0.0) for i, pair in enumerate(square)],
    ]


def lecture_vectors():
    """One query, two keys of width 64 with dot products 112 and 96."""
    q, k = np.zeros((1, 64), "float32"), np.zeros((2, 64), "float32")
    q[0, 0], k[0, 0], k[1, 0] = 1.0, 112.0, 96.0
    return q, k


def softmax_cases(rng):
    """softmax_rows: the lecture's numbers, other axes, large scores."""
    m, n, p = sizes(rng, 3)
    scores = normal(rng, m, n, p)
    rows = scores[0] * 2
    spread = rows + np.linspace(-300, 300, n, dtype="float32")[:, None]
    lecture = np.array([[14.0, 12.0]], "float32")
    return [
        Case("14 and 12 become 0.88 and 0.12", Question((lecture,)), 1.0),
        Case("each row of a table sums to 1", Question((rows,)), 2.0),
        Case("three axes, along the last", Question((scores,)), 2.0),
        Case("along the first axis, by name", Question((scores,), {"axis": 0}), 1.5),
        Case("along the second axis, by position", Question((scores, 1)), 1.5),
        Case("along axis -2", Question((scores, -2)), 1.0),
        # exp(s - logsumexp(s)) is right too, to half a float32 step of s: 0.0005 at 10,000
        Case("adding 10,000 to all scores changes nothing", Question((rows + 10_000,)), 1.5, tolerance=2e-3),
        Case("rows of very different size side by side", Question((spread,)), 1.0, tolerance=1e-4),
        Case("large and small scores in one row", Question((100 * rows,)), 1.0, tolerance=1e-4),
        Case("large negative scores", Question((rows - 2_000,)), 0.5, tolerance=5e-4),
        Case("large scores along the first axis", Question((scores + 500, 0)), 0.0, tolerance=2e-4),
        Case("very different rows, first axis", Question((-2 * spread.T, 0)), 0.0, tolerance=1e-4),
        Case("large and small, first axis", Question((-90 * scores, 0)), 0.0, tolerance=1e-4),
        Case("a square table", Question((normal(rng, n, n),)), 0.0),
        Case("another square table", Question((normal(rng, p, p),)), 0.0),
        Case("one axis only", Question((scores[0, 0],)), 0.0),
    ]


def mask_cases(rng):
    """masked_scores: masks of all types, and masks that broadcast."""
    tq, tk, heads = sizes(rng, 3)
    scores = normal(rng, 2, tq, tk)
    mask, shared = random_mask(rng, 2, tq, tk), random_mask(rng, tq, tk)
    padding = random_mask(rng, 2, 1, 1, tk)
    everything = np.ones((tq, tk), bool)
    np.put_along_axis(scores, mask.argmax(-1, keepdims=True), 0.0, axis=-1)  # an allowed score of exactly 0
    four = normal(rng, 2, heads, tq, tk)

    def case(name, scores, mask, weight):
        return Case(name, Question((scores, mask)), weight, floor=-1e8)

    return [
        case("a mask of True and False", scores, mask, 2.0),
        case("a mask of whole numbers 1 and 0", scores, mask.astype("int32"), 1.5),
        case("a mask of floats 1.0 and 0.0", 3 * scores, mask.astype("float32"), 1.5),
        case("one mask shared by the batch", scores, shared, 2.0),
        case("padding (B, 1, 1, Tk), shared by heads and queries", four, padding, 1.5),
        Case("nothing forbidden, as bool", Question((scores, everything)), 0.0, floor=-1e8),
        case("large scores", 100 * scores[0], shared, 0.5),
    ]


def attention_cases(rng):
    """scaled_dot_product_attention: output and weights, with and without masks."""
    tq, tk, d, dv = sizes(rng, 4)
    plain = vectors(rng, (2,), tq, tk, d, dv)
    mask, shared = random_mask(rng, 2, tq, tk), random_mask(rng, tq, tk)
    first = Question(plain)
    masked = Question(vectors(rng, (2,), tq, tk, d, dv), {"mask": mask})
    heads = Question((*vectors(rng, (2, 3), tq, tk, d, dv), shared.astype("int32")))
    table = Question(vectors(rng, (), tq, tk, d, dv), {"mask": shared.astype("float32")})
    square = [Question(vectors(rng, (2,), tq, n, n, n)) for n in (d, tk)]
    q, k, v = vectors(rng, (2,), tq, tk, d, d)
    return [
        Case("weights without a mask", first, 3.0, part=1),
        Case("output without a mask", first, 3.0, part=0),
        Case("weights under a mask", masked, 2.0, part=1),
        Case("output under a mask", masked, 2.0, part=0),
        Case("batch and heads, one mask of 1 and 0 for all", heads, 2.0),
        Case("no batch axis, a mask of floats", table, 1.5),
        Case("the lecture's 0.88 v1 + 0.12 v2", Question(lecture_attention()), 1.0),
        Case("values as wide as keys", Question((q, k, v)), 0.0),
        *[Case(f"as many keys as numbers in a key, {i}", question, 0.0) for i, question in enumerate(square)],
        Case("as many queries as keys", Question(vectors(rng, (2,), tk, tk, d, dv)), 0.0),
        Case("as many queries as keys, no batch", Question(vectors(rng, (), tq, tq, d, dv)), 0.0),
    ]


def vectors(rng, lead, tq, tk, d, dv):
    """Queries, keys and values with the leading axes `lead`."""
    return normal(rng, *lead, tq, d), normal(rng, *lead, tk, d), normal(rng, *lead, tk, dv)


def lecture_attention():
    """The worked example with values of width 3."""
    q, k = lecture_vectors()
    return q, k, np.array([[1.0, 0.0, 4.0], [0.0, 1.0, -2.0]], "float32")


def layer_cases(rng):
    """SelfAttention: every weight overwritten, with and without bias and mask."""
    n, width, dim = sizes(rng, 3)
    x = normal(rng, 2, n, width)
    shared, own = random_mask(rng, n, n), random_mask(rng, 2, n, n)

    def ask(init, weights, **kwargs):
        return Question((x,), kwargs, init, weights)

    kernels = layer_weights(rng, width, dim, bias=False)
    both = layer_weights(rng, width, dim, bias=True)
    same = layer_weights(rng, width, width, bias=False)
    return [
        Case("output with given weights", ask({"dim": dim}, kernels), 3.0),
        Case("output and weights", ask({"dim": dim}, kernels, return_weights=True), 3.0),
        Case("with biases", ask({"dim": dim, "use_bias": True}, both, return_weights=True), 2.0),
        Case("one mask (N, N) for the batch", ask({"dim": dim}, kernels, mask=shared), 2.0),
        Case(
            "a mask (B, N, N) of 1 and 0, with biases",
            ask({"dim": dim, "use_bias": True}, both, mask=own.astype("int32"), return_weights=True),
            2.0,
        ),
        Case("as wide as its tokens", ask({"dim": width}, same, return_weights=True), 0.0),
        Case("as wide as its tokens, masked", ask({"dim": width}, same, mask=shared), 0.0),
    ]


def layer_weights(rng, width, dim, bias):
    """Random arrays for all weights of a SelfAttention layer, by attribute path."""
    weights = {f"{name}.kernel": normal(rng, width, dim) * 0.6 for name in ("wq", "wk", "wv")}
    if bias:
        weights |= {f"{name}.bias": normal(rng, dim) for name in ("wq", "wk", "wv")}
    return weights


def figure_cases(rng):
    """figure: the numbers behind the plots and the two answers. The same for all, so `rng` is not used."""
    call = Question()
    return [
        Case("the lecture's weights with and without the scale", call, 2.0, part="worked_weights", tolerance=1e-4),
        Case("entropy of the weights with the scale", call, 1.5, part="entropy_scaled", tolerance=1e-3),
        Case("entropy of the weights without the scale", call, 1.5, part="entropy_unscaled", tolerance=1e-3),
        Case("the letters that attention copies", call, 1.0, part="retrieved"),
        Case("answer 1", call, 2.0, part="answer_1", tolerance=1e-2, sealed=True),
        Case("answer 2", call, 2.0, part="answer_2", sealed=True),
    ]


EXERCISES = (
    Exercise("attention_scores", score_cases),
    Exercise("softmax_rows", softmax_cases, SOFTMAX),
    Exercise("masked_scores", mask_cases),
    Exercise("scaled_dot_product_attention", attention_cases, FUSED_ATTENTION),
    Exercise("SelfAttention", layer_cases),
    Exercise("figure", figure_cases),
)
