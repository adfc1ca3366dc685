"""The reference answers against code that is not ours: Keras's own layers, plain loops, float64 NumPy, the lecture."""

import math

import keras
import numpy as np
import pytest
from keras import ops

from solutions.attention import reference
from solutions.attention.stand_ins import STAND_INS

B, HEADS, TQ, TK, D, DV = 2, 3, 5, 7, 11, 13
NEGATIVE = -1e8
LEADS = {"no batch": (), "batch": (B,), "batch and heads": (B, HEADS)}


@pytest.fixture
def rng():
    return np.random.default_rng(17)


def normal(rng, *shape):
    return rng.standard_normal(shape).astype("float32")


def random_mask(rng, *shape):
    """About half allowed, and the first key of each row in any case."""
    mask = rng.random(shape) < 0.5
    mask[..., 0] = True
    return mask


def arrays(value):
    """Tensors as NumPy arrays."""
    return tuple(map(ops.convert_to_numpy, value)) if isinstance(value, tuple) else ops.convert_to_numpy(value)


def exact_attention(q, k, v, mask=None):
    """Attention in float64 NumPy."""
    q, k, v = (x.astype("float64") for x in (q, k, v))
    scores = q @ np.swapaxes(k, -1, -2) / math.sqrt(q.shape[-1])
    if mask is not None:
        scores = np.where(mask, scores, -np.inf)
    weights = np.exp(scores - scores.max(-1, keepdims=True))
    weights /= weights.sum(-1, keepdims=True)
    return weights @ v, weights


def loop_attention(q, k, v):
    """Attention of one table of queries, one number at a time."""
    rows, outputs = [], []
    for query in q:
        scores = [
            sum(float(a) * float(b) for a, b in zip(query, key, strict=True)) / math.sqrt(len(query)) for key in k
        ]
        total = sum(math.exp(score) for score in scores)
        rows.append([math.exp(score) / total for score in scores])
        outputs.append(
            [sum(w * float(value[j]) for w, value in zip(rows[-1], v, strict=True)) for j in range(len(v[0]))]
        )
    return np.array(outputs), np.array(rows)


# attention_scores


def test_scores_of_the_lecture_are_14_and_12():
    q, k = np.ones((1, 64), "float32"), np.stack([np.full(64, 1.75), np.full(64, 1.5)]).astype("float32")
    assert arrays(reference.attention_scores(q, k)).tolist() == [[14.0, 12.0]]


@pytest.mark.parametrize("lead", LEADS.values(), ids=LEADS)
@pytest.mark.parametrize(("scale", "factor"), [(None, D**-0.5), (0.0, 0.0), (-2.5, -2.5)])
def test_scores_are_scaled_dot_products(rng, lead, scale, factor):
    q, k = normal(rng, *lead, TQ, D), normal(rng, *lead, TK, D)
    expected = np.einsum("...id,...jd->...ij", q.astype("float64"), k) * factor
    np.testing.assert_allclose(arrays(reference.attention_scores(q, k, scale)), expected, atol=1e-5)


# softmax_rows


def test_weights_of_the_lecture_are_088_and_012():
    weights = arrays(reference.softmax_rows(np.array([[14.0, 12.0]], "float32")))
    np.testing.assert_allclose(weights, [[0.880797, 0.119203]], atol=1e-6)


@pytest.mark.parametrize("axis", [0, 1, 2, -1, -2, -3])
def test_softmax_agrees_with_kerass(rng, axis):
    scores = 5 * normal(rng, TQ, TK, D)
    np.testing.assert_allclose(
        arrays(reference.softmax_rows(scores, axis)), arrays(ops.softmax(scores, axis)), rtol=1e-5, atol=1e-7
    )


@pytest.mark.parametrize("shift", [10_000.0, -10_000.0])
def test_softmax_does_not_change_when_all_scores_are_shifted(shift):
    scores = np.array([[0.0, 1.0, 3.0]], "float32")
    shifted = arrays(reference.softmax_rows(scores + np.float32(shift)))
    np.testing.assert_allclose(shifted, arrays(reference.softmax_rows(scores)), rtol=1e-6)


# masked_scores


@pytest.mark.parametrize("dtype", ["bool", "int32", "float32"])
@pytest.mark.parametrize("shape", [(B, TQ, TK), (TQ, TK), (TK,), (B, 1, TK)])
def test_allowed_scores_stay_and_forbidden_ones_are_low(rng, shape, dtype):
    scores, mask = normal(rng, B, TQ, TK), random_mask(rng, *shape)
    masked = arrays(reference.masked_scores(scores, mask.astype(dtype)))
    everywhere = np.broadcast_to(mask, scores.shape)
    assert masked.shape == scores.shape
    assert (masked[everywhere] == scores[everywhere]).all()
    assert (masked[~everywhere] <= NEGATIVE).all()


def test_an_allowed_score_of_zero_stays_zero():
    masked = reference.masked_scores(np.zeros((1, 2), "float32"), np.array([[1, 0]]))
    assert arrays(masked)[0, 0] == 0.0


# scaled_dot_product_attention


@pytest.mark.parametrize("lead", LEADS.values(), ids=LEADS)
@pytest.mark.parametrize("masked", [False, True])
def test_attention_agrees_with_float64_numpy(rng, lead, masked):
    q, k, v = normal(rng, *lead, TQ, D), normal(rng, *lead, TK, D), normal(rng, *lead, TK, DV)
    mask = random_mask(rng, *lead, TQ, TK) if masked else None
    for ours, exact in zip(
        arrays(reference.scaled_dot_product_attention(q, k, v, mask)), exact_attention(q, k, v, mask), strict=True
    ):
        np.testing.assert_allclose(ours, exact, atol=1e-5)


def test_attention_agrees_with_plain_loops(rng):
    q, k, v = normal(rng, TQ, D), normal(rng, TK, D), normal(rng, TK, DV)
    for ours, looped in zip(
        arrays(reference.scaled_dot_product_attention(q, k, v)), loop_attention(q, k, v), strict=True
    ):
        np.testing.assert_allclose(ours, looped, atol=1e-5)


@pytest.mark.parametrize("masked", [False, True])
def test_attention_agrees_with_kerass_fused_one(rng, masked):
    q, k, v = normal(rng, B, TQ, HEADS, D), normal(rng, B, TK, HEADS, D), normal(rng, B, TK, HEADS, D)
    mask = random_mask(rng, B, 1, TQ, TK) if masked else None
    fused = ops.dot_product_attention(*map(ops.convert_to_tensor, (q, k, v)), mask=mask)
    output, _ = reference.scaled_dot_product_attention(*(np.swapaxes(x, 1, 2) for x in (q, k, v)), mask)
    np.testing.assert_allclose(np.swapaxes(arrays(output), 1, 2), arrays(fused), atol=1e-5)


def test_attention_of_the_lecture_mixes_the_values_088_to_012():
    q, k = np.ones((1, 64), "float32"), np.stack([np.full(64, 1.75), np.full(64, 1.5)]).astype("float32")
    output, _ = reference.scaled_dot_product_attention(q, k, np.array([[10.0, 0.0], [0.0, 10.0]], "float32"))
    np.testing.assert_allclose(arrays(output), [[8.80797, 1.19203]], atol=1e-5)


def test_a_forbidden_key_has_weight_zero_and_rows_sum_to_one(rng):
    q, k, v, mask = normal(rng, TQ, D), normal(rng, TK, D), normal(rng, TK, DV), random_mask(rng, TQ, TK)
    _, weights = arrays(reference.scaled_dot_product_attention(q, k, v, mask))
    assert (weights[~mask] == 0).all()
    np.testing.assert_allclose(weights.sum(-1), 1, atol=1e-6)


# SelfAttention


def one_head_of_keras(ours, bias):
    """Keras's multi-head attention with one head, the weights of our layer, and the identity behind it."""
    theirs = keras.layers.MultiHeadAttention(1, DV, use_bias=bias, output_shape=DV)
    theirs.build((B, TQ, D), (B, TQ, D))
    for part, dense in ((ours.wq, theirs.query_dense), (ours.wk, theirs.key_dense), (ours.wv, theirs.value_dense)):
        dense.kernel.assign(ops.reshape(part.kernel, (D, 1, DV)))
        if bias:
            dense.bias.assign(ops.reshape(part.bias, (1, DV)))
    theirs.output_dense.kernel.assign(ops.eye(DV)[None])
    return theirs


def layer_with_random_weights(rng, x, bias):
    layer = reference.SelfAttention(DV, use_bias=bias)
    layer(x)
    for weight in layer.weights:
        weight.assign(normal(rng, *weight.shape))
    return layer


@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("bias", [False, True])
def test_the_layer_agrees_with_kerass_with_one_head(rng, bias, masked):
    x = normal(rng, B, TQ, D)
    mask = random_mask(rng, B, TQ, TQ) if masked else None
    ours = layer_with_random_weights(rng, x, bias)
    tokens = ops.convert_to_tensor(x)
    theirs = one_head_of_keras(ours, bias)
    expected = theirs(tokens, tokens, attention_mask=mask, return_attention_scores=True)
    output, weights = arrays(ours(tokens, mask=mask, return_weights=True))
    np.testing.assert_allclose(output, arrays(expected[0]), atol=1e-4)
    np.testing.assert_allclose(weights, arrays(expected[1])[:, 0], atol=1e-5)


@pytest.mark.parametrize("bias", [False, True])
def test_the_layer_is_attention_of_its_three_projections(rng, bias):
    x = normal(rng, B, TQ, D)
    layer = layer_with_random_weights(rng, x, bias)
    projections = [
        x @ arrays(part.kernel) + (arrays(part.bias) if bias else 0) for part in (layer.wq, layer.wk, layer.wv)
    ]
    np.testing.assert_allclose(arrays(layer(x)), exact_attention(*projections)[0], atol=1e-4)


@pytest.mark.parametrize(("bias", "count"), [(False, 3), (True, 6)])
def test_the_layer_has_three_kernels_and_no_more(bias, count):
    layer = reference.SelfAttention(DV, use_bias=bias)
    layer(np.zeros((B, TQ, D), "float32"))
    assert len(layer.weights) == count


# figure


@pytest.fixture(scope="module")
def figure():
    """The reference's figure as arrays."""
    return {key: np.asarray(value) for key, value in reference.figure().items()}


def test_worked_weights_are_the_lectures_with_and_without_the_scale(figure):
    np.testing.assert_allclose(figure["worked_weights"], [[0.880797, 0.119203], [1.0, math.exp(-16)]], atol=1e-6)


@pytest.mark.parametrize(("key", "scaled"), [("entropy_scaled", True), ("entropy_unscaled", False)])
def test_entropies_agree_with_float64_numpy(figure, key, scaled):
    for entropy, width in zip(figure[key], (4, 16, 64, 256, 1024), strict=True):
        q, k = (reference.random_vectors(count, width).astype("float64") for count in (31, 37))
        scores = q @ k.T / (math.sqrt(width) if scaled else 1)
        weights = np.exp(scores - scores.max(-1, keepdims=True))
        weights /= weights.sum(-1, keepdims=True)
        exact = -(weights * np.log(np.maximum(weights, 1e-300))).sum(-1).mean()
        assert entropy == pytest.approx(exact, abs=1e-4)


@pytest.mark.parametrize("key", ["entropy_scaled", "entropy_unscaled"])
def test_entropies_lie_between_0_and_that_of_37_equal_weights(figure, key):
    assert figure[key].shape == (5,)
    assert ((figure[key] > 0) & (figure[key] < math.log(37))).all()


def test_without_the_scale_the_entropy_falls_with_the_width(figure):
    assert (np.diff(figure["entropy_unscaled"]) < 0).all()


def test_with_the_scale_the_entropy_hardly_moves(figure):
    assert np.ptp(figure["entropy_scaled"]) < 0.2


def test_the_copied_letters_spell_attention(figure):
    assert "".join(chr(ord("A") - 1 + int(number)) for number in figure["retrieved"]) == "ATTENTION"


def test_answer_1_is_the_difference_of_the_unscaled_scores(figure):
    assert figure["answer_1"] == 112 - 96


def test_answer_2_makes_both_slides_attention(figure, rng):
    slide_1, slide_2 = (int(axis) for axis in figure["answer_2"])
    q, k, v = normal(rng, TQ, D), normal(rng, TQ, D), normal(rng, TQ, DV)
    expected, _ = exact_attention(q, k, v)
    first = np.einsum("jd,id->ij", q, k) / math.sqrt(D)
    weights = arrays(ops.softmax(first, axis=slide_1))
    np.testing.assert_allclose(np.einsum("ij,iv->jv", weights, v), expected, atol=1e-4)
    weights = arrays(ops.softmax(first.T, axis=1))
    spread = weights[:, :, None] * (v[:, None] if slide_2 == 0 else v[None])
    np.testing.assert_allclose(spread.sum(slide_2), expected, atol=1e-4)


def test_random_vectors_are_the_same_on_every_call():
    assert np.array_equal(reference.random_vectors(TQ, TK), reference.random_vectors(TQ, TK))


# stand-ins


@pytest.fixture(scope="module")
def stand_ins():
    """The functions that the stand-ins' texts define, each from its own text alone."""
    spaces = {name: {} for name in STAND_INS}
    for name, text in STAND_INS.items():
        exec(text, spaces[name])
    return {name: space[name] for name, space in spaces.items()}


def same(ours, theirs):
    """Whether two answers, tuples or not, agree."""
    ours, theirs = (value if isinstance(value, tuple) else (value,) for value in (arrays(ours), arrays(theirs)))
    return len(ours) == len(theirs) and all(
        a.shape == b.shape and a.dtype == b.dtype and np.allclose(a, b, atol=1e-5)
        for a, b in zip(ours, theirs, strict=True)
    )


@pytest.mark.parametrize("lead", LEADS.values(), ids=LEADS)
@pytest.mark.parametrize("kind", [np.asarray, ops.convert_to_tensor], ids=["array", "tensor"])
@pytest.mark.parametrize("scale", [None, 0.0, -2.5])
def test_stand_in_scores_equal_the_references(stand_ins, rng, lead, kind, scale):
    q, k = kind(normal(rng, *lead, TQ, D)), kind(normal(rng, *lead, TK, D))
    assert same(stand_ins["attention_scores"](q, k, scale), reference.attention_scores(q, k, scale))


@pytest.mark.parametrize("axis", [-1, 0, 1, -2])
def test_stand_in_softmax_equals_the_references(stand_ins, rng, axis):
    scores = 9 * normal(rng, TQ, TK, D)
    assert same(stand_ins["softmax_rows"](scores, axis=axis), reference.softmax_rows(scores, axis=axis))


@pytest.mark.parametrize("dtype", ["bool", "int32", "float32"])
def test_stand_in_mask_equals_the_references(stand_ins, rng, dtype):
    scores, mask = normal(rng, B, TQ, TK), random_mask(rng, TQ, TK).astype(dtype)
    assert same(stand_ins["masked_scores"](scores, mask), reference.masked_scores(scores, mask))


MASKS = {"none": None, "shared": (TQ, TK), "keys only": (TK,), "one row": (1, TK)}


@pytest.mark.parametrize("lead", LEADS.values(), ids=LEADS)
@pytest.mark.parametrize("shape", MASKS.values(), ids=MASKS)
@pytest.mark.parametrize("kind", [np.asarray, ops.convert_to_tensor], ids=["array", "tensor"])
def test_stand_in_attention_equals_the_references(stand_ins, rng, lead, shape, kind):
    q, k, v = (kind(normal(rng, *lead, *size)) for size in ((TQ, D), (TK, D), (TK, DV)))
    mask = None if shape is None else random_mask(rng, *shape)
    ours = stand_ins["scaled_dot_product_attention"](q, k, v, mask)
    assert same(ours, reference.scaled_dot_product_attention(q, k, v, mask))


@pytest.mark.parametrize("dtype", ["bool", "int32", "float32"])
def test_stand_in_attention_takes_one_mask_for_each_example(stand_ins, rng, dtype):
    q, k, v = normal(rng, B, TQ, D), normal(rng, B, TK, D), normal(rng, B, TK, DV)
    mask = random_mask(rng, B, TQ, TK).astype(dtype)
    ours = stand_ins["scaled_dot_product_attention"](q, k, v, mask)
    assert same(ours, reference.scaled_dot_product_attention(q, k, v, mask))


def test_stand_in_attention_takes_its_mask_by_name(stand_ins, rng):
    q, k, v, mask = normal(rng, TQ, D), normal(rng, TK, D), normal(rng, TK, DV), random_mask(rng, TQ, TK)
    ours = stand_ins["scaled_dot_product_attention"](q=q, k=k, v=v, mask=mask)
    assert same(ours, reference.scaled_dot_product_attention(q, k, v, mask))
