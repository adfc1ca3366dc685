"""Lesson 10's references against code that is not ours: plain loops, Keras's layers, PyTorch's, published networks."""

import ast
from dataclasses import replace
from math import erf, sqrt

import keras
import numpy as np
import pytest
from keras import ops
from lessons import text_of, told_of_bars
from vitlab import training
from vitlab.library import SwitchedOff, switched_off
from vitlab.probe import WeightError, ask, find_weight, overwrite_all, plain

from autograder.judge.score import distinct_questions
from autograder.lessons import CHECKOUT
from autograder.records import Question
from solutions import datasets
from solutions.mixers import reference, trained
from solutions.mixers.cases import (
    CLEAR,
    EXERCISES,
    SCALING,
    both_signs,
    class_weights,
    is_clear,
    mixer_weights,
    silent,
    some_regnet,
)
from solutions.mixers.stand_ins import STAND_INS

B, N, D, S, C, HEADS, E = 2, 7, 15, 11, 13, 3, 5
EPSILON = 0.3
MIXER = {"num_tokens": N, "dim": D, "token_mlp_dim": S, "channel_mlp_dim": C, "epsilon": EPSILON}
CLASS = {"dim": D, "num_heads": HEADS, "mlp_dim": C, "epsilon": EPSILON}
BY_NAME = {exercise.name: exercise for exercise in EXERCISES}
LAYERS = ("MixerBlock", "LayerScale", "ClassAttentionBlock")


@pytest.fixture
def rng():
    return np.random.default_rng(10)


def normal(rng, *shape):
    return rng.standard_normal(shape).astype("float32")


def array(value):
    return ops.convert_to_numpy(value)


def cases_of(name, seed=0):
    return BY_NAME[name].cases(np.random.default_rng(seed))


def called(layer, weights, *inputs):
    """A layer after its first call, all its weights overwritten."""
    layer(*inputs)
    overwrite_all(layer, weights)
    return layer


def exact_norm(vector, weights, name):
    """LayerNorm of one vector in float64."""
    mean = sum(vector) / len(vector)
    variance = sum((number - mean) ** 2 for number in vector) / len(vector)
    normed = [(number - mean) / sqrt(variance + EPSILON) for number in vector]
    return np.array(normed) * weights[f"{name}.gamma"] + weights[f"{name}.beta"]


def exact_mlp(vector, weights, name):
    """Dense, gelu, Dense of one vector in float64."""
    first, one, second, two = (weights[f"{name}.weights.{i}"] for i in range(4))
    hidden = [z * (1 + erf(z / sqrt(2))) / 2 for z in vector @ first + one]
    return np.array(hidden) @ second + two


def doubles(weights):
    return {path: value.astype("float64") for path, value in weights.items()}


# MixerBlock


def exact_mixer(x, weights):
    """The two lines of the text in float64: one channel of all tokens at a time, then one token at a time."""
    weights, out = doubles(weights), []
    for image in x.astype("float64"):
        normed = np.array([exact_norm(token, weights, "norm1") for token in image])
        h = image.copy()
        for channel in range(image.shape[1]):
            h[:, channel] += exact_mlp(normed[:, channel], weights, "token_mlp")
        out.append([token + exact_mlp(exact_norm(token, weights, "norm2"), weights, "channel_mlp") for token in h])
    return np.array(out)


def mixer(rng, **changes):
    """A block and its random weights."""
    sizes = {**MIXER, **changes}
    weights = mixer_weights(rng, **sizes)
    x = np.zeros((B, sizes["num_tokens"], sizes["dim"]), "float32")
    return called(reference.MixerBlock(**sizes), weights, x), weights


@pytest.mark.parametrize("changes", [{}, {"num_tokens": D}, {"num_tokens": 17, "dim": 3}], ids=str)
@pytest.mark.parametrize("scale", [1.0, 1e-2])
def test_the_mixer_block_agrees_with_plain_loops(rng, changes, scale):
    block, weights = mixer(rng, **changes)
    x = scale * normal(rng, B, block.token_mlp.weights[0].shape[0], block.norm1.gamma.shape[0])
    np.testing.assert_allclose(array(block(x)), exact_mixer(x, weights), atol=1e-5, rtol=1e-5)


def test_the_mixer_block_agrees_with_pytorch(rng):
    torch = pytest.importorskip("torch", reason="PyTorch is not installed here; the comparison with it is left out")
    block, weights = mixer(rng)
    given = {path: torch.tensor(value) for path, value in weights.items()}
    functional = torch.nn.functional

    def norm(x, name):
        return functional.layer_norm(x, (D,), given[f"{name}.gamma"], given[f"{name}.beta"], EPSILON)

    def mlp(x, name):
        first, one, second, two = (given[f"{name}.weights.{i}"] for i in range(4))
        return functional.linear(functional.gelu(functional.linear(x, first.T, one)), second.T, two)

    x = normal(rng, B, N, D)
    h = torch.tensor(x) + mlp(norm(torch.tensor(x), "norm1").transpose(1, 2), "token_mlp").transpose(1, 2)
    expected = h + mlp(norm(h, "norm2"), "channel_mlp")
    np.testing.assert_allclose(array(block(x)), expected.numpy(), atol=1e-5, rtol=1e-5)


def test_a_changed_token_reaches_all_others_and_a_silent_token_mlp_keeps_it_at_home(rng):
    block, weights = mixer(rng)
    x = normal(rng, 1, N, D)
    changed = x.copy()
    changed[0, 3] += normal(rng, D)
    for own, reached in ((weights, list(range(N))), (silent(weights, "token_mlp"), [3])):
        overwrite_all(block, own)
        moved = np.abs(array(block(changed)) - array(block(x)))[0].max(-1)
        assert np.flatnonzero(moved > 1e-6).tolist() == reached


def test_a_block_of_mixer_b16_and_l16_has_the_size_that_makes_the_published_models():
    published = {(768, 384, 3072, 12): 59_880_472, (1024, 512, 4096, 24): 208_196_168}
    for (dim, tokens, channels, depth), total in published.items():
        norms = 4 * dim
        mlps = 196 * tokens * 2 + tokens + 196 + dim * channels * 2 + channels + dim
        ends = 16 * 16 * 3 * dim + dim + 2 * dim + 1000 * dim + 1000
        assert depth * (norms + mlps) + ends == total


# LayerScale


@pytest.mark.parametrize("shape", [(B, D), (B, N, D), (B, HEADS, N, D)], ids=str)
def test_a_layer_scale_multiplies_feature_by_feature(rng, shape):
    x, gamma = normal(rng, *shape), normal(rng, D)
    scale = called(reference.LayerScale(), {"gamma": gamma}, x)
    expected = [[number * factor for number, factor in zip(row, gamma, strict=True)] for row in x.reshape(-1, D)]
    np.testing.assert_allclose(array(scale(x)), np.reshape(expected, shape), rtol=1e-6)


@pytest.mark.parametrize("start", [1e-5, 0.1, 1.0])
def test_gamma_starts_at_the_init_value_alone_and_inside_of_a_block(start):
    alone = reference.LayerScale(start)
    alone(np.zeros((B, N, D), "float32"))
    block = reference.ClassAttentionBlock(D, HEADS, C, init_value=start)
    pictures, patches = keras.Input((1, D)), keras.Input((N, D))
    keras.Model([pictures, patches], block(pictures, patches))
    for scale in (alone, block.scale1, block.scale2):
        assert array(scale.gamma) == pytest.approx(np.full(D, start), rel=1e-6)
        assert scale.gamma.trainable


@pytest.mark.parametrize(("initializer", "kept"), [("zeros", 0.0), ("ones", 1.0)])
def test_what_is_assigned_in_build_is_lost_inside_of_a_block_as_the_text_says(initializer, kept):
    class Assigns(reference.LayerScale):
        def build(self, input_shape):
            self.gamma = self.add_weight(shape=(input_shape[-1],), initializer=initializer, name="gamma")
            self.gamma.assign(ops.full((input_shape[-1],), self.init_value))

    class Block(keras.layers.Layer):
        def __init__(self):
            super().__init__()
            self.scale = Assigns(0.5)

        def call(self, x):
            return self.scale(x)

    block = Block()
    block(np.ones((B, D), "float32"))
    assert array(block.scale.gamma).tolist() == [kept] * D


def test_the_layer_scale_of_keras_is_switched_off_where_it_is_built():
    from keras.src.applications import convnext

    with switched_off(SCALING), pytest.raises(SwitchedOff):
        convnext.LayerScale(0.1, D)


# ClassAttentionBlock


def exact_class(cls, patches, weights):
    """The lines of the text in float64, one image and head at a time."""
    weights, out = doubles(weights), []
    kernels, biases = ([weights[f"attn.weights.{i}"] for i in range(first, 8, 2)] for first in (0, 1))
    for own, others in zip(cls.astype("float64"), patches.astype("float64"), strict=True):
        z = [exact_norm(token, weights, "norm1") for token in (*own, *others)]
        found = biases[3].copy()
        for head in range(HEADS):
            q = z[0] @ kernels[0][:, head] + biases[0][head]
            keys = [token @ kernels[1][:, head] + biases[1][head] for token in z]
            values = [token @ kernels[2][:, head] + biases[2][head] for token in z]
            powers = np.exp([q @ key / sqrt(E) for key in keys])
            found += sum(p / powers.sum() * value for p, value in zip(powers, values, strict=True)) @ kernels[3][head]
        h = own[0] + weights["scale1.gamma"] * found
        y = h + weights["scale2.gamma"] * exact_mlp(exact_norm(h, weights, "norm2"), weights, "mlp")
        out.append([y])
    return np.array(out)


def class_block(rng):
    """A block and its random weights."""
    weights = class_weights(rng, D, HEADS, C)
    made = reference.ClassAttentionBlock(**CLASS)
    return called(made, weights, np.zeros((B, 1, D), "float32"), np.zeros((B, N, D), "float32")), weights


@pytest.mark.parametrize("count", [1, N])
@pytest.mark.parametrize("scale", [1.0, 1e-2])
def test_class_attention_agrees_with_plain_loops(rng, count, scale):
    block, weights = class_block(rng)
    cls, patches = scale * normal(rng, B, 1, D), scale * normal(rng, B, count, D)
    np.testing.assert_allclose(array(block(cls, patches)), exact_class(cls, patches, weights), atol=1e-5, rtol=1e-5)


def test_class_attention_agrees_with_pytorch(rng):
    torch = pytest.importorskip("torch", reason="PyTorch is not installed here; the comparison with it is left out")
    block, weights = class_block(rng)
    attention = torch.nn.MultiheadAttention(D, HEADS, batch_first=True).eval()
    kernels = [weights[f"attn.weights.{i}"].reshape(D, D) for i in (0, 2, 4, 6)]
    biases = np.concatenate([weights[f"attn.weights.{i}"].ravel() for i in (1, 3, 5)])
    values = {
        "in_proj_weight": np.concatenate([kernel.T for kernel in kernels[:3]]),
        "in_proj_bias": biases,
        "out_proj.weight": kernels[3].T,
        "out_proj.bias": weights["attn.weights.7"],
    }
    attention.load_state_dict({name: torch.tensor(value) for name, value in values.items()})
    given, functional = {path: torch.tensor(value) for path, value in weights.items()}, torch.nn.functional

    def norm(x, name):
        return functional.layer_norm(x, (D,), given[f"{name}.gamma"], given[f"{name}.beta"], EPSILON)

    first, one, second, two = (given[f"mlp.weights.{i}"] for i in range(4))
    cls, patches = normal(rng, B, 1, D), normal(rng, B, N, D)
    with torch.no_grad():
        z = norm(torch.cat([torch.tensor(cls), torch.tensor(patches)], dim=1), "norm1")
        h = torch.tensor(cls) + given["scale1.gamma"] * attention(z[:, :1], z, z)[0]
        hidden = functional.gelu(functional.linear(norm(h, "norm2"), first.T, one))
        expected = h + given["scale2.gamma"] * functional.linear(hidden, second.T, two)
    np.testing.assert_allclose(array(block(cls, patches)), expected.numpy(), atol=1e-5, rtol=1e-5)


# scaled_weight_standardization


def looped_standard(kernel, gain, epsilon):
    """One filter at a time in float64."""
    out = np.empty(kernel.shape)
    for i, g in enumerate(np.broadcast_to(gain, kernel.shape[-1])):
        numbers = [float(number) for number in kernel[..., i].ravel()]
        mean = sum(numbers) / len(numbers)
        squares = sum((number - mean) ** 2 for number in numbers)
        size = sqrt(squares if squares > epsilon else epsilon)
        out[..., i] = np.reshape([g * (number - mean) / size for number in numbers], kernel.shape[:-1])
    return out


@pytest.mark.parametrize("shape", [(3, 5, 2, 7), (1, 1, 11, 3), (3, 3, 3, 3)], ids=str)
@pytest.mark.parametrize("gain", ["number", "array"])
@pytest.mark.parametrize("epsilon", [1e-4, 2.0])
def test_standardization_agrees_with_plain_loops(rng, shape, gain, epsilon):
    kernel = normal(rng, *shape) * rng.uniform(0.01, 3, shape[-1]).astype("float32")
    gain = 1.7 if gain == "number" else rng.uniform(0.5, 2, shape[-1]).astype("float32")
    found = array(reference.scaled_weight_standardization(kernel, gain, epsilon))
    np.testing.assert_allclose(found, looped_standard(kernel, gain, epsilon), atol=1e-5, rtol=1e-5)


def test_standardization_agrees_with_pytorchs_norms(rng):
    torch = pytest.importorskip("torch", reason="PyTorch is not installed here; the comparison with it is left out")
    kernel, gain = normal(rng, 3, 5, 2, 7), rng.uniform(0.5, 2, 7).astype("float32")
    rows = torch.tensor(kernel).reshape(-1, 7).T.reshape(1, 7, -1)
    scale = torch.tensor(gain) / sqrt(30)
    expected = torch.nn.functional.batch_norm(rows, None, None, weight=scale, training=True, eps=1e-12)
    found = array(reference.scaled_weight_standardization(kernel, gain)).reshape(-1, 7).T
    np.testing.assert_allclose(found, expected[0].numpy(), atol=1e-5, rtol=1e-5)


def test_each_filter_has_the_mean_0_and_the_sum_of_squares_of_the_gain(rng):
    kernel, gain = 3 + normal(rng, 3, 5, 2, 7), np.float32([0.5, 1, 1.5, 2, 2.5, 3, 3.5])
    found = array(reference.scaled_weight_standardization(kernel, gain))
    np.testing.assert_allclose(found.sum((0, 1, 2)), 0, atol=1e-5)
    np.testing.assert_allclose((found**2).sum((0, 1, 2)), gain**2, rtol=1e-5)


def test_noise_stays_as_large_as_it_was_through_a_standardised_convolution(rng):
    kernel = reference.scaled_weight_standardization(normal(rng, 3, 3, 16, 32), 1.0)
    found = array(ops.conv(normal(rng, 20, 18, 18, 16), kernel, padding="valid"))
    assert found.var() == pytest.approx(1, abs=0.03)


# regnet_widths

PUBLISHED = {  # Radosavovic et al. 2020, figure 15: w0, wa, wm, depth, group width; widths and depths of the stages
    "200MF": ((24, 36.44, 2.49, 13), 8, [24, 56, 152, 368], [1, 1, 4, 7]),
    "400MF": ((24, 24.48, 2.54, 22), 16, [32, 64, 160, 384], [1, 2, 7, 12]),
    "600MF": ((48, 36.97, 2.24, 16), 24, [48, 96, 240, 528], [1, 3, 5, 7]),
    "800MF": ((56, 35.73, 2.28, 16), 16, [64, 128, 288, 672], [1, 3, 7, 5]),
    "1.6GF": ((80, 34.01, 2.25, 18), 24, [72, 168, 408, 912], [2, 4, 10, 2]),
    "3.2GF": ((88, 26.31, 2.25, 25), 48, [96, 192, 432, 1008], [2, 6, 15, 2]),
}


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_widths_are_those_of_the_published_networks_after_their_groups_are_made_to_fit(name):
    arguments, group, widths, depths = PUBLISHED[name]
    fitted = [group * round(width / group) for width in reference.regnet_widths(*arguments)]
    assert fitted == [width for width, depth in zip(widths, depths, strict=True) for _ in range(depth)]


def test_widths_are_plain_ints_and_as_many_as_blocks():
    found = reference.regnet_widths(24, 36.44, 2.49, 13)
    assert found == [24, 56, 152, 152, 152, 152] + [368] * 7
    assert {type(width) for width in found} == {int}


# recipe_gain


def test_the_lectures_table_says_what_the_lesson_says_of_it():
    gains = reference.recipe_gain(reference.RSB_TABLE)
    assert len(reference.RSB_TABLE) == 25
    assert len(gains) == 24
    assert sum(gain > 0 for gain in gains.values()) == 17
    assert sum(gains.values()) / 24 == pytest.approx(25.7 / 24)
    assert max(gains, key=gains.get) == "ResNet-50"
    assert min(gains, key=gains.get) == "EfficientNetV2-rw-M"
    told = {"ResNet-50": 4.3, "EfficientNetV2-rw-M": -4.2, "ViT-Ti": 2.5, "ViT-S": 0.8, "ViT-B": -1.4}
    assert {model: gains[model] for model in told} == pytest.approx(told)


def test_a2_and_a3_are_better_than_a1_as_often_as_the_lesson_says():
    rows = reference.RSB_TABLE
    assert sum(a2 > a1 for _, a1, a2, _, _ in rows) == 8
    assert sum(a3 > a1 for _, a1, _, a3, _ in rows) == 3


def test_a_key_that_should_not_be_there_fails_its_case():
    cases = [case for case in cases_of("recipe_gain") if case.part]
    for case in cases:
        (table,) = case.question.args
        assert {row[0]: row[4] for row in table}[case.part] is None
    assert len(cases) == 2


# what a question may ask


def test_a_weight_that_a_question_leaves_as_it_was_made_keeps_its_first_value(rng):
    x = normal(rng, B, N, D)
    found = ask(reference.LayerScale, vars(Question((x,), {}, {"init_value": 0.25}, {"gamma": None})))
    np.testing.assert_allclose(found, x / 4, rtol=1e-6)


def test_such_a_weight_has_to_be_there_and_to_be_trained_all_the_same(rng):
    class Frozen(reference.LayerScale):
        def build(self, input_shape):
            self.gamma = self.add_weight(shape=(input_shape[-1],), trainable=False, name="gamma")

    x = normal(rng, B, D)
    with pytest.raises(WeightError, match="trainable"):
        ask(Frozen, vars(Question((x,), {}, {}, {"gamma": None})))
    with pytest.raises(WeightError, match="beta"):
        ask(reference.LayerScale, vars(Question((x,), {}, {}, {"gamma": None, "beta": None})))


# cases


@pytest.mark.parametrize("name", LAYERS)
def test_every_layer_is_asked_with_all_of_its_weights_named(name):
    for case in cases_of(name):
        layer = getattr(reference, name)(**case.question.init)
        layer(*case.question.args)
        assert len(layer.weights) == len(case.question.weights)


def test_the_sizes_of_a_mixer_differ_but_where_the_case_says_so():
    for seed in range(10):
        for case in cases_of("MixerBlock", seed):
            init = case.question.init
            found = [init[name] for name in ("num_tokens", "dim", "token_mlp_dim", "channel_mlp_dim")]
            assert len(set(found)) == (3 if case.name.startswith("as many") else 4)


def test_gammas_have_both_signs_and_lie_near_1():
    for seed in range(20):
        gamma = both_signs(np.random.default_rng(seed), 5)
        assert gamma.min() < 0 < gamma.max()
        assert 0.5 <= np.abs(gamma).min() <= np.abs(gamma).max() <= 1.5


def test_no_filter_lies_near_the_floor_and_no_mean_is_far_from_0():
    for seed in range(20):
        for case in cases_of("scaled_weight_standardization", seed):
            kernel, _, *rest = (*case.question.args, *case.question.kwargs.values())
            epsilon = rest[0] if rest else 1e-4
            flat = kernel.reshape(-1, kernel.shape[-1]).astype("float64")
            squares = ((flat - flat.mean(0)) ** 2).sum(0)
            assert all(one == 0 or max(one / epsilon, epsilon / one) > 1.5 for one in squares)
            assert all(np.abs(flat.mean(0))[squares > 0] <= 3 * flat.std(0)[squares > 0])


def test_no_graded_network_is_rounded_near_a_half():
    for seed in range(20):
        for case in cases_of("regnet_widths", seed):
            numbers = (*case.question.args, *case.question.kwargs.values())
            w0, wa, wm, depth, q = (*numbers, 8)[:5]
            line = w0 + wa * np.arange(depth)
            steps = np.log(line / w0) / np.log(wm)
            for part in (steps, w0 * wm ** np.round(steps) / q):
                assert np.abs(part % 1 - 0.5).min() > 1e-3
            assert w0 % q == 0


def test_drawn_networks_have_three_stages_or_more():
    for seed in range(20):
        drawn = some_regnet(np.random.default_rng(seed), 8)
        assert is_clear(*drawn)
        assert len(set(reference.regnet_widths(*drawn))) >= 3
    assert CLEAR > 1e-3


def test_tables_name_no_model_twice_and_hold_what_they_are_named_after():
    for seed in range(10):
        cases = {case.name: case.question for case in cases_of("recipe_gain", seed) if case.weight}
        tables = [(*question.args, *question.kwargs.values())[0] for question in cases.values()]
        assert all(len({row[0] for row in table}) == len(table) for table in tables)
        assert all(round(a1 - org, 6) == 0 for _, a1, _, _, org in cases["no gain and no loss"].args[0])


# the figure


@pytest.fixture(scope="module")
def figure():
    """The reference's figure as arrays."""
    return {key: array(value) for key, value in reference.figure().items()}


def test_the_signal_agrees_with_float64_numpy(figure):
    start, matrices = reference.random_network()
    norm = lambda x: (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + 1e-6)  # noqa: E731
    for row, rule in enumerate((lambda x: x, norm, lambda x: 0.1 * norm(x))):
        x, found = start.astype("float64"), [np.mean(start**2)]
        for matrix in matrices.astype("float64"):
            x = x + rule(x) @ matrix
            found.append(np.mean(x**2))
        np.testing.assert_allclose(figure["signal"][row], found, rtol=1e-4)


def test_without_a_norm_the_signal_doubles_with_one_it_grows_by_1_and_scaled_it_hardly_does(figure):
    ends = figure["signal"][:, -1]
    assert figure["signal"].shape == (3, 25)
    assert 2**22 < ends[0] < 2**26
    assert 18 < ends[1] < 32
    assert 1.1 < ends[2] < 1.4


def test_the_trade_is_the_lectures(figure):
    np.testing.assert_allclose(figure["trade"], [[-1.15, 3.28125], [-0.61, 2.6666667]], atol=1e-6)


def test_answer_1_is_the_size_of_a_block_of_mixer_l16(figure):
    block = reference.MixerBlock(196, 1024, 512, 4096)
    block(np.zeros((1, 196, 1024), "float32"))
    assert figure["answer_1"] == block.count_params()


def test_the_five_statements_hold_or_fail_by_example(figure, rng):
    block, own = mixer(rng)
    x, tokens, channels = normal(rng, B, N, D), np.roll(np.arange(N), 2), rng.permutation(D)

    def added(x):
        """What token_mlp adds to x."""
        return array(block.token_mlp(array(block.norm1(x)).swapaxes(1, 2))).swapaxes(1, 2)

    before = added(x)
    moved = {name: own[name][channels] for name in ("norm1.gamma", "norm1.beta")}
    overwrite_all(block, own | moved)
    reordered = np.allclose(added(x[..., channels]), before[..., channels], atol=1e-4)
    overwrite_all(block, silent(own, "token_mlp"))
    shuffled = np.allclose(array(block(x[:, tokens])), array(block(x))[:, tokens], atol=1e-4)
    asking, _ = class_block(rng)
    cls = normal(rng, B, 1, D)
    same = np.allclose(array(asking(cls, np.repeat(x, 2, axis=1))), array(asking(cls, x)), atol=1e-3)
    kernel = normal(rng, 3, 3, 2, 5)
    both = [array(reference.scaled_weight_standardization(kernel * factor, 1.0)) for factor in (1, -2)]
    small, large = (reference.regnet_widths(*numbers) for numbers in ((24, 36.44, 2.49, 13), (48, 72.88, 2.49, 13, 16)))
    doubled = large == [2 * width for width in small]
    holds = [shuffled, reordered, same, np.allclose(*both, atol=1e-3), doubled]
    assert figure["answer_2"].tolist() == [int(one) for one in holds]


# stand-ins


@pytest.mark.parametrize("name", list(STAND_INS))
def test_a_stand_in_alone_equals_the_reference_on_all_that_is_asked(name):
    space = {}
    exec(STAND_INS[name], space)
    for question in distinct_questions(cases_of(name)):
        ours, theirs = (plain(ask(target, vars(question))) for target in (getattr(reference, name), space[name]))
        if isinstance(ours, dict):
            assert theirs == pytest.approx(ours)
        else:
            np.testing.assert_allclose(theirs, ours, rtol=1e-6)


# tables of the notebook


def tables_of_the_lesson():
    """The literal tables that the lesson's text gives, by name."""
    tree = ast.parse((CHECKOUT / "course/10_mixers/lesson.py").read_text(encoding="utf-8"))
    named = [node for node in tree.body if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)]
    wanted = ("RSB_TABLE", "MIXER_TABLE", "RSB_COST")
    return {node.targets[0].id: ast.literal_eval(node.value) for node in named if node.targets[0].id in wanted}


def test_the_notebook_gives_the_tables_that_the_reference_uses():
    found = tables_of_the_lesson()
    assert found["RSB_TABLE"] == reference.RSB_TABLE
    assert found["MIXER_TABLE"] == reference.MIXER_TABLE
    assert list(found["RSB_COST"]) == [row[0] for row in reference.RSB_TABLE]
    assert {len(row) for row in found["RSB_COST"].values()} == {11}


def test_a1_of_resnet_50_takes_440_gpu_hours_and_a3_takes_60():
    cost = tables_of_the_lesson()["RSB_COST"]["ResNet-50"]
    assert (cost[4] * cost[6], cost[5] * cost[6], cost[8] * cost[9]) == (440, 220, 60)


# the models and the trained item

SMALL = {
    "image_size": 32,
    "patch_size": 16,
    "num_classes": 10,
    "dim": 16,
    "depth": 2,
    "token_mlp_dim": 8,
    "channel_mlp_dim": 17,
}


def small_mixer(seed=0, **changes):
    """An untrained model within the item's ranges."""
    keras.utils.set_random_seed(seed)
    model = reference.MLPMixer(**SMALL | changes)
    model(np.zeros((1, 32, 32, 3), "float32"))
    return model


def test_the_model_agrees_with_its_blocks_on_patches_cut_by_loops(rng):
    model, images = small_mixer(), rng.random((B, 32, 32, 3), "float32")
    kernel, bias = (array(weight) for weight in model.patch_embed.weights)
    cuts = [images[:, y : y + 16, x : x + 16] for y in (0, 16) for x in (0, 16)]
    tokens = np.stack([np.tensordot(cut, kernel, axes=3) + bias for cut in cuts], axis=1).astype("float32")
    for block in model.blocks:
        tokens = array(block(tokens))
    mean, spread = tokens.mean(-1, keepdims=True), np.sqrt(tokens.var(-1, keepdims=True) + 1e-6)
    expected = ((tokens - mean) / spread).mean(axis=1) @ array(model.head.kernel) + array(model.head.bias)
    np.testing.assert_allclose(array(model(images)), expected, atol=1e-4)


@pytest.mark.parametrize("changes", [{}, {"depth": 3, "patch_size": 8}], ids=["small", "deeper"])
def test_the_item_names_every_weight_of_the_model(changes):
    model = small_mixer(**changes)
    found = [find_weight(model, path) for path in trained.paths(SMALL | changes)]
    assert len({id(weight) for weight in found}) == len(found) == len(model.weights)


def test_the_standard_size_is_that_of_the_budget_and_within_its_own_ranges():
    item = trained.TRAINED
    assert item.standard == reference.mixer_sizes(training.budget("cpu"))
    assert list(item.standard) == list(item.arguments)
    for name, rule in item.arguments.items():
        assert rule.low <= item.standard[name] <= rule.high


def test_unseen_digits_have_colours_of_their_own_for_each_student():
    (one, labels), (other, again) = (datasets.colour_unseen(np.random.default_rng(seed)) for seed in (1, 2))
    assert one.shape == (2_160, 32, 32, 3)
    assert (labels == again).all()
    assert 0 <= one.min() < one.max() <= 1
    assert np.abs(one - other).mean() > 0.1


@pytest.fixture
def brief(monkeypatch):
    """Training under a budget of one epoch on a few images with a small model."""
    short = replace(training.budget("cpu"), images=64, epochs=1, batch_size=16)
    monkeypatch.setattr(training, "budget", lambda *args, **kwargs: short)
    monkeypatch.setattr(reference, "mixer_sizes", lambda budget: SMALL)
    rng = np.random.default_rng(5)
    part = rng.random((64, 32, 32, 3), "float32"), rng.integers(0, 10, 64)
    return part, part


def test_the_reference_trains_the_model_of_the_budget_and_returns_kerass_history(brief):
    model, history = reference.train_mixer(brief, 3)
    assert isinstance(model, reference.MLPMixer)
    assert len(model.blocks) == SMALL["depth"]
    assert len(history.history["loss"]) == 1


def test_the_baseline_never_mixes_tokens_and_its_weights_give_the_same_in_the_right_model(brief, tmp_path):
    deaf = trained.train_without_token_mixing(brief, 3)
    images = brief[0][0][:4]
    patches = images.reshape(4, 2, 16, 2, 16, 3).transpose(0, 1, 3, 2, 4, 5).reshape(4, 4, 16, 16, 3)[:, [2, 0, 3, 1]]
    shuffled = patches.reshape(4, 2, 2, 16, 16, 3).transpose(0, 1, 3, 2, 4, 5).reshape(images.shape)
    np.testing.assert_allclose(array(deaf(images)), array(deaf(shuffled)), atol=1e-5)
    deaf.save_weights(tmp_path / "a.weights.h5")
    model = small_mixer(9)
    model.load_weights(tmp_path / "a.weights.h5")
    np.testing.assert_allclose(array(model(images)), array(deaf(images)), atol=1e-5)


@pytest.mark.parametrize(("count", "dataset"), [(64, "colour_digits"), (10_001, "cifar10")])
def test_the_reference_takes_the_budget_of_its_data(monkeypatch, count, dataset):
    monkeypatch.setattr(training, "fit", lambda model, data, budget, seed: (budget, seed))
    part = np.zeros((count, 1, 1, 3), "uint8"), np.zeros(count, int)
    model, (budget, seed) = reference.train_mixer((part, part), 3)
    assert (budget, seed) == (training.budget(dataset=dataset), 3)
    assert len(model.blocks) == 2 * budget.model["depth"]


def test_accuracy_is_the_share_of_right_choices():
    logits = np.eye(10, dtype="float32")[[1, 2, 3, 4]]
    assert trained.accuracy(logits, np.array([1, 2, 0, 0])) == 0.5
    assert trained.accuracy(logits[None], np.array([1])) == 0


def test_a_small_cait_reads_every_patch_by_class_attention(rng):
    keras.utils.set_random_seed(1)
    model, images = reference.cait(1, 0.5), rng.random((2, 8, 8, 1), "float32")
    changed = images.copy()
    changed[0, 6, 6] += 1
    before, after = array(model(images)), array(model(changed))
    assert before.shape == (2, 10)
    assert np.abs(after - before)[0].max() > 1e-4
    np.testing.assert_array_equal(after[1], before[1])


def test_the_text_tells_the_bar_as_it_was_measured():
    text = text_of("10_mixers")
    assert [end for end in told_of_bars("10_mixers") if end not in text] == []
