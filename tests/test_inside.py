"""Lesson 11's references against code that is not ours: plain loops, closed forms, and PyTorch where it is there."""

import importlib.util
import json
import math

import keras
import numpy as np
import pytest
from keras import ops
from lessons import loaded
from vitlab import checkpoints
from vitlab.probe import ask

from autograder.grade.rules import Rules
from autograder.grade.submission import grade_submission
from autograder.lessons import CHECKOUT, solution_folder
from autograder.read.notebook import Cell, Submission
from solutions.inside import reference
from solutions.inside.cases import EXERCISES, SMALLEST, attention, law, related, rotation
from solutions.inside.stand_ins import STAND_INS

B, HEADS, ROWS, COLUMNS, P = 2, 3, 5, 7, 4


@pytest.fixture
def rng():
    return np.random.default_rng(11)


def normal(rng, *shape):
    return rng.standard_normal(shape).astype("float32")


def array(value):
    return ops.convert_to_numpy(value)


def cases_of(name, seed=3):
    """The cases of an exercise."""
    return next(exercise for exercise in EXERCISES if exercise.name == name).cases(np.random.default_rng(seed))


# mean_attention_distance


def looped_distance(weights, grid, patch_size, extra):
    """One pair of patches at a time, in the words of the text."""
    places = [(row, column) for row in range(grid[0]) for column in range(grid[1])]
    found = []
    for head in range(weights.shape[1]):
        queries = []
        for image in weights[:, head].tolist():
            for i, (row, column) in enumerate(places):
                shares = image[extra + i][extra:]
                away = [math.hypot(row - other, column - there) * patch_size for other, there in places]
                queries.append(sum(w * d for w, d in zip(shares, away, strict=True)) / sum(shares))
        found.append(sum(queries) / len(queries))
    return found


@pytest.mark.parametrize("extra", [0, 1, 2])
@pytest.mark.parametrize("grid", [(ROWS, COLUMNS), (2, 3), (1, 5), (4, 4)], ids=str)
def test_distances_agree_with_plain_loops(rng, grid, extra):
    weights = attention(rng, B, HEADS, grid[0] * grid[1] + extra, extra)
    found = reference.mean_attention_distance(weights, grid, P, extra)
    np.testing.assert_allclose(found, looped_distance(weights, grid, P, extra), rtol=1e-5)


def test_distances_agree_with_pytorch(rng):
    torch = pytest.importorskip("torch", reason="PyTorch is not installed here; the comparison with it is left out")
    weights = attention(rng, B, HEADS, ROWS * COLUMNS + 1, 1)
    places = torch.cartesian_prod(torch.arange(ROWS), torch.arange(COLUMNS)).double()
    kept = torch.tensor(weights).double()[:, :, 1:, 1:]
    expected = (kept / kept.sum(-1, keepdim=True) * P * torch.cdist(places, places)).sum(-1).mean((0, 2))
    np.testing.assert_allclose(
        reference.mean_attention_distance(weights, (ROWS, COLUMNS), P), expected.numpy(), rtol=1e-5
    )


@pytest.mark.parametrize(("side", "patch", "expected"), [(8, 4, 16.54593), (4, 8, 16.06412), (14, 16, 116.49223)])
def test_uniform_attention_has_the_known_distances(side, patch, expected):
    count = side * side + 1
    weights = np.full((1, 2, count, count), 1 / count, "float32")
    np.testing.assert_allclose(
        reference.mean_attention_distance(weights, (side, side), patch), [expected] * 2, rtol=1e-6
    )


def test_what_cls_asks_for_and_gets_changes_no_distance(rng):
    weights = attention(rng, B, HEADS, 13, 1)
    other = weights.copy()
    other[:, :, 0] = 1 / 13
    other[:, :, 1:, 0] = 0.5
    other[:, :, 1:, 1:] *= 0.5 / other[:, :, 1:, 1:].sum(-1, keepdims=True)
    found = [reference.mean_attention_distance(one, (3, 4), P) for one in (weights, other)]
    np.testing.assert_allclose(found[0], found[1], rtol=1e-5)


# attention_rollout


def looped_rollout(layers):
    """All paths, one number at a time, from the first layer on."""
    images, _, count, _ = layers[0].shape
    found = np.zeros((images, count, count))
    for b in range(images):
        flow = [[float(i == j) for j in range(count)] for i in range(count)]
        for layer in layers:
            mixed = [
                [
                    sum(head[i][j] for head in layer[b].tolist()) / layer.shape[1] / 2 + (i == j) / 2
                    for j in range(count)
                ]
                for i in range(count)
            ]
            flow = [[sum(mixed[i][k] * flow[k][j] for k in range(count)) for j in range(count)] for i in range(count)]
        found[b] = flow
    return found


@pytest.mark.parametrize("heads", [[3], [2, 2], [1, 4, 2]], ids=str)
def test_the_rollout_agrees_with_plain_loops(rng, heads):
    layers = [attention(rng, B, h, 5, 1) for h in heads]
    np.testing.assert_allclose(array(reference.attention_rollout(layers)), looped_rollout(layers), atol=1e-6)


def test_rows_of_a_rollout_sum_to_one(rng):
    layers = [attention(rng, B, 2, 7, 1) for _ in range(6)]
    np.testing.assert_allclose(array(reference.attention_rollout(layers)).sum(-1), 1, atol=1e-5)


def test_a_token_that_only_copies_itself_stays_itself():
    layers = [np.eye(4, dtype="float32")[None, None]] * 3
    np.testing.assert_allclose(array(reference.attention_rollout(layers))[0], np.eye(4), atol=1e-7)


def test_the_first_layer_acts_first():
    first, second = (np.zeros((1, 1, 3, 3), "float32") for _ in range(2))
    first[..., 0], second[..., 1] = 1, 1  # all look at token 0, then all look at token 1
    found = array(reference.attention_rollout([first, second]))[0]
    # token 2: half of it is itself (half token 2, half token 0), half is token 1 (half token 1, half token 0)
    np.testing.assert_allclose(found[2], [0.5, 0.25, 0.25], atol=1e-7)


# linear_cka


def looped_cka(x, y):
    """The formula in float64, one number at a time: sums over pairs of features."""
    n = len(x)

    def columns(z):
        return [[value - sum(column) / n for value in column] for column in z.astype(float).T.tolist()]

    def squares(a, b):
        return sum(sum(p * q for p, q in zip(one, other, strict=True)) ** 2 for one in a for other in b)

    a, b = columns(x), columns(y)
    return squares(a, b) / math.sqrt(squares(a, a) * squares(b, b))


SHAPES = [(13, 5, 3), (5, 11, 7), (7, 7, 7), (3, 2, 13)]


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_cka_agrees_with_plain_loops(rng, shape):
    x, y = related(rng, *shape)
    np.testing.assert_allclose(reference.linear_cka(x, y), looped_cka(x, y), rtol=1e-5)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_cka_agrees_with_pytorch(rng, shape):
    torch = pytest.importorskip("torch", reason="PyTorch is not installed here; the comparison with it is left out")
    x, y = related(rng, *shape)
    grams = []
    for z in (x, y):
        centred = torch.tensor(z).double() - torch.tensor(z).double().mean(0, keepdim=True)
        grams.append((centred @ centred.T).flatten())
    expected = torch.nn.functional.cosine_similarity(*grams, dim=0)
    np.testing.assert_allclose(reference.linear_cka(x, y), float(expected), rtol=1e-5)


def test_cka_is_the_cosine_between_two_tables_of_products(rng):
    x, y = related(rng, 9, 4, 6)
    grams = [np.cov(z.astype(float).T, bias=True) for z in (np.hstack([x, y]),)]
    cross, own_x, own_y = grams[0][:4, 4:], grams[0][:4, :4], grams[0][4:, 4:]
    expected = (cross**2).sum() / math.sqrt((own_x**2).sum() * (own_y**2).sum())
    np.testing.assert_allclose(reference.linear_cka(x, y), expected, rtol=1e-6)


CHANGES = {
    "rotated": lambda rng, x: x @ rotation(rng, 5),
    "tripled": lambda rng, x: 3 * x,
    "moved": lambda rng, x: x + normal(rng, 5),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_cka_stays_where_it_should(rng, change):
    x, y = related(rng, 13, 5, 3)
    before = reference.linear_cka(x, y)
    assert 0.1 < before < 0.95
    np.testing.assert_allclose(reference.linear_cka(change(rng, x), y), before, rtol=1e-5)


def test_another_linear_map_changes_cka(rng):
    x, y = related(rng, 13, 5, 3)
    assert abs(reference.linear_cka(x * np.array([1, 5, 1, 1, 1], "float32"), y) - reference.linear_cka(x, y)) > 0.01


def test_no_graded_pair_but_one_is_trivial():
    for seed in range(10):
        for case in cases_of("linear_cka", seed):
            question = case.question
            value = reference.linear_cka(*question.args, **question.kwargs)
            assert case.name == "x with itself" or 0.03 < value < 0.97, case.name


# cka_matrix


def test_the_matrix_compares_each_layer_with_each_by_loops(rng):
    ours = [normal(rng, 5, 3, 4), normal(rng, 5, 2, 2, 3)]
    theirs = [normal(rng, 5, 6), normal(rng, 5, 7, 2), normal(rng, 5, 4)]
    flat = [[np.array([list(example.flat) for example in layer]) for layer in layers] for layers in (ours, theirs)]
    expected = [[looped_cka(x, y) for y in flat[1]] for x in flat[0]]
    np.testing.assert_allclose(reference.cka_matrix(ours, theirs), expected, rtol=1e-5)


@pytest.mark.parametrize("shape", [(7, 3, 4), (5, 2, 2, 3), (13, 4)], ids=str)
def test_a_rotation_to_fewer_features_changes_no_cka(rng, shape):
    layer, other = normal(rng, *shape) + 1, normal(rng, shape[0], 6)
    narrow = reference.rotated(layer)
    assert narrow.shape == (shape[0], min(shape[0], math.prod(shape[1:])))
    np.testing.assert_allclose(
        reference.cka_matrix([narrow], [other]), reference.cka_matrix([layer], [other]), rtol=1e-6
    )


# cue_conflict


def looped_transform(picture, sign):
    """The definition of the discrete Fourier transform of (H, W), a sum for each frequency."""
    height, width = picture.shape
    y, x = np.mgrid[:height, :width]
    return np.array(
        [
            [(picture * np.exp(sign * 2j * np.pi * (u * y / height + v * x / width))).sum() for v in range(width)]
            for u in range(height)
        ]
    )


@pytest.mark.parametrize("shape", [(2, 6, 8, 3), (2, 5, 7, 1), (1, 4, 9, 3)], ids=str)
def test_conflicts_agree_with_the_definition_of_the_transform(rng, shape):
    ours, theirs = rng.random(shape, "float32"), rng.random(shape, "float32")
    found = reference.cue_conflict(ours, theirs)
    for b in range(shape[0]):
        for c in range(shape[3]):
            own, other = (looped_transform(z[b, :, :, c].astype(float), -1) for z in (ours, theirs))
            back = looped_transform(abs(other) * own / abs(own), 1).real / own.size
            np.testing.assert_allclose(found[b, :, :, c], np.clip(back, 0, 1), atol=1e-5)


def test_a_picture_with_its_own_texture_is_itself(rng):
    picture = rng.random((2, 5, 8, 3), "float32")
    np.testing.assert_allclose(reference.cue_conflict(picture, picture), picture, atol=1e-5)


def test_graded_conflicts_need_the_cut_and_no_coefficient_is_near_zero():
    for seed in range(10):
        for case in cases_of("cue_conflict", seed):
            shape, texture = (*case.question.args, *case.question.kwargs.values())
            assert np.abs(np.fft.fft2(shape, axes=(1, 2))).min() > SMALLEST
            found = reference.cue_conflict(shape, texture)
            assert "same picture" in case.name or "dark" in case.name or ((found == 0).any() and (found == 1).any()), (
                case.name
            )


# shape_bias


def test_the_pictures_of_the_text_by_hand():
    said, shape, texture = [3, 5, 1, 6, 7, 4], [3, 0, 1, 6, 7, 8], [5, 5, 1, 2, 2, 9]
    found = reference.shape_bias(*(np.array(row) for row in (said, shape, texture)))
    assert found == 0.75


def test_the_bias_agrees_with_counting_one_by_one(rng):
    said, shape, texture = rng.integers(0, 4, (3, 97))
    pairs = [(s, t, p) for p, s, t in zip(said.tolist(), shape.tolist(), texture.tolist(), strict=True) if s != t]
    decisions = ["shape" if p == s else "texture" for s, t, p in pairs if p in (s, t)]
    assert reference.shape_bias(said, shape, texture) == pytest.approx(decisions.count("shape") / len(decisions))


# fit_power_law


@pytest.mark.parametrize("seed", range(12))
def test_the_fit_finds_the_law_that_made_the_points(seed):
    rng = np.random.default_rng(seed)
    (a, b, c), points = law(rng, rng.uniform(0.3, 1.2), rng.uniform(0, 0.4) * (seed % 3 > 0))
    found = reference.fit_power_law(*points)
    np.testing.assert_allclose(found[:2], [a, b], rtol=0.01)
    assert found[2] == pytest.approx(c, abs=0.003)


def test_the_order_of_the_points_changes_nothing(rng):
    _, (n, error) = law(rng, 0.5, 0.1)
    order = rng.permutation(len(n))
    np.testing.assert_allclose(
        reference.fit_power_law(n[order], error[order]), reference.fit_power_law(n, error), rtol=1e-6
    )


def test_graded_laws_are_as_the_text_says():
    for seed in range(20):
        cases = cases_of("fit_power_law", seed)
        for question in {id(case.question): case.question for case in cases}.values():
            n, error = (*question.args, *question.kwargs.values())
            a, b, c = reference.fit_power_law(n, error)
            assert 6 <= len(n) <= 12
            assert 50 <= n.min() < n.max() <= 1e6
            assert n.max() / n.min() > 10**2.5
            assert (0.49 < a < 20.2, 0.3 <= b <= 1.2, -0.003 < c <= 0.4) == (True, True, True)
            assert c + 0.005 < error.max() < 1


def test_a_graded_tolerance_allows_five_per_cent_and_a_hundredth():
    for case in (case for case in cases_of("fit_power_law") if case.weight):
        question = case.question
        value = reference.fit_power_law(*question.args, **question.kwargs)[case.part]
        allowed = case.tolerance * (1 + abs(value))
        assert allowed == pytest.approx(0.01 if case.part == 2 else 0.05 * value, rel=0.02)


# what comes with vitlab


def test_the_networks_and_pictures_that_come_with_vitlab_are_small():
    folder = CHECKOUT / "course/vitlab/data"
    sizes = [(folder / f"checkpoint_{name}.arrays").stat().st_size for name in checkpoints.NAMES]
    assert sum(sizes) < 3_000_000
    assert (folder / "photographs.arrays").stat().st_size < 400_000


@pytest.fixture(scope="module", params=checkpoints.NAMES)
def network(request):
    """Each network in turn: its name and the trained model."""
    return request.param, checkpoints.load(request.param)


def test_each_network_knows_what_is_in_the_pictures(network):
    images, labels = checkpoints.pictures()
    assert (checkpoints.predict(network[1], images) == labels).mean() > 0.4


def test_each_file_says_how_it_was_made(network):
    name, _ = network
    spec = importlib.util.spec_from_file_location("make_checkpoints", CHECKOUT / "tools/make_checkpoints.py")
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    found = checkpoints.about(name)
    assert found["seed"] == tool.SEEDS[name]
    assert found["recipe"]["epochs"] == tool.EPOCHS[name]
    assert found["recipe"]["images"] == 50_000
    assert {"data", "versions", "accuracy"} <= set(found)


def test_untrained_networks_are_others_and_always_the_same(network):
    name, model = network
    fresh, again = checkpoints.load(name, trained=False), checkpoints.load(name, trained=False)
    images, _ = checkpoints.pictures()
    outputs = [checkpoints.run(one, images[:3]) for one in (model, fresh, again)]
    np.testing.assert_array_equal(outputs[1], outputs[2])
    assert np.abs(outputs[0] - outputs[1]).max() > 0.1


def test_seven_layers_are_shown_of_each_network(network):
    images, _ = checkpoints.pictures()
    found = [layer.shape for layer in checkpoints.features(network[1], images[:3])]
    tokens = 65 if network[0] == "vit" else 64
    maps = [(3, 32, 32, 16)] * 2 + [(3, 16, 16, 32)] * 2 + [(3, 8, 8, 64)] * 2 + [(3, 64)]
    assert found == (maps if network[0] == "cnn" else [(3, tokens, 64)] * 7)


def test_pictures_are_ten_of_each_class():
    images, labels = checkpoints.pictures()
    assert (images.shape, images.dtype) == ((100, 32, 32, 3), "uint8")
    assert np.bincount(labels).tolist() == [10] * 10


def test_attention_is_that_of_keras_s_layers():
    model, images = checkpoints.load("vit"), checkpoints.pictures()[0][:3]
    found = checkpoints.attention(model, images)
    assert [layer.shape for layer in found] == [(3, 4, 65, 65)] * 6
    layer = next(one for one in model.layers if isinstance(one, keras.layers.MultiHeadAttention))
    normed = keras.Model(model.input, layer.input[0])(images.astype("float32") / 255)
    (wq, bq, wk, bk) = (array(weight) for weight in layer.weights[:4])
    q, k = (np.einsum("btd,dhe->bhte", array(normed), w) + b[None, :, None] for w, b in ((wq, bq), (wk, bk)))
    scores = np.einsum("bhqe,bhke->bhqk", q, k) / 4
    powers = np.exp(scores - scores.max(-1, keepdims=True))
    np.testing.assert_allclose(found[0], powers / powers.sum(-1, keepdims=True), atol=1e-5)


def test_large_batches_are_worked_on_in_parts(monkeypatch):
    model, images = checkpoints.load("vit"), checkpoints.pictures()[0][:5]
    whole = (
        checkpoints.predict(model, images),
        checkpoints.attention(model, images),
        checkpoints.features(model, images),
    )
    monkeypatch.setattr(checkpoints, "AT_ONCE", 2)
    parts = (
        checkpoints.predict(model, images),
        checkpoints.attention(model, images),
        checkpoints.features(model, images),
    )
    np.testing.assert_array_equal(whole[0], parts[0])
    for one, other in zip(whole[1] + whole[2], parts[1] + parts[2], strict=True):
        np.testing.assert_allclose(one, other, atol=1e-4)


def test_a_network_without_attention_says_so():
    with pytest.raises(ValueError, match="has none"):
        checkpoints.attention(checkpoints.load("mixer"), checkpoints.pictures()[0][:1])


def test_an_unknown_network_is_told_which_there_are():
    with pytest.raises(ValueError, match="cnn, vit, mixer"):
        checkpoints.load("swin")


# figure


@pytest.fixture(scope="module")
def figure():
    return {key: np.asarray(value) for key, value in reference.figure().items()}


def test_the_figure_s_distances_are_those_of_real_attention_by_loops(figure):
    weights = checkpoints.attention(checkpoints.load("vit"), checkpoints.pictures()[0])
    part = looped_distance(weights[2][:4], (8, 8), 4, 1)
    np.testing.assert_allclose(reference.mean_attention_distance(weights[2][:4], (8, 8), 4), part, rtol=1e-5)
    assert figure["distance"].shape == (6, 4)
    assert (figure["distance"] > 0).all()
    assert (figure["distance"] < 4 * math.hypot(7, 7)).all()


@pytest.mark.parametrize("name", checkpoints.NAMES)
def test_a_network_against_itself_is_symmetric_with_ones_on_the_diagonal(figure, name):
    matrix = figure[f"cka_{name}"]
    assert matrix.shape == (7, 7)
    np.testing.assert_allclose(np.diag(matrix), 1, atol=1e-6)
    np.testing.assert_allclose(matrix, matrix.T, atol=1e-6)


def test_the_figure_s_matrix_is_that_of_the_layers_before_they_were_rotated(figure):
    images, _ = checkpoints.pictures()
    layers = [checkpoints.features(checkpoints.load(name), images) for name in ("vit", "cnn")]
    for i, j in ((0, 0), (3, 5), (6, 6)):
        grams = []
        for layer in (layers[0][i], layers[1][j]):
            flat = layer.reshape(100, -1).astype(float)
            flat -= flat.mean(0)
            grams.append(flat @ flat.T)
        cosine = np.vdot(*grams) / np.linalg.norm(grams[0]) / np.linalg.norm(grams[1])
        assert figure["cka_vit_cnn"][i, j] == pytest.approx(cosine, abs=1e-6)


def test_answer_1_is_on_the_law(figure):
    assert 2 * float(figure["answer_1"]) ** -0.35 + 0.05 == pytest.approx(0.10)


@pytest.mark.parametrize("mistaken", [(0.10 / 2) ** (-1 / 0.35), (0.05 / 2) ** -0.35, (0.15 / 2) ** (-1 / 0.35)])
def test_answer_1_is_told_apart_from_the_usual_slips(figure, mistaken):
    (case,) = (case for case in EXERCISES[-1].cases(None) if case.part == "answer_1")
    assert abs(mistaken - figure["answer_1"]) > 5 * case.tolerance * figure["answer_1"]


def test_answer_2_follows_from_the_functions(rng, figure):
    x, y = related(rng, 13, 5, 3)
    one = attention(rng, 2, 3, 13, 1)
    shares = one[..., 1:] / one[..., 1:].sum(-1, keepdims=True)
    half = np.concatenate([np.full((2, 3, 13, 1), 0.5, "float32"), shares / 2], axis=-1)
    uniform = [np.full((1, 2, 5, 5), 0.2, "float32")] * 6
    path = [np.eye(3, dtype="float32")[rows][None, None] for rows in ([0, 2, 2], [1, 1, 2])]
    conflicts = np.zeros(100, int)
    chosen = np.repeat([0, 1, 2], [9, 1, 90])
    found = [
        (
            reference.mean_attention_distance(half, (3, 4), 4)
            < reference.mean_attention_distance(one, (3, 4), 4) - 1e-4
        ).any(),
        np.ptp(array(reference.attention_rollout(uniform))) < 1e-4,
        path[0][0, 0, 0, 2] == path[1][0, 0, 0, 2] == 0 < array(reference.attention_rollout(path))[0, 0, 2],
        abs(reference.linear_cka(x, np.hstack([y, y])) - reference.linear_cka(x, y)) < 1e-6,
        reference.shape_bias(chosen, conflicts, conflicts + 1) == 0.9 and (chosen == conflicts).mean() >= 0.9,
    ]
    assert figure["answer_2"].tolist() == [int(one) for one in found]


# stand-ins


@pytest.mark.parametrize("name", STAND_INS)
def test_the_stand_ins_answer_every_question_as_the_references_do(name):
    space = {}
    exec(STAND_INS[name], space)
    for case in cases_of(name):
        ours, theirs = (ask(target, vars(case.question)) for target in (getattr(reference, name), space[name]))
        np.testing.assert_allclose(theirs, ours, rtol=1e-5, atol=1e-6)


EARLY_MISTAKES = """
def linear_cka(x, y):
    return np.linalg.norm(np.asarray(y).T @ np.asarray(x)) ** 2


def mean_attention_distance(weights, grid, patch_size, num_extra_tokens=1):
    return np.zeros(weights.shape[1])
"""


def test_an_early_mistake_costs_only_once(worker):
    right = (solution_folder("11_inside") / "reference.py").read_text(encoding="utf-8")
    cells = (Cell("reference", None, "code", right), Cell("mistakes", None, "code", EARLY_MISTAKES))
    verdict = grade_submission(
        Submission("s", "11_inside", cells), loaded("11_inside"), worker, Rules("secret", seconds=60.0)
    )
    assert [name for name, found in verdict.exercises.items() if found.outcome != "passed"] == [
        "mean_attention_distance",
        "linear_cka",
    ]
    assert verdict.exercises["cka_matrix"].stand_ins == ("linear_cka",)
    assert set(verdict.exercises["figure"].stand_ins) == {"mean_attention_distance", "linear_cka"}


def test_the_notes_are_readable():
    assert json.loads(str(checkpoints.stored("photographs.arrays")["note"]))["test_images"]
