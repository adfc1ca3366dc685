"""Lesson 03's reference answers against code that is not ours: Keras's own layers, plain loops, float64 NumPy."""

import math

import keras
import numpy as np
import pytest
from keras import ops
from lessons import loaded
from vitlab import data
from vitlab.checking import examine
from vitlab.probe import WeightError, overwrite_all

from autograder.grade.rules import Rules
from autograder.grade.submission import grade_submission
from autograder.lessons import solution_folder
from autograder.read.notebook import Cell, Submission
from solutions.tokens import reference
from solutions.tokens.cases import EXERCISES
from solutions.tokens.stand_ins import STAND_INS

B, P, ROWS, COLUMNS, C, DIM = 2, 3, 5, 7, 4, 11  # 15 rows and 21 columns of pixels
SIZES = {"wide": (P, P * ROWS, P * COLUMNS, C), "high": (2, 10, 6, 3), "grey": (4, 8, 12, 1), "pixels": (1, 2, 3, 5)}


@pytest.fixture
def rng():
    return np.random.default_rng(3)


def normal(rng, *shape):
    return rng.standard_normal(shape).astype("float32")


def array(value):
    return ops.convert_to_numpy(value)


def looped_patches(images, p):
    """One number at a time, in the words of the text."""
    patches = []
    for image in images:
        rows = []
        for top in range(0, image.shape[0], p):
            for left in range(0, image.shape[1], p):
                rows.append([v for y in range(p) for x in range(p) for v in image[top + y, left + x]])
        patches.append(rows)
    return np.array(patches)


def exact_encoding(count, dim, base=10000.0):
    """The formula in float64, one number at a time."""
    table = np.zeros((count, dim))
    for p in range(count):
        for i in range(dim // 2):
            table[p, 2 * i] = math.sin(p / base ** (2 * i / dim))
            table[p, 2 * i + 1] = math.cos(p / base ** (2 * i / dim))
    return table


# patchify and unpatchify


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_patches_agree_with_plain_loops(rng, size):
    p, *shape = size
    images = normal(rng, B, *shape)
    np.testing.assert_array_equal(array(reference.patchify(images, p)), looped_patches(images, p))


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_patches_agree_with_kerass_extract_patches(rng, size):
    p, *shape = size
    images = normal(rng, B, *shape)
    maps = array(ops.image.extract_patches(images, p))
    np.testing.assert_array_equal(array(reference.patchify(images, p)), maps.reshape(B, -1, maps.shape[-1]))


def test_224_by_224_pixels_are_50176_tokens():
    assert reference.patchify(np.zeros((1, 224, 224, 1), "float32"), 1).shape == (1, 50_176, 1)


def test_224_by_224_pixels_are_196_words_of_768_numbers():
    assert reference.patchify(np.zeros((1, 224, 224, 3), "float32"), 16).shape == (1, 196, 768)


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_unpatchify_undoes_the_loops(rng, size):
    p, height, width, channels = size
    images = normal(rng, B, height, width, channels)
    patches = looped_patches(images, p)
    np.testing.assert_array_equal(array(reference.unpatchify(patches, p, height, width)), images)


def test_patchify_works_with_a_batch_of_unknown_size(rng):
    images = normal(rng, B, 6, 4, 3)
    pictures = keras.Input((6, 4, 3))
    model = keras.Model(pictures, reference.unpatchify(reference.patchify(pictures, 2), 2, 6, 4))
    np.testing.assert_array_equal(array(model(images)), images)


# PatchEmbedding and dense_to_conv_kernel


@pytest.fixture
def embedding(rng):
    """A layer with random numbers in all its weights."""
    layer = reference.PatchEmbedding(P, DIM)
    layer(np.zeros((B, P * ROWS, P * COLUMNS, C), "float32"))
    overwrite_all(layer, {"proj.kernel": normal(rng, P * P * C, DIM), "proj.bias": normal(rng, DIM)})
    return layer


def test_the_embedding_is_one_matrix_for_all_looped_patches(embedding, rng):
    images = normal(rng, B, P * ROWS, P * COLUMNS, C)
    expected = looped_patches(images, P) @ array(embedding.proj.kernel) + array(embedding.proj.bias)
    np.testing.assert_allclose(array(embedding(images)), expected, atol=1e-4)


def test_the_embedding_is_a_convolution_with_stride_p(embedding, rng):
    images = normal(rng, B, P * ROWS, P * COLUMNS, C)
    convolution = keras.layers.Conv2D(DIM, P, strides=P)
    convolution.build(images.shape)
    convolution.kernel.assign(reference.dense_to_conv_kernel(embedding.proj.kernel, P, C))
    convolution.bias.assign(embedding.proj.bias)
    maps = array(convolution(images))
    assert maps.shape == (B, ROWS, COLUMNS, DIM)
    np.testing.assert_allclose(array(embedding(images)), maps.reshape(B, ROWS * COLUMNS, DIM), atol=1e-4)


@pytest.mark.parametrize("dtype", ["float32", "float16"])
def test_the_kernel_keeps_its_type(rng, dtype):
    kernel = ops.convert_to_tensor(normal(rng, P * P * C, DIM).astype(dtype))
    assert keras.backend.standardize_dtype(reference.dense_to_conv_kernel(kernel, P, C).dtype) == dtype


# a weight that is not where the text says


def named(name, layer):
    return type(name, (layer,), {})


def first_message(layer):
    return examine(named("PatchEmbedding", layer)).cases[0].message


class Renamed(keras.layers.Layer):
    """A right layer whose sublayer has another name."""

    def __init__(self, patch_size, dim, **kwargs):
        super().__init__(**kwargs)
        self.patch_size, self.dense = patch_size, keras.layers.Dense(dim)

    def call(self, images):
        return self.dense(reference.patchify(images, self.patch_size))


class Unused(reference.PatchEmbedding):
    """proj is made and never called."""

    def call(self, images):
        return reference.patchify(images, self.patch_size)


class Turned(reference.PatchEmbedding):
    """proj multiplies another axis."""

    def call(self, images):
        return self.proj(ops.swapaxes(reference.patchify(images, self.patch_size), 1, 2))


def test_a_renamed_weight_is_named_with_path_and_shape():
    message = first_message(Renamed)
    assert message.startswith("No weight at `proj.kernel`: expected one of shape (")
    assert "called `proj`" in message


def test_an_unused_sublayer_is_named():
    assert first_message(Unused) == "No weight at `proj.kernel`: `proj` was made, but never used in call."


def test_a_misshapen_weight_is_named_with_both_shapes():
    assert "for the weight `proj.kernel`. Found: (" in first_message(Turned)


def test_a_weight_that_is_never_trained_is_named():
    layer = keras.layers.Layer()
    layer.table = layer.add_weight(shape=(2, 3), trainable=False)
    with pytest.raises(WeightError, match="`table` to be trainable"):
        overwrite_all(layer, {"table": np.zeros((2, 3), "float32")})


def test_the_weights_of_a_layer_that_is_frozen_as_a_whole_may_be_overwritten():
    layer = keras.layers.Dense(2)
    layer.build((None, 3))
    layer.trainable = False
    overwrite_all(layer, {"kernel": np.ones((3, 2), "float32"), "bias": np.ones(2, "float32")})
    assert array(layer.kernel).sum() == 6


def test_moving_statistics_may_be_overwritten():
    layer = keras.layers.BatchNormalization()
    layer.build((None, 3))
    names = ("gamma", "beta", "moving_mean", "moving_variance")
    overwrite_all(layer, {name: np.full(3, 2.0, "float32") for name in names})
    assert array(layer.moving_mean).sum() == 6


# positions


def test_position_1_of_width_4_is_the_lectures():
    row = array(reference.sinusoidal_position_encoding(2, 4))[1]
    np.testing.assert_allclose(row, [0.841471, 0.540302, 0.0099998, 0.99995], atol=1e-6)


@pytest.mark.parametrize(("count", "dim", "base"), [(7, 12, 10000.0), (100, 6, 10000.0), (13, 22, 77.7), (1, 2, 10.0)])
def test_encodings_agree_with_the_formula_in_float64(count, dim, base):
    table = array(reference.sinusoidal_position_encoding(count, dim, base))
    assert table.dtype == "float32"
    np.testing.assert_allclose(table, exact_encoding(count, dim, base), atol=1e-6)


def test_every_pair_is_a_point_on_a_circle():
    table = array(reference.sinusoidal_position_encoding(37, 14))
    np.testing.assert_allclose(table[:, ::2] ** 2 + table[:, 1::2] ** 2, 1, atol=1e-6)


@pytest.mark.parametrize("base", [10000.0, 77.7])
@pytest.mark.parametrize("offset", [0, 1, 3, 8, -1, -5])
def test_the_matrix_moves_every_position_by_the_offset(offset, base):
    table = exact_encoding(40, 14, base)
    matrix = array(reference.position_shift_matrix(offset, 14, base))
    start, stop = max(0, -offset), 40 - max(0, offset)
    np.testing.assert_allclose(table[start:stop] @ matrix.T, table[start + offset : stop + offset], atol=1e-6)


def test_a_shift_matrix_is_a_rotation():
    matrix = array(reference.position_shift_matrix(5, 14)).astype("float64")
    np.testing.assert_allclose(matrix @ matrix.T, np.eye(14), atol=1e-6)
    assert np.linalg.det(matrix) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("tokens", [DIM, 5, 1])
def test_token_t_gets_row_t_of_the_table(rng, tokens):
    layer = reference.LearnedPositionEmbedding(DIM, 3)
    x, table = normal(rng, B, tokens, 3), normal(rng, DIM, 3)
    overwrite_all(layer, {"embeddings": table})
    expected = [[image[t] + table[t] for t in range(tokens)] for image in x]
    np.testing.assert_array_equal(array(layer(x)), np.array(expected))


def test_the_learned_table_is_trained():
    layer = reference.LearnedPositionEmbedding(DIM, 3)
    assert [tuple(weight.shape) for weight in layer.trainable_weights] == [(DIM, 3)]


# given code


def test_the_postcard_has_eight_colours_and_another_height_than_width():
    card = reference.postcard()
    assert (card.shape, card.dtype, card.min() >= 0, card.max() <= 1) == ((32, 48, 3), "float32", True, True)
    assert len(np.unique(card.reshape(-1, 3), axis=0)) == 8


def change_by_shuffling(rng, add_positions):
    """The largest change of a logit of the tiny transformer, with random weights, when patches are shuffled."""
    model = reference.tiny_vit(add_positions)
    for weight in model.weights:
        weight.assign(0.3 * normal(rng, *weight.shape))
    digits = data.as_floats(data.load("digits")[1][0][:50])
    patches = array(reference.patchify(digits, 2))[:, rng.permutation(16)]
    return np.abs(array(model(reference.unpatchify(patches, 2, 8, 8))) - array(model(digits))).max()


def test_without_positions_shuffled_patches_change_no_prediction(rng):
    assert change_by_shuffling(rng, None) < 1e-4


def test_with_positions_shuffled_patches_change_predictions(rng):
    table = reference.sinusoidal_position_encoding(16, 64)
    assert change_by_shuffling(rng, lambda tokens: tokens + table) > 0.1


# figure


@pytest.fixture(scope="module")
def figure():
    return {key: array(value) for key, value in reference.figure().items()}


def test_the_figure_counts_the_lectures_tokens(figure):
    assert figure["tokens"].tolist() == [50_176, 12_544, 3_136, 784, 196, 49]


def test_the_strip_shows_the_postcard_patch_by_patch(figure):
    card = reference.postcard()
    expected = [card[8 * (n // 6) : 8 * (n // 6) + 8, 8 * (n % 6) : 8 * (n % 6) + 8] for n in range(24)]
    np.testing.assert_array_equal(figure["strip"], expected)


def test_similarity_depends_on_the_distance_alone(figure):
    rates = [10000 ** (-2 * i / 64) for i in range(32)]
    expected = [[sum(math.cos((p - q) * rate) for rate in rates) for q in range(49)] for p in range(49)]
    np.testing.assert_allclose(figure["similarity"], expected, atol=1e-4)


def test_answer_1_is_where_the_slowest_hand_is_back(figure):
    angle = figure["answer_1"] / 10000 ** (2 * 255 / 512)
    assert angle == pytest.approx(2 * math.pi)
    assert figure["answer_1"] == pytest.approx(60_611.48, abs=0.01)


def test_answer_1_is_told_apart_from_what_the_paper_says(figure):
    (case,) = (case for case in EXERCISES[-1].cases(None) if case.part == "answer_1")
    assert abs(2 * math.pi * 10000 - figure["answer_1"]) > 5 * case.tolerance * figure["answer_1"]


def test_answer_2_is_where_patchify_puts_the_green_value(figure):
    image = np.zeros((1, 224, 224, 3), "float32")
    image[0, 150, 60, 1] = 1.0
    assert figure["answer_2"].tolist() == np.argwhere(looped_patches(image, 16)[0])[0].tolist()


# stand-ins


@pytest.fixture(scope="module")
def stand_ins():
    """The functions that the stand-ins' texts define, each from its own text alone."""
    spaces = {name: {} for name in STAND_INS}
    for name, text in STAND_INS.items():
        exec(text, spaces[name])
    return {name: space[name] for name, space in spaces.items()}


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
@pytest.mark.parametrize("kind", [np.asarray, ops.convert_to_tensor], ids=["array", "tensor"])
def test_stand_in_patches_equal_the_references(stand_ins, rng, size, kind):
    p, *shape = size
    images = kind(normal(rng, B, *shape))
    np.testing.assert_array_equal(
        array(stand_ins["patchify"](images, p)), array(reference.patchify(images, patch_size=p))
    )


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
@pytest.mark.parametrize("kind", [np.asarray, ops.convert_to_tensor], ids=["array", "tensor"])
def test_stand_in_pictures_equal_the_references(stand_ins, rng, size, kind):
    p, height, width, channels = size
    patches = kind(normal(rng, B, height * width // p**2, p * p * channels))
    found = stand_ins["unpatchify"](patches, p, height=height, width=width)
    np.testing.assert_allclose(array(found), array(reference.unpatchify(patches, p, height, width)), atol=1e-6)


@pytest.mark.parametrize(("count", "dim", "base"), [(7, 12, 10000.0), (49, 64, 10000.0), (13, 22, 77.7)])
def test_stand_in_encodings_equal_the_references(stand_ins, count, dim, base):
    found = stand_ins["sinusoidal_position_encoding"](count, dim, base=base)
    np.testing.assert_allclose(found, array(reference.sinusoidal_position_encoding(count, dim, base)), atol=1e-6)


def test_stand_in_patches_work_with_a_batch_of_unknown_size(stand_ins):
    assert stand_ins["patchify"](keras.Input((6, 4, 3)), 2).shape == (None, 6, 12)


EARLY_MISTAKES = """
def patchify(images, patch_size):
    return ops.reshape(images, (images.shape[0], -1, patch_size**2 * images.shape[-1]))


def sinusoidal_position_encoding(num_positions, dim, base=10000.0):
    return np.zeros((num_positions, dim), "float32")
"""


def test_an_early_mistake_costs_only_once(worker):
    right = (solution_folder("03_tokens") / "reference.py").read_text(encoding="utf-8")
    cells = (Cell("reference", None, "code", right), Cell("mistakes", None, "code", EARLY_MISTAKES))
    verdict = grade_submission(
        Submission("s", "03_tokens", cells), loaded("03_tokens"), worker, Rules("secret", seconds=60.0)
    )
    assert [name for name, found in verdict.exercises.items() if found.outcome != "passed"] == [
        "patchify",
        "sinusoidal_position_encoding",
    ]
    assert verdict.exercises["patchify"].misconception == "patchify.plain_reshape"
    assert verdict.exercises["PatchEmbedding"].stand_ins == ("patchify",)
    assert set(verdict.exercises["figure"].stand_ins) == {"patchify", "sinusoidal_position_encoding"}


# what is asked


def images_asked(exercise, seed):
    """The image-like arguments of an exercise's graded cases."""
    cases = exercise.cases(np.random.default_rng(seed))
    return [case.question.args[0] for case in cases if case.weight > 1.0]


@pytest.mark.parametrize("exercise", [EXERCISES[0], EXERCISES[2]], ids=["patchify", "PatchEmbedding"])
def test_no_graded_image_is_square(exercise):
    shapes = [image.shape for seed in range(20) for image in images_asked(exercise, seed)]
    assert all(height != width for _, height, width, _ in shapes)


@pytest.mark.parametrize("exercise", [EXERCISES[0], EXERCISES[2]], ids=["patchify", "PatchEmbedding"])
def test_no_graded_image_has_two_equal_values_in_a_patch(exercise):
    images = [image for seed in range(5) for image in images_asked(exercise, seed)]
    assert all(len(np.unique(image)) == image.size for image in images)


def test_graded_encodings_have_at_most_100_positions_and_even_widths():
    exercise = EXERCISES[4]
    sizes = [case.question.args[:2] for seed in range(20) for case in exercise.cases(np.random.default_rng(seed))]
    assert all(count <= 100 and dim % 2 == 0 for count, dim in sizes)


def test_shifts_are_graded_forward_and_backward():
    cases = EXERCISES[5].cases(np.random.default_rng(0))
    signs = {np.sign(case.question.args[0]) for case in cases if case.weight > 0}
    assert signs == {1, -1}
