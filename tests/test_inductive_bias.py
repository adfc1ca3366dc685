"""Lesson 08's reference answers against code that is not ours: Keras's own layers, plain loops, probability."""

from itertools import product

import keras
import numpy as np
import pytest
from keras import ops
from lessons import text_of, told_of_bars
from vitlab import data
from vitlab.library import SwitchedOff, switched_off
from vitlab.parts import Learner, learners
from vitlab.probe import ask, find_weight, overwrite_all, plain, tensors

from autograder.judge.score import distinct_questions
from solutions.inductive_bias import reference, trained
from solutions.inductive_bias.cases import (
    APART,
    EXERCISES,
    PRODUCTS,
    around,
    classifying,
    clear_pictures,
    logits_of,
    some_shift,
    some_shifts,
)
from solutions.inductive_bias.stand_ins import STAND_INS

B, H, W, C, D = 2, 5, 7, 3, 11
BY_NAME = {exercise.name: exercise for exercise in EXERCISES}
SHIFTS = [(1, 0), (0, 1), (2, -3), (-4, 6), (13, -17), (0, 0)]
BINOMIAL = [1, 2, 1]


@pytest.fixture
def rng():
    return np.random.default_rng(8)


def normal(rng, *shape):
    return rng.standard_normal(shape).astype("float32")


def array(value):
    return ops.convert_to_numpy(value)


def cases_of(name, seed=0):
    return BY_NAME[name].cases(np.random.default_rng(seed))


# shift_image


def looped_shift(images, dy, dx):
    """One number at a time, in the words of the text."""
    out = np.empty_like(images)
    for b, y, x in product(*map(range, images.shape[:3])):
        out[b, (y + dy) % images.shape[1], (x + dx) % images.shape[2]] = images[b, y, x]
    return out


@pytest.mark.parametrize(("dy", "dx"), SHIFTS)
@pytest.mark.parametrize("dtype", ["float32", "int32", "uint8"])
def test_a_shift_agrees_with_plain_loops(rng, dy, dx, dtype):
    images = rng.integers(0, 99, (B, H, W, C)).astype(dtype)
    before = images.copy()
    moved = array(reference.shift_image(images, dy, dx))
    np.testing.assert_array_equal(moved, looped_shift(images, dy, dx))
    assert moved.dtype == dtype
    assert images.tolist() == before.tolist()


# CircularConv2D


def circular(rng, k, filters=D):
    """A layer with random numbers in all its weights."""
    layer = reference.CircularConv2D(filters, k)
    layer(np.zeros((B, H, W, C), "float32"))
    overwrite_all(layer, {"conv.kernel": normal(rng, k, k, C, filters), "conv.bias": normal(rng, filters)})
    return layer


@pytest.mark.parametrize("k", [1, 3, 5])
def test_a_circular_convolution_agrees_with_the_sum_of_the_text(rng, k):
    layer, images = circular(rng, k), normal(rng, B, H, W, C)
    kernel, expected = array(layer.conv.kernel), np.zeros((B, H, W, D))
    for b, y, x, i, j in product(range(B), range(H), range(W), range(k), range(k)):
        expected[b, y, x] += images[b, (y + i - k // 2) % H, (x + j - k // 2) % W] @ kernel[i, j]
    np.testing.assert_allclose(array(layer(images)), expected + array(layer.conv.bias), atol=1e-4)


@pytest.mark.parametrize("k", [3, 5])
def test_in_the_interior_it_is_kerass_own_convolution(rng, k):
    layer, images, r = circular(rng, k), normal(rng, B, H, W, C), k // 2
    usual = array(ops.conv(images, layer.conv.kernel, padding="same") + layer.conv.bias)
    np.testing.assert_allclose(array(layer(images))[:, r : H - r, r : W - r], usual[:, r : H - r, r : W - r], atol=1e-4)


# equivariance_error


def zero_padded(rng):
    kernel = normal(rng, 3, 3, C, 4)
    return lambda images: ops.conv(images, kernel, padding="same")


@pytest.mark.parametrize(("dy", "dx"), SHIFTS)
def test_a_circular_convolution_is_equivariant(rng, dy, dx):
    error = float(reference.equivariance_error(circular(rng, 3), normal(rng, B, H, W, C), dy, dx))
    assert error < 1e-4


def test_a_zero_padded_one_is_not_and_the_largest_difference_is_found_by_loops(rng):
    f, images, (dy, dx) = zero_padded(rng), normal(rng, B, H, W, C), (2, -3)
    before, after = array(f(looped_shift(images, dy, dx))), looped_shift(array(f(images)), dy, dx)
    largest = max(abs(float(one) - float(other)) for one, other in zip(before.flat, after.flat, strict=True))
    assert largest > 1
    assert float(reference.equivariance_error(f, images, dy, dx)) == pytest.approx(largest, rel=1e-5)


def test_max_pooling_is_equivariant_to_shifts_of_its_stride(rng):
    images = normal(rng, B, 6, 8, C)
    assert float(reference.equivariance_error(lambda x: ops.max_pool(x, 2), images, 2, -4, 2)) == 0


@pytest.mark.parametrize("part", [0, 1])
def test_a_transformer_without_positions_does_not_feel_a_shift_by_whole_patches(rng, part):
    keras.utils.set_random_seed(1)
    model = reference.small_vit(positions=False, dim=8, depth=1, num_heads=2, mlp_dim=8)
    images = rng.random((B, 32, 32, 3), "float32")
    plain_logits = array(model(images))
    whole, single = (array(model(looped_shift(images, n, n))) for n in (8, 1))
    assert np.abs(whole - plain_logits).max() < 1e-5
    assert np.abs(single - plain_logits).max() > 1e-3


# invariance_rate


def test_the_rate_counts_pairs_of_image_and_shift(rng):
    kernel, images = normal(rng, H * W * C, 4), normal(rng, 9, H, W, C)

    def f(pictures):
        return np.reshape(array(pictures), (len(pictures), -1)) @ kernel

    kept = 0
    for image, (dy, dx) in product(images, SHIFTS):
        kept += f(image[None]).argmax() == f(looped_shift(image[None], dy, dx)).argmax()
    assert 0 < kept < 9 * len(SHIFTS)
    for shifts in (SHIFTS, np.array(SHIFTS)):
        assert float(reference.invariance_rate(f, images, shifts)) == pytest.approx(kept / (9 * len(SHIFTS)))


def test_the_mean_over_all_positions_after_a_circular_convolution_is_invariant(rng):
    layer = circular(rng, 3)

    def f(images):
        return ops.mean(ops.relu(layer(images)), axis=(1, 2))

    assert float(reference.invariance_rate(f, normal(rng, 9, H, W, C), SHIFTS)) == 1


# BlurPool2D


@pytest.mark.parametrize("stride", [1, 2, 3])
def test_blur_pooling_agrees_with_plain_loops(rng, stride):
    images = normal(rng, B, 6, 12, C)
    expected = np.zeros((B, 6 // stride, 12 // stride, C))
    for y, x, i, j in product(range(6 // stride), range(12 // stride), range(3), range(3)):
        weight = BINOMIAL[i] * BINOMIAL[j] / 16
        expected[:, y, x] += weight * images[:, (stride * y + i - 1) % 6, (stride * x + j - 1) % 12]
    np.testing.assert_allclose(array(reference.BlurPool2D(stride)(images)), expected, atol=1e-5)


@pytest.mark.parametrize("stride", [1, 2])
def test_blur_pooling_is_kerass_depthwise_convolution_in_the_interior(rng, stride):
    images = normal(rng, B, 8, 12, C)
    kernel = np.tile((np.outer(BINOMIAL, BINOMIAL) / 16)[:, :, None, None], (1, 1, C, 1)).astype("float32")
    usual = array(ops.depthwise_conv(images, kernel, padding="valid"))
    found = array(reference.BlurPool2D(stride)(images))
    first = stride  # the first output that lies inside, in pixels
    np.testing.assert_allclose(found[:, 1:-1, 1:-1], usual[:, first - 1 :: stride, first - 1 :: stride][
        :, : found.shape[1] - 2, : found.shape[2] - 2
    ], atol=1e-5)  # fmt: skip


def test_blur_pooling_keeps_a_constant_picture_and_has_no_weights():
    layer = reference.BlurPool2D()
    found = array(layer(np.full((1, 4, 6, 2), 3.0, "float32")))
    assert found.tolist() == np.full((1, 2, 3, 2), 3.0).tolist()
    assert layer.weights == []


# dense_as_1x1_conv


def test_a_dense_layer_at_every_pixel_is_a_1x1_convolution(rng):
    x, dense = normal(rng, B, H, W, C), keras.layers.Dense(D)
    expected = array(dense(x))
    np.testing.assert_allclose(array(reference.dense_as_1x1_conv(x, *dense.get_weights())), expected, atol=1e-6)


def test_two_of_them_are_the_mlp_of_a_transformer(rng):
    x, mlp = normal(rng, B, H, W, C), keras.Sequential([keras.layers.Dense(D, "gelu"), keras.layers.Dense(C)])
    expected = array(mlp(ops.reshape(x, (B, H * W, C))))
    (one, b, other, c) = mlp.get_weights()
    hidden = ops.gelu(reference.dense_as_1x1_conv(x, one, b), approximate=False)
    found = array(reference.dense_as_1x1_conv(hidden, other, c))
    np.testing.assert_allclose(found.reshape(B, H * W, C), expected, atol=1e-5)


@pytest.mark.parametrize(
    "product_of",
    [
        lambda x, k: ops.matmul(x, k),
        lambda x, k: ops.convert_to_tensor(x) @ ops.convert_to_tensor(k),
        lambda x, k: ops.einsum("bhwc,cd->bhwd", x, k),
        lambda x, k: np.tensordot(x, k, 1),
        lambda x, k: np.dot(x, k),
        lambda x, k: keras.layers.Dense(D)(x),
    ],
    ids=["ops.matmul", "@ of tensors", "ops.einsum", "np.tensordot", "np.dot", "Dense"],
)
def test_products_of_matrices_are_off(rng, product_of):
    x, kernel = normal(rng, B, H, W, C), normal(rng, C, D)
    with switched_off(PRODUCTS), pytest.raises(SwitchedOff):
        product_of(x, kernel)


def test_a_convolution_is_not(rng):
    x, kernel, bias = normal(rng, B, H, W, C), normal(rng, C, D), normal(rng, D)
    with switched_off(PRODUCTS):
        found = array(reference.dense_as_1x1_conv(x, kernel, bias))
        layer = keras.layers.Conv2D(D, 1)
        layer(x)
        layer.set_weights([kernel[None, None], bias])
        other = array(layer(x))
    np.testing.assert_allclose(found, x @ kernel + bias, atol=1e-5)
    np.testing.assert_allclose(other, x @ kernel + bias, atol=1e-5)


# HybridEmbedding


@pytest.mark.parametrize("filters", [(5,), (5, 7), (5, 7, 2)])
def test_tokens_are_kerass_convolutions_read_row_by_row(rng, filters):
    side = 2 ** len(filters)
    images, layer = normal(rng, B, 2 * side, 3 * side, C), reference.HybridEmbedding(D, filters)
    tokens = array(layer(images))
    maps = images
    for convolution in layer.stem:
        assert convolution.kernel.shape[:2] == (3, 3)
        usual = keras.layers.Conv2D(convolution.filters, 3, strides=2, padding="same", activation="relu")
        usual(maps)
        usual.set_weights([array(convolution.kernel), array(convolution.bias)])
        maps = array(usual(maps))
    kernel, bias = array(layer.proj.kernel), array(layer.proj.bias)
    expected = [[image[n // 3, n % 3] @ kernel + bias for n in range(6)] for image in maps]
    np.testing.assert_allclose(tokens, np.array(expected), atol=1e-5)


def test_for_even_sides_same_adds_zeros_below_and_at_the_right_only(rng):
    images, layer = normal(rng, 1, 4, 6, C), reference.HybridEmbedding(D, (7,))
    layer(images)
    kernel, wide = array(layer.stem[0].kernel), np.pad(images, [(0, 0), (0, 1), (0, 1), (0, 0)])
    places = [(y, x) for y in range(2) for x in range(3)]
    maps = [np.tensordot(wide[0, 2 * y : 2 * y + 3, 2 * x : 2 * x + 3], kernel, 3) for y, x in places]
    expected = np.maximum(maps, 0) @ array(layer.proj.kernel)  # fresh biases are 0
    np.testing.assert_allclose(array(layer(images))[0], expected, atol=1e-5)


def test_32_pixels_and_the_default_stem_make_64_tokens():
    assert reference.HybridEmbedding(D)(np.zeros((1, 32, 32, 3), "float32")).shape == (1, 64, D)


# data_scaling_curve


class Diary:
    """A model that writes down what it is shown, and answers with the label that stands in the image."""

    def __init__(self, seed):
        self.seed, self.batches = seed, []

    def train_on_batch(self, x, y):
        self.batches.append((x[:, 0, 0, 0].tolist(), y.tolist()))

    def predict(self, x, verbose="auto"):
        assert verbose == 0
        right = x[:, 0, 0, 0].astype(int) % 3
        return np.eye(3)[np.where(np.arange(len(x)) < self.seed, right, (right + 1) % 3)]


@pytest.fixture
def experiment():
    """(models made, result): sizes 4, 8 and 16, seeds 2 and 5, 8 steps of 4."""
    made = []

    def build(seed):
        made.append(Diary(seed))
        return made[-1]

    rows = np.arange(24, dtype="float32")
    data = ((rows[:16, None, None, None], (rows[:16] % 3).astype(int)), (rows[:10, None, None, None], (rows[:10] % 3)))
    return made, reference.data_scaling_curve(build, data, [8, 4, 16], [5, 2], steps=8, batch_size=4)


def test_every_pair_of_size_and_seed_has_a_model_of_its_own(experiment):
    made, found = experiment
    assert [model.seed for model in made] == [5, 2] * 3
    assert list(found) == [8, 4, 16]


def test_every_model_gets_as_many_steps_of_as_many_rows(experiment):
    assert {tuple(len(x) for x, y in model.batches) for model in experiment[0]} == {(4,) * 8}


def test_every_pass_shows_each_row_once_with_its_label(experiment):
    for model, size in zip(experiment[0], [8, 8, 4, 4, 16, 16], strict=True):
        seen = [n for x, _ in model.batches for n in x]
        passes = [sorted(seen[i : i + size]) for i in range(0, 32, size)]
        assert passes == [list(range(size))] * (32 // size)
        assert all(label == n % 3 for x, y in model.batches for n, label in zip(x, y, strict=True))


def test_the_accuracy_is_that_of_all_test_images(experiment):
    assert all(values == pytest.approx([0.5, 0.2]) for values in experiment[1].values())


# the parts that questions hand over


def shown(seed, batches):
    learner = learners(3)(seed)
    for numbers in batches:
        images = np.zeros((len(numbers), 2, 3, 1), "float32")
        images[:, 0, 0, 0] = np.array(numbers) / 1000
        learner.train_on_batch(images, np.array(numbers) % 3)
    tests = np.zeros((23, 2, 3, 1), "float32")
    tests[:, 0, 0, 0] = np.arange(500, 523) / 1000
    return learner.predict(tests, verbose=0).tolist()


def test_a_learner_minds_no_order():
    assert shown(1, [[1, 2], [3, 4]]) == shown(1, [[4, 1], [2, 3]])


@pytest.mark.parametrize(
    ("seed", "batches"),
    [(2, [[1, 2], [3, 4]]), (1, [[1, 2], [3, 4], [1, 2]]), (1, [[1, 2], [3, 3]]), (1, [[1], [2, 3, 4]]), (1, [[1, 2]])],
    ids=["another seed", "one batch more", "a row twice", "batches of other sizes", "one batch less"],
)
def test_a_learner_minds_everything_else(seed, batches):
    assert shown(1, [[1, 2], [3, 4]]) != shown(seed, batches)


def test_a_learner_minds_being_asked_before_its_end():
    one, other, batch = Learner(3, 4), Learner(3, 4), (np.zeros((2, 1, 1, 1), "float32"), np.zeros(2, "int32"))
    one.predict(batch[0])
    for learner in (one, other):
        learner.train_on_batch(*batch)
    assert one.predict(batch[0]).tolist() != other.predict(batch[0]).tolist()


def test_a_learner_minds_a_question_before_the_end_and_none_after_it():
    images, learner, asked = np.ones((4, 2, 3, 1), "float32"), Learner(1, 3), Learner(1, 3)
    asked.predict(images)
    for one in (learner, asked):
        one.train_on_batch(images, np.arange(4))
    plain_answer = learner.predict(images).tolist()
    assert learner.predict(images).tolist() == plain_answer
    assert asked.predict(images).tolist() != plain_answer


def test_a_learner_answers_for_each_image_by_itself():
    learner = Learner(3, 4)
    images = np.arange(12, dtype="float32").reshape(6, 1, 1, 2) / 1000
    together = learner.predict(images)
    assert [learner.predict(image[None], batch_size=1)[0].tolist() for image in images] == together.tolist()


@pytest.mark.parametrize("stride", [1, 2, 3])
def test_mixed_rows_without_an_edge_are_equivariant_and_with_one_they_are_not(rng, stride):
    x = normal(rng, 12)
    for edge in (False, True):
        matrix = around(rng, 12, stride, edge=edge)
        gap = np.abs(matrix @ np.roll(x, 2 * stride) - np.roll(matrix @ x, 2)).max()
        assert (gap > 1e-2) == edge


def test_arrays_that_are_promised_come_as_arrays():
    part = {"$part": "arrays", "value": ((np.ones(2), np.zeros(3, "int32")), np.ones((1, 2)))}
    (one, two), three = tensors(part)
    assert [type(value) for value in (one, two, three)] == [np.ndarray] * 3


# what is asked


def test_no_graded_choice_is_a_close_one(rng):
    shifts = some_shifts(rng, 5, 7, 4)
    voter = classifying(rng, 5, 7, 3, 4)
    images = clear_pictures(rng, voter, (5, 7, 3), 23, shifts)
    assert len(images) == 23
    for dy, dx in [(0, 0), *shifts]:
        logits = np.sort(logits_of(voter, looped_shift(images, dy, dx)), -1)
        assert (logits[:, -1] - logits[:, -2]).min() > APART


def test_graded_rates_lie_between_never_and_always():
    for seed in range(20):
        for case in cases_of("invariance_rate", seed)[:3]:
            call = case.question.kwargs or dict(zip(("f", "images", "shifts"), case.question.args, strict=True))
            f = call["f"]
            plain_choice = logits_of(f, call["images"]).argmax(-1)
            moved = [logits_of(f, looped_shift(call["images"], dy, dx)).argmax(-1) for dy, dx in call["shifts"]]
            assert 0 < np.mean(np.array(moved) == plain_choice) < 1


@pytest.mark.parametrize("step", [1, 2, 3])
def test_graded_shifts_are_whole_steps_and_differ_from_0_and_from_each_other(rng, step):
    for _ in range(50):
        height, width = (step * int(n) for n in rng.permutation(np.arange(3, 8))[:2])
        dy, dx = some_shift(rng, height, width, step)
        assert (dy % step, dx % step) == (0, 0)
        assert dy % height
        assert dx % width
        assert dy > 0 > dx
        assert dy != -dx


def test_graded_sizes_are_whole_passes():
    for seed in range(10):
        for case in cases_of("data_scaling_curve", seed):
            _, _, sizes, _ = case.question.args
            steps, batch = case.question.kwargs.get("steps", 400), case.question.kwargs.get("batch_size", 50)
            assert all(size % batch == 0 and steps * batch % size == 0 for size in sizes)


@pytest.mark.parametrize("name", ["CircularConv2D", "BlurPool2D", "HybridEmbedding", "dense_as_1x1_conv"])
def test_most_graded_pictures_are_not_square(name):
    for seed in range(10):
        for case in cases_of(name, seed):
            if case.weight > 1:
                _, height, width, _ = (*case.question.args, *case.question.kwargs.values())[0].shape
                assert height != width


# the figure


@pytest.fixture(scope="module")
def figure():
    return {key: array(value) for key, value in reference.figure().items()}


def test_only_the_edge_and_where_it_moves_to_make_a_difference(figure):
    rows, columns = {0, 23, 4, 5}, {0, 23, 2, 3}
    for y, x in product(range(24), range(24)):
        assert (figure["border"][y, x] > 1e-5) == (y in rows or x in columns)


def test_a_third_of_pooled_noise_stays_under_a_shift_by_one_and_nothing_under_a_larger_one(figure):
    assert figure["unchanged"][0] == 1
    assert figure["unchanged"][1] == pytest.approx(1 / 3, abs=0.02)
    assert figure["unchanged"][2:].max() < 0.001


def test_stripes_come_out_as_strong_as_the_filter_lets_them(figure):
    for period, plain_contrast, blurred in zip(reference.PERIODS, *figure["contrast"], strict=True):
        wave = 0.5 * np.cos(2 * np.pi * np.arange(0, 48, 2) / period)
        assert plain_contrast == pytest.approx(np.ptp(wave), abs=1e-5)
        assert blurred == pytest.approx(np.ptp(wave) * (1 + np.cos(2 * np.pi / period)) / 2, abs=1e-5)


def test_answer_1_is_what_counting_says(figure, rng):
    noise = rng.random((400, 20, 20, 1), "float32")
    pooled, moved = (array(ops.max_pool(x, 2)) for x in (noise, looped_shift(noise[:, :, :], 1, 1)))
    assert float(figure["answer_1"]) == pytest.approx((pooled == moved).mean(), abs=0.01)


def test_the_five_statements_hold_or_fail_by_example(figure, rng):
    images, layer = rng.random((B, 16, 24, C), "float32"), circular(rng, 3)

    def change(f, dy, dx):
        return np.abs(array(f(looped_shift(images, dy, dx))) - array(f(images))).max()

    skipped = change(lambda x: ops.mean(ops.relu(layer(x))[:, ::2, ::2], axis=(1, 2)), 0, 1)
    largest = max(change(lambda x: ops.max(ops.relu(layer(x)), axis=(1, 2)), *shift) for shift in SHIFTS)
    patches = keras.layers.Conv2D(D, 8, strides=8)
    tokens = array(patches(looped_shift(images, 8, -16))) - looped_shift(array(patches(images)), 1, -2)
    single = keras.layers.Conv2D(D, 1, padding="same")
    edge = array(single(looped_shift(images, 1, 1))) - looped_shift(array(single(images)), 1, 1)
    fours = [array(reference.BlurPool2D(2)(looped_shift(reference.stripes(4), 0, n))) for n in (0, 1)]
    apart = np.ptp(fours[0]) - np.ptp(fours[1])
    holds = [skipped < 1e-4, largest < 1e-4, np.abs(tokens).max() < 1e-5, np.abs(edge).max() > 1e-5, abs(apart) < 0.1]
    assert figure["answer_2"].tolist() == [int(one) for one in holds]


# stand-ins


@pytest.mark.parametrize("name", list(STAND_INS))
def test_a_stand_in_alone_equals_the_reference_on_all_that_is_asked(name):
    space = {}
    exec(STAND_INS[name], space)
    for question in distinct_questions(cases_of(name)):
        if question.init is None:
            ours, theirs = (ask(target, vars(question)) for target in (getattr(reference, name), space[name]))
        else:
            ours, theirs = (
                array(target(**question.init)(*question.args)) for target in (getattr(reference, name), space[name])
            )
        np.testing.assert_allclose(plain(ours), plain(theirs), atol=1e-5, rtol=1e-5)


# the models and the trained item

SMALL = {"image_size": 16, "num_classes": 10, "dim": 6, "depth": 2, "num_heads": 2, "mlp_dim": 5}


@pytest.fixture(scope="module")
def hybrid():
    """A small hybrid model."""
    keras.utils.set_random_seed(1)
    return reference.small_vit("hybrid", **SMALL)


def test_the_item_names_every_weight_of_the_hybrid(hybrid):
    found = [find_weight(hybrid, path) for path in trained.paths(SMALL)]
    assert len({id(weight) for weight in found}) == len(found) == len(hybrid.weights)


def test_a_hybrid_comes_back_from_its_file(hybrid, rng, tmp_path):
    images = rng.random((3, 16, 16, 3), "float32")
    hybrid.save_weights(tmp_path / "a.weights.h5")
    again = reference.small_vit("hybrid", **SMALL)
    again.load_weights(tmp_path / "a.weights.h5")
    np.testing.assert_allclose(array(again(images)), array(hybrid(images)), atol=1e-6)


def test_both_embeddings_make_as_many_tokens_from_about_as_many_weights():
    naive, hybrid = (reference.small_vit(kind) for kind in ("patches", "hybrid"))
    tokens = [model.get_layer("positions").output.shape for model in (naive, hybrid)]
    assert tokens == [(None, 16, 48)] * 2
    assert hybrid.count_params() == pytest.approx(naive.count_params(), rel=0.05)


def test_the_standard_size_is_that_of_the_lesson_and_within_its_own_ranges():
    item = trained.TRAINED
    _, sizes = reference.few_pictures((trained.colour_training("cpu")[0],) * 2)
    assert item.standard == sizes
    assert set(item.standard) == set(item.arguments)
    for name, rule in item.arguments.items():
        assert item.standard[name] in rule.choices if rule.choices else rule.low <= item.standard[name] <= rule.high


def test_unseen_colours_differ_from_student_to_student():
    (one, labels), (other, _) = (trained.colour_unseen(np.random.default_rng(seed)) for seed in (1, 2))
    assert len(one) == len(labels) == 2160
    assert np.abs(one - other).mean() > 0.1


def test_the_training_pictures_are_the_first_of_the_set():
    (images, labels), _ = trained.colour_training("cpu")
    (everything, all_labels), _ = data.load("colour_digits")
    count = len(images)
    assert 100 <= count <= 1000
    np.testing.assert_allclose(images, everything[:count] / 255, atol=1e-6)
    assert labels.tolist() == all_labels[:count].tolist()


def test_accuracy_is_the_share_of_right_choices():
    logits = np.eye(10, dtype="float32")[[1, 2, 3, 4]]
    assert trained.accuracy(logits, np.array([1, 2, 0, 0])) == 0.5
    assert trained.accuracy(logits[None], np.array([1])) == 0


def test_the_text_tells_the_bar_as_it_was_measured():
    text = text_of("08_inductive_bias")
    assert [end for end in told_of_bars("08_inductive_bias") if end not in text] == []
