"""Lesson 02's references against code that is not ours: Keras's layer, PyTorch's, plain loops, the papers' numbers."""

import keras
import numpy as np
import pytest
from keras import ops
from vitlab.packing import pack, unpack
from vitlab.probe import ask, tensors

from solutions.multihead import reference
from solutions.multihead.cases import EXERCISES, NEARLY_ALL, head_sizes
from solutions.multihead.stand_ins import STAND_INS

B, HEADS, E, TQ, TK = 2, 3, 5, 7, 11
D = HEADS * E
MASKS = {"none": None, "shared": (TQ, TK), "padding": (B, 1, 1, TK), "each image": (B, 1, TQ, TK)}
MASKS["each head"] = (B, HEADS, TQ, TK)


@pytest.fixture
def rng():
    return np.random.default_rng(29)


def normal(rng, *shape):
    return rng.standard_normal(shape).astype("float32")


def random_mask(rng, shape):
    """About half allowed, and the first key of each row in any case; None stays None."""
    if shape is None:
        return None
    mask = rng.random(shape) < 0.5
    mask[..., 0] = True
    return mask


def array(value):
    return ops.convert_to_numpy(value)


# split_heads and merge_heads


def test_head_j_holds_its_own_block_of_features_of_every_token(rng):
    x = normal(rng, B, TQ, D)
    heads = array(reference.split_heads(x, HEADS))
    assert heads.shape == (B, HEADS, TQ, E)
    for b, j, t, e in np.ndindex(heads.shape):
        assert heads[b, j, t, e] == x[b, t, j * E + e]


def test_merged_tokens_hold_head_0_first_then_head_1(rng):
    x = normal(rng, B, HEADS, TQ, E)
    tokens = array(reference.merge_heads(x))
    assert tokens.shape == (B, TQ, D)
    for b, t, j, e in np.ndindex(B, TQ, HEADS, E):
        assert tokens[b, t, j * E + e] == x[b, j, t, e]


@pytest.mark.parametrize("heads", [1, HEADS, E, D])
def test_merging_undoes_splitting(rng, heads):
    x = normal(rng, B, TQ, D)
    np.testing.assert_array_equal(array(reference.merge_heads(reference.split_heads(x, heads))), x)


def test_heads_can_be_split_in_a_model_whose_batch_is_not_known_yet():
    tokens = keras.Input((TQ, D))
    assert reference.merge_heads(reference.split_heads(tokens, HEADS)).shape == (None, TQ, D)


# MultiHeadAttention


def layer_with_random_weights(rng, bias=True, **init):
    """A built layer of D and HEADS whose weights are all random."""
    layer = reference.MultiHeadAttention(**{"dim": D, "num_heads": HEADS, "use_bias": bias, **init})
    layer(np.zeros((1, 2, D), "float32"))
    for weight in layer.weights:
        weight.assign(normal(rng, *weight.shape) / 3)
    return layer


def kerass_twin(layer, bias):
    """Keras's layer with the weights of ours: the same numbers in the same order, with an axis for the heads."""
    twin = keras.layers.MultiHeadAttention(HEADS, E, use_bias=bias)
    twin.build((B, TQ, D), (B, TK, D))
    parts = (layer.wq, layer.wk, layer.wv, layer.wo)
    own = [weight for part in parts for weight in ((part.kernel, part.bias) if bias else (part.kernel,))]
    twin.set_weights([array(mine).reshape(its.shape) for mine, its in zip(own, twin.weights, strict=True)])
    return twin


def loop_attention(layer, query, key_value, mask=None):
    """Output and weights in float64, one image, head and query at a time."""
    kernels = {part: array(getattr(layer, part).kernel).astype("float64") for part in ("wq", "wk", "wv", "wo")}
    biases = {part: array(getattr(layer, part).bias).astype("float64") for part in kernels}
    q, k, v = (x @ kernels[part] + biases[part] for x, part in ((query, "wq"), (key_value, "wk"), (key_value, "wv")))
    allowed = np.broadcast_to(True if mask is None else mask, (B, HEADS, q.shape[1], k.shape[1]))
    mixed, weights = np.zeros(q.shape), np.zeros(allowed.shape)
    for b, j, i in np.ndindex(B, HEADS, q.shape[1]):
        own = slice(j * E, (j + 1) * E)
        scores = np.array([q[b, i, own] @ key[own] for key in k[b]]) / np.sqrt(E)
        powers = np.where(allowed[b, j, i], np.exp(scores - scores.max()), 0)
        weights[b, j, i] = powers / powers.sum()
        mixed[b, i, own] = weights[b, j, i] @ v[b][:, own]
    return mixed @ kernels["wo"] + biases["wo"], weights


@pytest.mark.parametrize("shape", MASKS.values(), ids=MASKS)
@pytest.mark.parametrize("bias", [True, False])
def test_the_layer_agrees_with_kerass_in_output_and_weights(rng, bias, shape):
    query, key_value = ops.convert_to_tensor(normal(rng, B, TQ, D)), ops.convert_to_tensor(normal(rng, B, TK, D))
    layer, mask = layer_with_random_weights(rng, bias), random_mask(rng, shape)
    theirs = kerass_twin(layer, bias)(query, key_value, attention_mask=mask, return_attention_scores=True)
    ours = layer(query, key_value, mask=mask, return_weights=True)
    np.testing.assert_allclose(array(ours[0]), array(theirs[0]), atol=1e-5)
    np.testing.assert_allclose(array(ours[1]), array(theirs[1]), atol=1e-6)


@pytest.mark.parametrize("shape", MASKS.values(), ids=MASKS)
def test_the_layer_agrees_with_plain_loops(rng, shape):
    query, key_value = normal(rng, B, TQ, D), normal(rng, B, TK, D)
    layer, mask = layer_with_random_weights(rng), random_mask(rng, shape)
    for ours, looped in zip(
        layer(query, key_value, mask=mask, return_weights=True),
        loop_attention(layer, query, key_value, mask),
        strict=True,
    ):
        np.testing.assert_allclose(array(ours), looped, atol=1e-5)


def test_tokens_alone_ask_themselves(rng):
    x, layer = normal(rng, B, TQ, D), layer_with_random_weights(rng)
    np.testing.assert_allclose(array(layer(x)), loop_attention(layer, x, x)[0], atol=1e-5)


@pytest.mark.parametrize("bias", [True, False])
def test_the_layer_agrees_with_pytorchs(rng, bias):
    torch = pytest.importorskip("torch", reason="PyTorch is not installed here; the comparison with it is left out")
    query, key_value = normal(rng, B, TQ, D), normal(rng, B, TK, D)
    layer, mask = layer_with_random_weights(rng, bias), random_mask(rng, (TQ, TK))
    theirs = torch.nn.MultiheadAttention(D, HEADS, bias=bias, batch_first=True)
    three = [layer.wq, layer.wk, layer.wv]
    with torch.no_grad():
        theirs.in_proj_weight.copy_(torch.tensor(np.concatenate([array(part.kernel).T for part in three])))
        theirs.out_proj.weight.copy_(torch.tensor(array(layer.wo.kernel).T))
        if bias:
            theirs.in_proj_bias.copy_(torch.tensor(np.concatenate([array(part.bias) for part in three])))
            theirs.out_proj.bias.copy_(torch.tensor(array(layer.wo.bias)))
        q, kv = torch.tensor(query), torch.tensor(key_value)
        expected = theirs(q, kv, kv, attn_mask=torch.tensor(~mask), average_attn_weights=False)
    for ours, other in zip(layer(query, key_value, mask=mask, return_weights=True), expected, strict=True):
        np.testing.assert_allclose(array(ours), other.numpy(), atol=1e-5)


@pytest.mark.parametrize("heads", [1, HEADS, E, D])
@pytest.mark.parametrize("bias", [True, False])
def test_the_number_of_weights_does_not_depend_on_the_heads(heads, bias):
    layer = reference.MultiHeadAttention(D, heads, use_bias=bias)
    layer(np.zeros((B, TQ, D), "float32"))
    assert layer.count_params() == 4 * D**2 + (4 * D if bias else 0)


@pytest.mark.parametrize("training", [False, None])
def test_dropout_sleeps_unless_the_layer_is_trained(rng, training):
    x, layer = normal(rng, B, TQ, D), layer_with_random_weights(rng, dropout=0.5)
    np.testing.assert_allclose(array(layer(x, training=training)), loop_attention(layer, x, x)[0], atol=1e-5)


def test_dropout_changes_the_output_in_training_and_leaves_the_weights(rng):
    x, layer = normal(rng, B, TQ, D), layer_with_random_weights(rng, dropout=0.5)
    output, weights = loop_attention(layer, x, x)
    trained = layer(x, training=True, return_weights=True)
    assert np.abs(array(trained[0]) - output).max() > 0.1
    np.testing.assert_allclose(array(trained[1]), weights, atol=1e-5)


def test_at_a_rate_of_almost_1_nothing_but_the_bias_is_left_every_time(rng):
    x, layer = normal(rng, B, TQ, D), layer_with_random_weights(rng, dropout=NEARLY_ALL)
    for _ in range(20):
        np.testing.assert_array_equal(array(layer(x, training=True)), np.broadcast_to(array(layer.wo.bias), (B, TQ, D)))


# permutation_gap


def test_self_attention_has_no_gap(rng):
    layer, x = layer_with_random_weights(rng), normal(rng, B, TQ, D)
    assert float(reference.permutation_gap(layer, x, rng.permutation(TQ))) < 1e-5


def test_the_gap_is_the_largest_difference_found_by_plain_loops(rng):
    x, table, kernel = normal(rng, B, TQ, D), normal(rng, TQ, TQ), normal(rng, D, E)
    perm = np.roll(rng.permutation(TQ), 1)
    layer = lambda tokens: np.tanh(table @ (np.asarray(tokens) @ kernel))  # noqa: E731
    shuffled, output = layer(x[:, perm]), layer(x)
    largest = max(abs(shuffled[b, i, e] - output[b, perm[i], e]) for b, i, e in np.ndindex(B, TQ, E))
    assert float(reference.permutation_gap(layer, x, perm)) == pytest.approx(largest, abs=1e-6)


@pytest.mark.parametrize(
    "layer",
    [keras.layers.GRU(D, return_sequences=True), keras.layers.Conv1D(D, 3, padding="same")],
    ids=["GRU", "Conv1D"],
)
def test_layers_that_know_the_order_have_a_gap(rng, layer):
    assert float(reference.permutation_gap(layer, normal(rng, B, TQ, D), np.roll(np.arange(TQ), 1))) > 0.01


# attention_cost


def test_flops_are_the_number_in_the_swin_paper_whatever_the_heads():
    assert {reference.attention_cost(56 * 56, 96, heads)["flops"] for heads in (1, 3, 96)} == {2_003_828_736}


@pytest.mark.parametrize("heads", [1, HEADS, E])
def test_flops_are_those_of_every_product_in_the_layer(heads):
    width = D // heads
    products = 4 * [(TQ, D, D)] + heads * [(TQ, width, TQ), (TQ, TQ, width)]
    assert reference.attention_cost(TQ, D, heads)["flops"] == sum(a * b * c for a, b, c in products)


@pytest.mark.parametrize("heads", [1, HEADS, E])
def test_params_are_those_of_kerass_layer(heads):
    layer = keras.layers.MultiHeadAttention(heads, D // heads)
    layer.build((B, TQ, D), (B, TQ, D))
    assert reference.attention_cost(TQ, D, heads)["params"] == layer.count_params()


def test_score_entries_are_the_size_of_the_weights(rng):
    _, weights = layer_with_random_weights(rng)(normal(rng, 1, TQ, D), return_weights=True)
    assert reference.attention_cost(TQ, D, HEADS)["score_entries"] == array(weights).size


def test_every_pixel_a_token_is_50176_tokens_and_10_gigabytes():
    entries = reference.attention_cost(224 * 224, 64, 1)["score_entries"]
    assert entries == 50_176**2
    assert round(4 * entries / 1e9, 2) == 10.07


def test_costs_are_plain_ints():
    assert {type(value) for value in reference.attention_cost(TQ, D, HEADS).values()} == {int}


# figure


@pytest.fixture(scope="module")
def figure():
    """The reference's figure as arrays."""
    return {key: np.asarray(value) for key, value in reference.figure().items()}


def test_the_bytes_at_224_pixels_are_the_lectures(figure):
    assert round(figure["pixel_bytes"][3] / 1e9, 2) == 10.07
    assert figure["patch_bytes"][3] == 4 * 196**2


def test_patches_need_65536_times_less_at_every_size(figure):
    np.testing.assert_allclose(figure["pixel_bytes"] / figure["patch_bytes"], 65_536)


def test_both_lines_have_the_slope_4(figure):
    np.testing.assert_allclose(figure["slopes"], [4, 4], atol=1e-9)


def test_at_answer_1_both_parts_of_the_flops_are_equal(figure):
    tokens, width = int(figure["answer_1"]), 768
    linear, quadratic = 4 * tokens * width**2, 2 * tokens**2 * width
    assert linear == quadratic
    assert reference.attention_cost(tokens, width, 12)["flops"] == linear + quadratic


def test_answer_2_is_what_kerass_layer_does(figure, rng):
    layer = keras.layers.MultiHeadAttention(HEADS, E)
    x, c = ops.convert_to_tensor(normal(rng, B, TQ, D)), ops.convert_to_tensor(normal(rng, B, TQ, D))
    past, order = np.tri(TQ, dtype="bool"), np.roll(np.arange(TQ), 2)
    functions = [
        (lambda tokens: layer(tokens, tokens), x),
        (lambda tokens: ops.mean(layer(tokens, tokens), axis=1), x),
        (lambda tokens: layer(x, tokens), c),
        (lambda tokens: layer(tokens, tokens, attention_mask=past), x),
    ]
    codes = []
    for function, tokens in functions:
        plain, shuffled = array(function(tokens)), array(function(ops.take(tokens, order, axis=1)))
        invariant = np.allclose(plain, shuffled, atol=1e-5)
        equivariant = plain.ndim == 3 and np.allclose(plain[:, order], shuffled, atol=1e-5)
        codes.append(2 if invariant else 1 if equivariant else 0)
    assert codes == figure["answer_2"].tolist()


# cases


def test_every_size_of_a_case_differs_from_every_other():
    for seed in range(20):
        found = head_sizes(np.random.default_rng(seed))
        assert len({*found, found[1] * found[2]}) == 6


def test_the_layers_weights_are_asked_for_in_both_numbers_and_with_all_kinds_of_masks():
    cases = next(exercise for exercise in EXERCISES if exercise.name == "MultiHeadAttention").cases
    questions = [case.question for case in cases(np.random.default_rng(0)) if case.weight > 0]
    masks = [question.kwargs["mask"] for question in questions if "mask" in question.kwargs]
    masks += [question.args[2] for question in questions if len(question.args) > 2]
    assert {mask.dtype.kind for mask in masks} == set("bif")
    assert {mask.ndim for mask in masks} == {2, 4}
    assert {len(question.weights) for question in questions} == {4, 8}


def test_a_callable_crosses_the_wire_as_data(rng):
    mix, kernel, x = normal(rng, TQ, TQ), normal(rng, D, E), normal(rng, B, TQ, D)
    described = {"$part": "mixer", "mix": mix, "kernel": kernel}
    arrays = []
    packed = pack({"args": [described, x], "kwargs": {}, "init": None, "weights": {}}, arrays)
    found = ask(lambda layer, tokens: layer(tokens), unpack(packed, arrays))
    np.testing.assert_allclose(found, np.tanh(mix @ (x @ kernel)), atol=1e-5)


def test_a_dict_without_a_mark_stays_a_dict():
    assert tensors({"mix": 1, "kernel": [2]}) == {"mix": 1, "kernel": [2]}


# stand-ins


@pytest.fixture(scope="module")
def stand_ins():
    """The functions that the stand-ins' texts define, each from its own text alone."""
    spaces = {name: {} for name in STAND_INS}
    for name, text in STAND_INS.items():
        exec(text, spaces[name])
    return {name: space[name] for name, space in spaces.items()}


@pytest.mark.parametrize("kind", [np.asarray, ops.convert_to_tensor], ids=["array", "tensor"])
@pytest.mark.parametrize("heads", [1, HEADS, D])
def test_stand_ins_split_and_merge_as_the_references_do(stand_ins, rng, heads, kind):
    x = kind(normal(rng, B, TQ, D))
    pieces = reference.split_heads(x, heads)
    np.testing.assert_array_equal(array(stand_ins["split_heads"](x, num_heads=heads)), array(pieces))
    np.testing.assert_array_equal(array(stand_ins["merge_heads"](kind(array(pieces)))), array(x))


def test_the_stand_in_counts_as_the_reference_does(stand_ins):
    assert stand_ins["attention_cost"](TQ, D, HEADS) == reference.attention_cost(TQ, D, HEADS)
