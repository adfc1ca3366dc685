"""Lesson 04's references against code that is not ours: Keras's layers, PyTorch's, plain loops, DeiT's own numbers."""

import json
from dataclasses import replace
from math import cos, erf, pi, sqrt

import keras
import numpy as np
import pytest
from keras import ops
from lessons import loaded
from vitlab import training
from vitlab.probe import WeightError, ask, find_weight, overwrite_all

from autograder.grade.rules import Rules
from autograder.grade.trained import grade_trained
from autograder.lessons import CHECKOUT, read_bars, solution_folder
from autograder.read.artifacts import Artifacts
from autograder.read.code import read_code
from autograder.read.notebook import Cell
from autograder.read.slice import analyse
from autograder.records import NoData, Question
from autograder.verify_trained import as_json, weights_of
from solutions import datasets
from solutions.vit import reference, trained
from solutions.vit.cases import EXERCISES, NEARLY_ALL, block_weights, model_weights
from solutions.vit.stand_ins import STAND_INS

B, T, HEADS, E, HIDDEN = 2, 7, 3, 5, 11
D = HEADS * E
EPSILON = 0.3
STANDARD = "colour_digits", "cpu"
SMALL = {
    "image_size": 12,
    "patch_size": 4,
    "num_classes": 7,
    "dim": D,
    "depth": 2,
    "num_heads": HEADS,
    "mlp_dim": HIDDEN,
}
MASKS = {"none": None, "shared": (T, T), "padding": (B, 1, 1, T), "each image": (B, 1, T, T)}


@pytest.fixture
def rng():
    return np.random.default_rng(41)


def normal(rng, *shape):
    return rng.standard_normal(shape).astype("float32")


def array(value):
    return ops.convert_to_numpy(value)


def random_mask(rng, shape):
    """About half allowed, and the first token of each row in any case; None stays None."""
    if shape is None:
        return None
    mask = rng.random(shape) < 0.5
    mask[..., 0] = True
    return mask


def called(layer, x, weights):
    """A layer after its first call, all its weights overwritten."""
    layer(x)
    overwrite_all(layer, weights)
    return layer


# LayerNorm


def looped_norm(x, gamma, beta, epsilon):
    """The formula in float64, one vector at a time."""
    rows = []
    for row in x.reshape(-1, x.shape[-1]).astype("float64"):
        mean = sum(row) / len(row)
        variance = sum((number - mean) ** 2 for number in row) / len(row)
        rows.append([(number - mean) / sqrt(variance + epsilon) for number in row])
    return np.array(rows).reshape(x.shape) * gamma + beta


@pytest.mark.parametrize("shape", [(B, D), (B, T, D), (B, HEADS, T, D)], ids=str)
@pytest.mark.parametrize("epsilon", [1e-6, EPSILON])
@pytest.mark.parametrize("scale", [1.0, 1e-2])
def test_the_norm_agrees_with_loops_and_with_kerass(rng, shape, epsilon, scale):
    x = scale * normal(rng, *shape)
    gamma, beta = normal(rng, D), normal(rng, D)
    ours = called(reference.LayerNorm(epsilon), x, {"gamma": gamma, "beta": beta})
    theirs = called(keras.layers.LayerNormalization(epsilon=epsilon), x, {"gamma": gamma, "beta": beta})
    np.testing.assert_allclose(array(ours(x)), looped_norm(x, gamma, beta, epsilon), atol=1e-5)
    np.testing.assert_allclose(array(ours(x)), array(theirs(x)), atol=1e-5)


def test_a_fresh_norm_multiplies_with_1_and_adds_0():
    layer = reference.LayerNorm()
    layer(np.zeros((1, D), "float32"))
    assert [weight.name for weight in layer.weights] == ["gamma", "beta"]
    assert array(layer.gamma).tolist() == [1.0] * D
    assert array(layer.beta).tolist() == [0.0] * D


def test_the_lessons_vector_by_hand():
    found = array(reference.LayerNorm()(np.array([[2, 4, 6, 8]], "float32")))
    np.testing.assert_allclose(found, [[-1.342, -0.447, 0.447, 1.342]], atol=1e-3)


def test_a_changed_token_changes_no_other_norm_or_mlp(rng):
    x = normal(rng, 1, T, D)
    changed = x.copy()
    changed[0, 3] += normal(rng, D)
    for layer in (reference.LayerNorm(), reference.FeedForward(D, HIDDEN)):
        moved = np.abs(array(layer(changed)) - array(layer(x)))[0].max(-1)
        assert np.flatnonzero(moved).tolist() == [3]


# FeedForward

ACTIVATIONS = {
    "gelu": lambda x: x * (1 + np.vectorize(erf)(x / sqrt(2))) / 2,
    "relu": lambda x: np.maximum(x, 0),
    "tanh": np.tanh,
}


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("shape", [(B, D), (B, T, D)], ids=str)
def test_the_mlp_agrees_with_float64_numpy(rng, activation, shape):
    x, first, second = normal(rng, *shape), normal(rng, D, HIDDEN), normal(rng, HIDDEN, D)
    one, two = normal(rng, HIDDEN), normal(rng, D)
    weights = {"fc1.kernel": first, "fc1.bias": one, "fc2.kernel": second, "fc2.bias": two}
    layer = called(reference.FeedForward(D, HIDDEN, activation), x, weights)
    expected = ACTIVATIONS[activation](x.astype("float64") @ first + one) @ second + two
    np.testing.assert_allclose(array(layer(x)), expected, rtol=1e-4, atol=1e-4)


def test_the_mlp_of_the_paper_has_2099712_weights():
    layer = reference.FeedForward(512, 2048)
    layer(np.zeros((1, 512), "float32"))
    assert layer.count_params() == 2_099_712


# EncoderBlock


def block(rng, norm_first, epsilon=EPSILON, **options):
    """A block and its random weights."""
    weights = block_weights(rng, D, HEADS, HIDDEN)
    made = reference.EncoderBlock(D, HEADS, HIDDEN, norm_first, epsilon=epsilon, **options)
    return called(made, np.zeros((B, T, D), "float32"), weights), weights


def exact_attention(x, weights, mask):
    """Attention of the tokens to each other in float64, one image, head and query at a time."""
    q, k, v = (
        np.einsum("btd,dhe->bthe", x, weights[f"attn.weights.{2 * i}"]) + weights[f"attn.weights.{2 * i + 1}"]
        for i in range(3)
    )
    allowed = np.broadcast_to(True if mask is None else mask, (len(x), HEADS, T, T))
    maps, mixed = np.zeros(allowed.shape), np.zeros(q.shape)
    for b, h, i in np.ndindex(len(x), HEADS, T):
        scores = np.array([q[b, i, h] @ k[b, j, h] for j in range(T)]) / sqrt(E)
        powers = np.where(allowed[b, h, i], np.exp(scores - scores.max()), 0)
        maps[b, h, i] = powers / powers.sum()
        mixed[b, i, h] = maps[b, h, i] @ v[b, :, h]
    return np.einsum("bthe,hed->btd", mixed, weights["attn.weights.6"]) + weights["attn.weights.7"], maps


def exact_block(x, weights, norm_first, mask):
    """The two lines of the lesson in float64."""
    weights = {path: value.astype("float64") for path, value in weights.items()}

    def norm(i, tokens):
        return looped_norm(tokens, weights[f"norm{i}.gamma"], weights[f"norm{i}.beta"], EPSILON)

    def mlp(tokens):
        hidden = ACTIVATIONS["gelu"](tokens @ weights["mlp.fc1.kernel"] + weights["mlp.fc1.bias"])
        return hidden @ weights["mlp.fc2.kernel"] + weights["mlp.fc2.bias"]

    x = x.astype("float64")
    attended, maps = exact_attention(norm(1, x) if norm_first else x, weights, mask)
    if norm_first:
        h = x + attended
        return h + mlp(norm(2, h)), maps
    h = norm(1, x + attended)
    return norm(2, h + mlp(h)), maps


@pytest.mark.parametrize("norm_first", [False, True])
@pytest.mark.parametrize("shape", MASKS.values(), ids=MASKS)
def test_the_block_agrees_with_plain_loops_in_output_and_weights(rng, norm_first, shape):
    x, mask = normal(rng, B, T, D), random_mask(rng, shape)
    layer, weights = block(rng, norm_first)
    for ours, exact in zip(
        layer(x, mask=mask, return_weights=True), exact_block(x, weights, norm_first, mask), strict=True
    ):
        np.testing.assert_allclose(array(ours), exact, atol=2e-5)


@pytest.mark.parametrize("norm_first", [False, True])
def test_the_block_agrees_with_pytorchs(rng, norm_first):
    torch = pytest.importorskip("torch", reason="PyTorch is not installed here; the comparison with it is left out")
    x = normal(rng, B, T, D)
    layer, weights = block(rng, norm_first, activation="relu")
    theirs = torch.nn.TransformerEncoderLayer(
        D,
        HEADS,
        HIDDEN,
        dropout=0.0,
        activation="relu",
        layer_norm_eps=EPSILON,
        batch_first=True,
        norm_first=norm_first,
    ).eval()
    kernels = [weights[f"attn.weights.{i}"].reshape(D, D) for i in (0, 2, 4, 6)]
    values = {
        "self_attn.in_proj_weight": np.concatenate([kernel.T for kernel in kernels[:3]]),
        "self_attn.in_proj_bias": np.concatenate([weights[f"attn.weights.{i}"].ravel() for i in (1, 3, 5)]),
        "self_attn.out_proj.weight": kernels[3].T,
        "self_attn.out_proj.bias": weights["attn.weights.7"],
    }
    for ours, its in (("mlp.fc1", "linear1"), ("mlp.fc2", "linear2")):
        values |= {f"{its}.weight": weights[f"{ours}.kernel"].T, f"{its}.bias": weights[f"{ours}.bias"]}
    for norm in ("norm1", "norm2"):
        values |= {f"{norm}.weight": weights[f"{norm}.gamma"], f"{norm}.bias": weights[f"{norm}.beta"]}
    theirs.load_state_dict({name: torch.tensor(value) for name, value in values.items()})
    with torch.no_grad():
        expected = theirs(torch.tensor(x)).numpy()
    np.testing.assert_allclose(array(layer(x)), expected, atol=2e-5)


@pytest.mark.parametrize("norm_first", [False, True])
@pytest.mark.parametrize("kwargs", [{"training": False}, {}], ids=["told", "left out"])
def test_a_block_that_is_not_trained_drops_nothing(rng, norm_first, kwargs):
    x = normal(rng, B, T, D)
    layer, weights = block(rng, norm_first, dropout=0.5)
    np.testing.assert_allclose(array(layer(x, **kwargs)), exact_block(x, weights, norm_first, None)[0], atol=2e-5)


def test_a_block_that_is_trained_drops(rng):
    x = normal(rng, B, T, D)
    layer, weights = block(rng, True, dropout=0.5)
    assert np.abs(array(layer(x, training=True)) - exact_block(x, weights, True, None)[0]).max() > 0.1


def test_if_attention_and_mlp_return_0_the_orders_differ_as_answer_2_says(rng):
    x = normal(rng, B, T, D)
    outputs = []
    for norm_first in (False, True):
        layer, weights = block(rng, norm_first, epsilon=1e-6)
        silent = {path: 0 * value if "norm" not in path else value for path, value in weights.items()}
        fresh = {
            path: np.ones_like(v) if path.endswith("gamma") else 0 * v for path, v in weights.items() if "norm" in path
        }
        overwrite_all(layer, silent | fresh)
        outputs.append(array(layer(x)))
    assert np.abs(outputs[0] - x).max() > 0.1
    np.testing.assert_allclose(outputs[0].mean(-1), 0, atol=1e-5)
    np.testing.assert_array_equal(outputs[1], x)


# VisionTransformer


@pytest.fixture(scope="module")
def small():
    """A small model, its weights by path, and images for it."""
    rng = np.random.default_rng(43)
    images = rng.random((B, 12, 12, 3), "float32")
    weights = model_weights(rng, **SMALL)
    return called(reference.VisionTransformer(**SMALL), images, weights), weights, images


def looped_patches(images, kernel, bias):
    """Tokens (B, N, D) by loops over the patches, row by row."""
    p = kernel.shape[0]
    places = [(y, x) for y in range(0, images.shape[1], p) for x in range(0, images.shape[2], p)]
    cut = [[image[y : y + p, x : x + p] for y, x in places] for image in images.astype("float64")]
    return np.array([[(patch[..., None] * kernel).sum((0, 1, 2)) + bias for patch in row] for row in cut])


def test_the_patches_of_the_convolution_are_those_of_plain_loops(small):
    model, weights, images = small
    expected = looped_patches(images, weights["patch_embed.kernel"], weights["patch_embed.bias"])
    maps = array(model.patch_embed(images))
    np.testing.assert_allclose(maps.reshape(expected.shape), expected, atol=1e-4)


def functional_twin(weights, pool):
    """The same model in Keras's functional style, of Keras's layers alone, with the same weights."""
    pictures = keras.Input((12, 12, 3))
    convolution = keras.layers.Conv2D(D, 4, strides=4)
    tokens = keras.layers.Reshape((9, D))(convolution(pictures))
    tokens = keras.layers.ZeroPadding1D((1, 0))(tokens)
    front = np.zeros((1, 10, D), "float32")
    front[:, 0] = weights["cls_token"][0, 0]
    tokens = tokens + front + weights["pos_embed"]
    layers, features = [convolution], []
    for _ in range(SMALL["depth"]):
        parts = [keras.layers.LayerNormalization(epsilon=1e-6) for _ in range(2)]
        attention = keras.layers.MultiHeadAttention(HEADS, E)
        dense = [keras.layers.Dense(HIDDEN, activation="gelu"), keras.layers.Dense(D)]
        normed = parts[0](tokens)
        tokens = keras.layers.Add()([tokens, attention(normed, normed)])
        tokens = keras.layers.Add()([tokens, dense[1](dense[0](parts[1](tokens)))])
        layers += [*parts, attention, *dense]
        features.append(tokens)
    last, head = keras.layers.LayerNormalization(epsilon=1e-6), keras.layers.Dense(SMALL["num_classes"])
    normed = last(tokens)
    pooled = normed[:, 0] if pool == "cls" else keras.layers.GlobalAveragePooling1D()(normed[:, 1:])
    model = keras.Model(pictures, [head(pooled), *features])
    own = iter([value for path, value in weights.items() if path not in ("cls_token", "pos_embed")])
    for layer in (*layers, last, head):
        layer.set_weights([next(own) for _ in layer.weights])
    return model


@pytest.mark.parametrize("pool", ["cls", "mean"])
def test_the_model_agrees_with_its_functional_twin_made_of_kerass_layers(small, pool):
    _, weights, images = small
    model = called(reference.VisionTransformer(**SMALL, pool=pool), images, weights)
    logits, *features = functional_twin(weights, pool)(images)
    np.testing.assert_allclose(array(model(images)), array(logits), atol=1e-4)
    for ours, theirs in zip(model.forward_features(images)[0], features, strict=True):
        np.testing.assert_allclose(array(ours), array(theirs), atol=1e-4)


def test_attentions_are_those_of_each_block_on_what_the_block_before_returned(small):
    model, _, images = small
    features, attentions = model.forward_features(images)
    _, expected = model.blocks[1](features[0], return_weights=True)
    np.testing.assert_allclose(array(attentions[1]), array(expected), atol=1e-6)
    assert [tuple(one.shape) for one in attentions] == [(B, HEADS, 10, 10)] * 2


def test_the_positions_matter_and_each_image_stands_alone(small):
    model, _, images = small
    logits = array(model(images))
    np.testing.assert_allclose(array(model(images[1:])), logits[1:], atol=1e-5)
    turned = images.transpose(0, 2, 1, 3)
    assert np.abs(array(model(turned)) - logits).max() > 1e-3


def test_a_model_can_be_trained_saved_and_loaded(small, tmp_path):
    rng = np.random.default_rng(1)
    images, labels = rng.random((16, 12, 12, 3), "float32"), rng.integers(0, 7, 16)
    model = reference.VisionTransformer(**SMALL, dropout=0.1)
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    first, *_, last = model.fit(images, labels, epochs=8, batch_size=8, verbose=0).history["loss"]
    assert last < first
    model.save_weights(tmp_path / "a.weights.h5")
    again = reference.VisionTransformer(**SMALL, dropout=0.1)
    again(images[:1])
    again.load_weights(tmp_path / "a.weights.h5")
    np.testing.assert_array_equal(array(again(images)), array(model(images)))


# vit_param_count

DEIT = {192: (5_717_416, 5_910_800), 384: (22_050_664, 22_436_432), 768: (86_567_656, 87_338_192)}


@pytest.mark.parametrize("dim", DEIT)
@pytest.mark.parametrize("extra_tokens", [1, 2])
def test_deits_models_have_the_published_numbers(dim, extra_tokens):
    assert reference.vit_param_count(224, 16, 1000, dim, 12, 4 * dim, extra_tokens) == DEIT[dim][extra_tokens - 1]


@pytest.mark.parametrize("pool", ["cls", "mean"])
def test_the_count_is_that_of_the_model(pool):
    model = reference.VisionTransformer(**SMALL, pool=pool)
    model(np.zeros((1, 12, 12, 3), "float32"))
    sizes = {name: size for name, size in SMALL.items() if name != "num_heads"}
    assert reference.vit_param_count(**sizes) == model.count_params()


def test_a_count_is_a_plain_int():
    assert type(reference.vit_param_count(8, 4, 2, 6, 1, 3)) is int


# warmup_cosine


@pytest.mark.parametrize(("warmup", "total"), [(0, 7), (3, 11), (5, 6)])
def test_the_rate_agrees_with_kerass_schedule_at_every_step(warmup, total):
    base = 1.7
    theirs = keras.optimizers.schedules.CosineDecay(
        0.0 if warmup else base, total - warmup, warmup_target=base if warmup else None, warmup_steps=warmup
    )
    steps = np.arange(total + 3)
    expected = [float(theirs(step)) for step in steps]
    np.testing.assert_allclose(array(reference.warmup_cosine(steps, base, warmup, total)), expected, atol=1e-6)


def test_the_rate_agrees_with_the_formula_in_float64():
    expected = [s / 4 if s < 4 else (1 + cos(pi * (s - 4) / 6)) / 2 if s <= 10 else 0 for s in range(13)]
    np.testing.assert_allclose(array(reference.warmup_cosine(np.arange(13), 1.0, 4, 10)), expected, atol=1e-6)


@pytest.mark.parametrize("shape", [(), (3,), (2, 3)], ids=str)
def test_the_rate_has_the_shape_of_the_steps_and_is_float32(shape):
    rate = reference.warmup_cosine(ops.full(shape, 5, dtype="int32"), 1.0, 2, 9)
    assert tuple(rate.shape) == shape
    assert keras.backend.standardize_dtype(rate.dtype) == "float32"


# figure


@pytest.fixture(scope="module")
def figure():
    """The reference's figure as arrays."""
    return {key: np.asarray(value) for key, value in reference.figure().items()}


def test_params_are_deits(figure):
    assert figure["params"].tolist() == [plain for plain, _ in DEIT.values()]


def test_rates_begin_and_end_at_0_and_are_highest_at_step_200(figure):
    assert figure["rates"].shape == (21,)
    assert figure["rates"][[0, 4, -1]] == pytest.approx([0, 1, 0], abs=1e-6)
    assert figure["rates"].argmax() == 4


def test_a_change_reaches_one_token_or_all(figure):
    assert figure["reach"].tolist() == [1, 1, 7]


def test_answer_1_is_the_size_of_six_blocks_of_the_paper(figure):
    made = reference.EncoderBlock(512, 8, 2048, norm_first=False)
    made(np.zeros((1, 2, 512), "float32"))
    assert figure["answer_1"] == 6 * made.count_params()


def test_answer_2_has_a_code_for_each_statement(figure, rng):
    x, order = normal(rng, B, T, D), np.roll(np.arange(T), 2)
    means, equivariant = [], []
    for norm_first in (False, True):
        layer, weights = block(rng, norm_first)
        overwrite_all(
            layer,
            weights | {f"norm{i}.gamma": np.ones(D) for i in (1, 2)} | {f"norm{i}.beta": np.zeros(D) for i in (1, 2)},
        )
        y = array(layer(x))
        means.append(bool(np.allclose(y.mean(-1), 0, atol=1e-5)))
        equivariant.append(bool(np.allclose(array(layer(x[:, order])), y[:, order], atol=1e-5)))
    assert figure["answer_2"].tolist() == [*map(int, means), 1, 0, int(all(equivariant))]


# cases


def cases_of(name):
    return next(exercise for exercise in EXERCISES if exercise.name == name).cases(np.random.default_rng(0))


@pytest.mark.parametrize("name", ["LayerNorm", "FeedForward", "EncoderBlock", "VisionTransformer"])
def test_every_layer_is_asked_with_all_of_its_weights_overwritten(name):
    for case in cases_of(name):
        layer = getattr(reference, name)(**case.question.init)
        layer(*case.question.args)
        assert len(layer.weights) == len(case.question.weights)


def test_the_two_orders_weigh_15_and_10():
    cases = cases_of("EncoderBlock")
    weights = {
        order: sum(case.weight for case in cases if case.name.startswith(order)) for order in ("as drawn", "ViT's")
    }
    assert weights == {"as drawn": 15.0, "ViT's": 10.0}


def test_at_a_rate_of_almost_1_the_answer_is_the_same_every_time():
    for case in cases_of("FeedForward") + cases_of("EncoderBlock"):
        if case.question.kwargs.get("training") and case.question.init["dropout"] == NEARLY_ALL:
            target = getattr(reference, "EncoderBlock" if "norm_first" in case.question.init else "FeedForward")
            answers = [ask(target, vars(case.question)) for _ in range(5)]
            for answer in answers[1:]:
                np.testing.assert_array_equal(answer, answers[0])


def test_a_question_may_ask_a_method_of_a_layer_that_was_only_called(small):
    _, weights, images = small
    question = Question((images,), {}, SMALL, weights, "forward_features")
    features, attentions = ask(reference.VisionTransformer, vars(question))
    assert (len(features), len(attentions)) == (2, 2)


def test_a_method_that_is_not_there_is_an_error(small):
    _, weights, images = small
    with pytest.raises(AttributeError, match="no_such"):
        ask(reference.VisionTransformer, vars(Question((images,), {}, SMALL, weights, "no_such")))


# stand-ins


@pytest.fixture(scope="module")
def stand_ins():
    """What the stand-ins' texts define, each from its own text alone."""
    spaces = {name: {} for name in STAND_INS}
    for name, text in STAND_INS.items():
        exec(text, spaces[name])
    return {name: space[name] for name, space in spaces.items()}


@pytest.mark.parametrize("name", ["LayerNorm", "FeedForward", "EncoderBlock"])
def test_the_stand_ins_of_layers_answer_every_question_as_the_references_do(stand_ins, name):
    for case in cases_of(name):
        ours, theirs = (ask(target, vars(case.question)) for target in (getattr(reference, name), stand_ins[name]))
        for one, other in zip(
            *(value if isinstance(value, list) else [value] for value in (ours, theirs)), strict=True
        ):
            np.testing.assert_allclose(one, other, atol=2e-5)


@pytest.mark.parametrize("name", ["vit_param_count", "warmup_cosine"])
def test_the_stand_ins_of_functions_answer_every_question_as_the_references_do(stand_ins, name):
    for case in cases_of(name):
        ours, theirs = (ask(target, vars(case.question)) for target in (getattr(reference, name), stand_ins[name]))
        np.testing.assert_allclose(np.asarray(ours, "float64"), np.asarray(theirs, "float64"), rtol=1e-6, atol=1e-6)


# the trained item

TINY = {
    "image_size": 32, "patch_size": 16, "num_classes": 10, "dim": 16, "depth": 1, "num_heads": 2, "mlp_dim": 16,
    "dropout": 0.0, "pool": "cls",
}  # fmt: skip


def tiny_model(seed=0):
    """An untrained model within the item's ranges."""
    keras.utils.set_random_seed(seed)
    model = reference.VisionTransformer(**TINY)
    model(np.zeros((1, 32, 32, 3), "float32"))
    return model


@pytest.mark.parametrize("sizes", [TINY, {**TINY, "depth": 3, "pool": "mean", "patch_size": 8}], ids=["tiny", "deeper"])
def test_the_item_names_every_weight_of_the_model(sizes):
    model = reference.VisionTransformer(**sizes)
    model(np.zeros((1, 32, 32, 3), "float32"))
    found = [find_weight(model, path) for path in trained.paths(sizes)]
    assert sorted(weight.path for weight in found) == sorted(weight.path for weight in model.weights)


def test_the_standard_size_is_that_of_the_budget_and_within_its_own_ranges():
    item = trained.TRAINED
    assert item.standard == training.budget("cpu").model
    assert list(item.standard) == list(item.arguments)
    for name, rule in item.arguments.items():
        value = item.standard[name]
        assert value in rule.choices if rule.choices else rule.low <= value <= rule.high


def test_unseen_digits_have_colours_of_their_own_for_each_student():
    (one, labels), (other, again) = (datasets.colour_unseen(np.random.default_rng(seed)) for seed in (1, 2))
    assert one.shape == (2_160, 32, 32, 3)
    assert (labels == again).all()
    assert one.dtype == np.float32
    assert 0 <= one.min() < one.max() <= 1
    assert np.abs(one - other).mean() > 0.1


@pytest.fixture
def brief(monkeypatch):
    """Training under a budget of one epoch on a few images with a tiny model."""
    short = replace(training.budget("cpu"), images=64, epochs=1, batch_size=16, model=TINY)
    monkeypatch.setattr(training, "budget", lambda *args, **kwargs: short)
    rng = np.random.default_rng(5)
    part = rng.random((64, 32, 32, 3), "float32"), rng.integers(0, 10, 64)
    return part, part


def test_the_reference_trains_the_model_of_the_budget_and_returns_kerass_history(brief):
    model, history = reference.train_vit(brief, 3)
    assert isinstance(model, reference.VisionTransformer)
    assert len(history.history["loss"]) == 1
    assert model.count_params() == reference.vit_param_count(32, 16, 10, 16, 1, 16)


@pytest.mark.parametrize(("count", "dataset"), [(64, "colour_digits"), (10_001, "cifar10")])
def test_the_reference_takes_the_budget_of_its_data(monkeypatch, count, dataset):
    monkeypatch.setattr(training, "fit", lambda model, data, budget, seed: (budget, seed))
    part = np.zeros((count, 1, 1, 3), "uint8"), np.zeros(count, int)
    model, (budget, seed) = reference.train_vit((part, part), 3)
    assert (budget, seed) == (training.budget(dataset=dataset), 3)
    assert (model.dim, len(model.blocks)) == (budget.model["dim"], budget.model["depth"])


def test_the_baseline_has_the_reference_s_recipe_and_positions_that_stay_zero(brief):
    model = trained.train_without_positions(brief, 3)
    assert not array(model.pos_embed).any()
    images = brief[0][0][:4]
    patches = images.reshape(4, 2, 16, 2, 16, 3).transpose(0, 1, 3, 2, 4, 5).reshape(4, 4, 16, 16, 3)[:, [2, 0, 3, 1]]
    shuffled = patches.reshape(4, 2, 2, 16, 16, 3).transpose(0, 1, 3, 2, 4, 5).reshape(images.shape)
    np.testing.assert_allclose(array(model(images)), array(model(shuffled)), atol=1e-5)


def test_the_weights_of_the_baseline_load_into_the_right_model_and_give_the_same(brief, tmp_path):
    blind = trained.train_without_positions(brief, 3)
    blind.save_weights(tmp_path / "a.weights.h5")
    model = tiny_model(9)
    model.load_weights(tmp_path / "a.weights.h5")
    np.testing.assert_allclose(array(model(brief[0][0])), array(blind(brief[0][0])), atol=1e-5)


def fake_cifar(folder, first):
    """A file like cifar10.npz, of a few images."""
    images, labels = np.zeros((20, 32, 32, 3), "uint8"), np.arange(20) % 10
    images[0, 0, 0] = first
    np.savez(folder / "cifar10.npz", x_train=images, y_train=labels, x_test=images, y_test=labels)


@pytest.mark.parametrize(("first", "here"), [((59, 62, 63), "cifar10"), ((60, 61, 63), "cifar10-jpeg")])
def test_cifar_as_published_and_as_jpeg_are_two_data_sets(tmp_path, monkeypatch, first, here):
    fake_cifar(tmp_path, first)
    monkeypatch.setenv("VITLAB_DATA", str(tmp_path))
    datasets = {dataset.name: dataset for dataset in trained.TRAINED.datasets[1:]}
    (x, _), _ = datasets.pop(here).training("cpu")
    assert x.dtype == np.float32
    (other,) = datasets.values()
    with pytest.raises(NoData, match=f"Found {here}"):
        other.unseen(np.random.default_rng(0))


@pytest.mark.parametrize("folder", ["", "/nowhere"])
def test_nothing_is_downloaded_where_a_class_is_graded(monkeypatch, folder):
    monkeypatch.setenv("VITLAB_DATA", folder)
    for dataset in trained.TRAINED.datasets[1:]:
        with pytest.raises(NoData, match="VITLAB_DATA"):
            dataset.training("cpu")


@pytest.fixture(scope="module")
def graded(worker):
    """A function: (files, source of the notebook, changes of the lesson) -> the verdict of the trained item."""

    def grade(weights, sizes, source=None, **changes):
        lesson = replace(loaded("04_vit"), **changes)
        text = source or (solution_folder("04_vit") / "reference.py").read_text(encoding="utf-8")
        analysis = analyse(read_code((Cell("own", None, "code", text),), frozenset()))
        files = Artifacts(weights, as_json(sizes))
        return grade_trained("ann", files, analysis, lesson, worker, Rules("secret"))[0]

    return grade


def test_an_own_model_is_rebuilt_and_measured_and_untrained_it_earns_nothing(graded):
    verdict = graded(weights_of(tiny_model()), TINY)
    assert (verdict.outcome, verdict.points, verdict.dataset) == ("failed", 0.0, "colour_digits")
    assert 0 <= verdict.accuracy <= 0.3
    assert "right on 2,160 unseen inputs" in verdict.message


def test_the_lesson_tells_the_bar_as_it_was_measured():
    bar = next(bar for bar in read_bars(solution_folder("04_vit")) if (bar.dataset, bar.budget) == STANDARD)
    lesson = " ".join((CHECKOUT / "course/04_vit/lesson.py").read_text(encoding="utf-8").replace("\n# ", " ").split())
    assert f"gave {bar.mean:.0%}".replace("%", " %") + " on average" in lesson
    assert f"full marks begin at {bar.full_marks_at:.0%}".replace("%", " %") in lesson
    assert f"and from {bar.zero_at:.0%}".replace("%", " %") in lesson


def test_without_a_bar_it_is_left_to_a_person(graded):
    verdict = graded(weights_of(tiny_model()), TINY, bars=())
    assert verdict.outcome == "infra_error"
    assert "a person will decide" in verdict.message


def test_a_model_that_computes_something_else_cannot_hide_behind_its_accuracy(graded):
    text = (solution_folder("04_vit") / "reference.py").read_text(encoding="utf-8")
    wrong = text.replace("tokens = self.norm(features[-1])", "tokens = 2 * self.norm(features[-1])")
    assert wrong != text
    verdict = graded(weights_of(tiny_model()), TINY, wrong)
    assert verdict.outcome == "failed"
    assert "give different outputs" in verdict.message


@pytest.mark.parametrize(
    "change", [{"dim": 512}, {"patch_size": 5}, {"num_heads": 3}, {"pool": "max"}, {"dropout": 1.5}], ids=str
)
def test_arguments_out_of_range_are_refused_by_name(graded, change):
    verdict = graded(weights_of(tiny_model()), {**TINY, **change})
    assert verdict.outcome == "failed"
    assert next(iter(change)) in verdict.message


def test_the_committed_fixture_allows_what_the_grader_allows():
    from vitlab import fixtures

    from autograder.read.artifacts import rules_of

    assert fixtures.trained_items()["train_vit"] == json.loads(json.dumps(rules_of(trained.TRAINED)))


def test_a_weight_error_names_the_place_in_a_list_of_blocks(small):
    model, _, _ = small
    with pytest.raises(WeightError, match=r"blocks\.5"):
        find_weight(model, "blocks.5.norm1.gamma")
