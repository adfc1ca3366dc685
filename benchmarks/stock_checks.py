"""The graded cells of the stock notebook: asserts against plain NumPy, as an instructor would write them by hand.

One assert for each graded case of solutions/attention/cases.py, with inputs of the same kinds from a seed. The file
runs as it stands, against the reference: .venv/bin/python benchmarks/stock_checks.py
"""

# %% imports
import warnings

import keras
import numpy as np
from keras import ops

# %% not_in_the_notebook: there the student's cells stand above
from solutions.attention.reference import (
    SelfAttention,
    attention_scores,
    figure,
    letter_memory,
    masked_scores,
    random_vectors,
    scaled_dot_product_attention,
    softmax_rows,
)

# %% helpers
warnings.simplefilter("ignore")  # Keras warns of masks, and stock nbgrader gives 0 for anything on stderr
tensor = keras.ops.convert_to_tensor


def same(expected, got, tolerance=1e-5):
    """Assert that an answer, or each part of a tuple, has the expected shape and numbers."""
    if isinstance(expected, tuple):
        assert isinstance(got, (tuple, list)), "expected a tuple"
        for one, other in zip(expected, got, strict=True):
            same(one, other, tolerance)
        return
    got = ops.convert_to_numpy(got)
    assert got.shape == np.shape(expected), f"expected shape {np.shape(expected)}, got {got.shape}"
    assert np.allclose(got, expected, rtol=tolerance, atol=tolerance), "wrong numbers"


def normal(rng, *shape):
    """Standard normal float32 numbers."""
    return rng.standard_normal(shape).astype("float32")


def half_allowed(rng, *shape):
    """A bool mask; the first key is allowed everywhere, the last one nowhere."""
    mask = rng.random(shape) < 0.5
    mask[..., 0], mask[..., -1] = True, False
    return mask


def lecture_vectors():
    """One query and two keys of width 64 with dot products 112 and 96."""
    q, k = np.zeros((1, 64), "float32"), np.zeros((2, 64), "float32")
    q[0, 0], k[0, 0], k[1, 0] = 1.0, 112.0, 96.0
    return q, k


# %% check_attention_scores
def plain_scores(q, k, scale=None):
    return q @ np.swapaxes(k, -2, -1) * (q.shape[-1] ** -0.5 if scale is None else scale)


rng = np.random.default_rng(1)
q, k = normal(rng, 2, 5, 11), normal(rng, 2, 7, 11)
heads_q, heads_k = normal(rng, 2, 3, 5, 11), normal(rng, 2, 3, 7, 11)
same(np.array([[14.0, 12.0]]), attention_scores(*map(tensor, lecture_vectors())))
same(plain_scores(q, k), attention_scores(tensor(q), tensor(k)))
same(plain_scores(q[0], k[0]), attention_scores(tensor(q[0]), tensor(k[0])))
same(plain_scores(heads_q, heads_k), attention_scores(tensor(heads_q), tensor(heads_k)))
same(plain_scores(q, k, 1.7), attention_scores(tensor(q), tensor(k), scale=1.7))
same(plain_scores(q[1], k[1], -1.7), attention_scores(tensor(q[1]), tensor(k[1]), -1.7))
same(plain_scores(q, k, 0.0), attention_scores(tensor(q), tensor(k), scale=0.0))


# %% check_softmax_rows
def plain_softmax(scores, axis=-1):
    exponentials = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return exponentials / exponentials.sum(axis=axis, keepdims=True)


rng = np.random.default_rng(2)
scores = normal(rng, 3, 7, 5)
rows = scores[0] * 2
spread = rows + np.linspace(-300, 300, 7, dtype="float32")[:, None]
same(plain_softmax(np.array([[14.0, 12.0]])), softmax_rows(tensor([[14.0, 12.0]])))
same(plain_softmax(rows), softmax_rows(tensor(rows)))
same(plain_softmax(scores), softmax_rows(tensor(scores)))
same(plain_softmax(scores, 0), softmax_rows(tensor(scores), axis=0))
same(plain_softmax(scores, 1), softmax_rows(tensor(scores), 1))
same(plain_softmax(scores, -2), softmax_rows(tensor(scores), -2))
same(plain_softmax(rows + 10_000), softmax_rows(tensor(rows + 10_000)), 2e-3)
same(plain_softmax(spread), softmax_rows(tensor(spread)), 1e-4)
same(plain_softmax(100 * rows), softmax_rows(tensor(100 * rows)), 1e-4)
same(plain_softmax(rows - 2_000), softmax_rows(tensor(rows - 2_000)), 5e-4)


# %% check_masked_scores
def plain_masked(scores, mask):
    return np.where(mask.astype(bool), scores, -1e8)


def masked(scores, mask):
    """The student's answer; all that lies at -1e8 or below is alike."""
    return np.maximum(ops.convert_to_numpy(masked_scores(tensor(scores), tensor(mask))), -1e8)


rng = np.random.default_rng(3)
scores, four = normal(rng, 2, 5, 7), normal(rng, 2, 3, 5, 7)
scores[..., 0] = 0.0  # an allowed score of exactly 0
mask, shared, padding = half_allowed(rng, 2, 5, 7), half_allowed(rng, 5, 7), half_allowed(rng, 2, 1, 1, 7)
same(plain_masked(scores, mask), masked(scores, mask))
same(plain_masked(scores, mask), masked(scores, mask.astype("int32")))
same(plain_masked(3 * scores, mask), masked(3 * scores, mask.astype("float32")))
same(plain_masked(scores, shared), masked(scores, shared))
same(plain_masked(four, padding), masked(four, padding))
same(plain_masked(100 * scores[0], shared), masked(100 * scores[0], shared))


# %% check_scaled_dot_product_attention
def plain_attention(q, k, v, mask=None):
    scores = q @ np.swapaxes(k, -2, -1) * q.shape[-1] ** -0.5
    scores = scores if mask is None else np.where(mask.astype(bool), scores, -1e9)
    exponentials = np.exp(scores - scores.max(axis=-1, keepdims=True))
    weights = exponentials / exponentials.sum(axis=-1, keepdims=True)
    return weights @ v, weights


def vectors(rng, *lead):
    """Queries, keys and values with the leading axes `lead`."""
    return normal(rng, *lead, 5, 11), normal(rng, *lead, 7, 11), normal(rng, *lead, 7, 3)


def pair(answer):
    """The two results of the student's function."""
    assert isinstance(answer, (tuple, list)), "expected a tuple (output, weights)"
    output, weights = answer
    return output, weights


rng = np.random.default_rng(4)
mask, shared = half_allowed(rng, 2, 5, 7), half_allowed(rng, 5, 7)
arrays = vectors(rng, 2)
output, weights = pair(scaled_dot_product_attention(*map(tensor, arrays)))
same(plain_attention(*arrays)[1], weights)
same(plain_attention(*arrays)[0], output)
arrays = vectors(rng, 2)
output, weights = pair(scaled_dot_product_attention(*map(tensor, arrays), mask=tensor(mask)))
same(plain_attention(*arrays, mask)[1], weights)
same(plain_attention(*arrays, mask)[0], output)
arrays = vectors(rng, 2, 3)
found = scaled_dot_product_attention(*map(tensor, arrays), tensor(shared.astype("int32")))
same(plain_attention(*arrays, shared), found)
arrays = vectors(rng)
found = scaled_dot_product_attention(*map(tensor, arrays), mask=tensor(shared.astype("float32")))
same(plain_attention(*arrays, shared), found)
arrays = (*lecture_vectors(), np.array([[1.0, 0.0, 4.0], [0.0, 1.0, -2.0]], "float32"))
same(plain_attention(*arrays), scaled_dot_product_attention(*map(tensor, arrays)))


# %% check_SelfAttention
def plain_layer(x, weights, mask=None):
    q, k, v = (x @ weights[f"{name}.kernel"] + weights.get(f"{name}.bias", 0.0) for name in ("wq", "wk", "wv"))
    scores = q @ np.swapaxes(k, -2, -1) * q.shape[-1] ** -0.5
    scores = scores if mask is None else np.where(mask.astype(bool), scores, -1e9)
    exponentials = np.exp(scores - scores.max(axis=-1, keepdims=True))
    table = exponentials / exponentials.sum(axis=-1, keepdims=True)
    return table @ v, table


def layer_answer(x, weights, use_bias=False, **kwargs):
    """What the student's layer gives once all its weights are overwritten."""
    layer = SelfAttention(dim=3, use_bias=use_bias)
    layer(tensor(x), **kwargs)
    assert len(layer.weights) == len(weights), "expected no other weights"
    for path, array in weights.items():
        projection, _, name = path.partition(".")
        getattr(getattr(layer, projection), name).assign(array)
    return layer(tensor(x), **kwargs)


rng = np.random.default_rng(5)
x, shared, own = normal(rng, 2, 5, 7), half_allowed(rng, 5, 5), half_allowed(rng, 2, 5, 5)
kernels = {f"{name}.kernel": 0.6 * normal(rng, 7, 3) for name in ("wq", "wk", "wv")}
both = {**kernels, **{f"{name}.bias": normal(rng, 3) for name in ("wq", "wk", "wv")}}
same(plain_layer(x, kernels)[0], layer_answer(x, kernels))
same(plain_layer(x, kernels), layer_answer(x, kernels, return_weights=True))
same(plain_layer(x, both), layer_answer(x, both, use_bias=True, return_weights=True))
same(plain_layer(x, kernels, shared)[0], layer_answer(x, kernels, mask=tensor(shared)))
int_mask = tensor(own.astype("int32"))
same(plain_layer(x, both, own), layer_answer(x, both, use_bias=True, mask=int_mask, return_weights=True))


# %% check_figure
def plain_weights(scores):
    exponentials = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return exponentials / exponentials.sum(axis=-1, keepdims=True)


def plain_entropies(scaled):
    found = []
    for width in (4, 16, 64, 256, 1024):
        scores = random_vectors(31, width) @ random_vectors(37, width).T
        weights = plain_weights(scores * width**-0.5 if scaled else scores)
        found.append(-(weights * np.log(np.maximum(weights, 1e-30))).sum(-1).mean())
    return np.array(found)


def plain_letters(word):
    q, k, v = letter_memory(word)
    return np.round(plain_weights(q @ k.T * 8**-0.5) @ v)[:, 0]


numbers = figure()
same(plain_weights(np.array([[14.0, 12.0], [112.0, 96.0]])), numbers["worked_weights"], 1e-4)
same(plain_entropies(True), numbers["entropy_scaled"], 1e-3)
same(plain_entropies(False), numbers["entropy_unscaled"], 1e-3)
same(plain_letters("ATTENTION"), numbers["retrieved"])
same(np.array(16.0), numbers["answer_1"], 1e-2)
same(np.array([0, 1]), numbers["answer_2"])
