"""Lesson 06's references against code that is not ours: Keras's own smoothing, scikit-learn's bins, plain loops."""

from dataclasses import replace
from fractions import Fraction
from math import exp, log

import keras
import numpy as np
import pytest
from keras import ops
from lessons import text_of, told_of_bars
from vitlab import data, training
from vitlab.library import SwitchedOff, switched_off
from vitlab.probe import ask, find_weight, plain

from autograder.judge.score import distinct_questions
from solutions.calibration import reference, trained
from solutions.calibration.cases import EXERCISES, SMOOTHING, judged, scaled, softmax
from solutions.calibration.stand_ins import STAND_INS

B, K, EPSILON = 5, 7, 0.3
BY_NAME = {exercise.name: exercise for exercise in EXERCISES}


@pytest.fixture
def rng():
    return np.random.default_rng(61)


@pytest.fixture
def batch(rng):
    """(logits (B, K), labels (B,))."""
    return 2 * rng.standard_normal((B, K)).astype("float32"), rng.integers(0, K, B).astype("int32")


def array(value):
    return ops.convert_to_numpy(value)


# smooth_labels and smoothed_cross_entropy


@pytest.mark.parametrize("epsilon", [0.0, 0.1, EPSILON, 0.8])
def test_targets_are_those_of_plain_loops_with_fractions(epsilon):
    share = Fraction(epsilon)
    found = array(reference.smooth_labels(np.array([2, 0, 2]), K, epsilon))
    for row, label in zip(found, (2, 0, 2), strict=True):
        exact = [share / K + (1 - share if k == label else 0) for k in range(K)]
        np.testing.assert_allclose(row, [float(number) for number in exact], atol=1e-6)
        assert sum(exact) == 1


def test_the_lectures_size_gives_91_and_1_per_cent():
    found = array(reference.smooth_labels(np.array([3]), 10, 0.1))
    np.testing.assert_allclose(found, [[0.01] * 3 + [0.91] + [0.01] * 6], atol=1e-7)


@pytest.mark.parametrize("loud", [1, 400])
@pytest.mark.parametrize("epsilon", [0.0, 0.1, EPSILON])
def test_the_loss_is_kerass_own_smoothed_one(batch, epsilon, loud):
    logits, labels = loud * batch[0], batch[1]
    theirs = keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=epsilon)
    expected = float(theirs(np.eye(K, dtype="float32")[labels], logits))
    found = reference.smoothed_cross_entropy(logits, labels, epsilon)
    assert found.shape == ()
    np.testing.assert_allclose(float(found), expected, rtol=1e-5)


@pytest.mark.parametrize("loud", [1, 400])
def test_the_loss_is_that_of_plain_loops(batch, loud):
    logits, labels = loud * batch[0].astype("float64"), batch[1]
    total = 0.0
    for row, label in zip(logits, labels, strict=True):
        normaliser = row.max() + log(sum(exp(z - row.max()) for z in row))
        total -= sum((EPSILON / K + (1 - EPSILON) * (k == label)) * (z - normaliser) for k, z in enumerate(row))
    found = float(reference.smoothed_cross_entropy(logits.astype("float32"), labels, EPSILON))
    np.testing.assert_allclose(found, total / B, rtol=1e-5)


def test_the_loss_is_a_mixture_of_the_plain_one_and_one_against_even_targets(batch):
    logits, labels = batch
    even = keras.losses.CategoricalCrossentropy(from_logits=True)(np.full((B, K), 1 / K, "float32"), logits)
    hard = keras.losses.SparseCategoricalCrossentropy(from_logits=True)(labels, logits)
    found = float(reference.smoothed_cross_entropy(logits, labels, EPSILON))
    np.testing.assert_allclose(found, (1 - EPSILON) * float(hard) + EPSILON * float(even), rtol=1e-5)


@pytest.mark.parametrize("loud", [1, 400])
def test_the_gradient_is_softmax_minus_target(batch, loud):
    tf = pytest.importorskip("tensorflow")
    logits, labels = tf.Variable(loud * batch[0]), batch[1]
    with tf.GradientTape() as tape:
        loss = reference.smoothed_cross_entropy(logits, labels, EPSILON)
    expected = (softmax(loud * batch[0]) - (1 - EPSILON) * np.eye(K)[labels] - EPSILON / K) / B
    np.testing.assert_allclose(tape.gradient(loss, logits).numpy(), expected, atol=1e-6)


def test_the_loss_works_in_a_compiled_step(batch):
    logits, labels = batch
    model = keras.Sequential([keras.Input((K,)), keras.layers.Dense(K)])
    model.compile("sgd", lambda y, z: reference.smoothed_cross_entropy(z, y, EPSILON), jit_compile=True)
    first, *_, last = model.fit(logits, labels, batch_size=B, epochs=5, verbose=0).history["loss"]
    assert last < first


# optimal_smoothed_logit_gap

PLACES = {10: (4.51086, 0.50029), 100: (6.80351, 0.77780), 1000: (9.10509, 1.01485)}


@pytest.mark.parametrize(("classes", "gap", "floor"), [(k, *found) for k, found in PLACES.items()])
def test_gap_and_floor_are_those_worked_out_by_hand(classes, gap, floor):
    figure, place = reference.figure(), list(PLACES).index(classes)
    np.testing.assert_allclose(reference.optimal_smoothed_logit_gap(classes, 0.1), gap, atol=6e-6)
    np.testing.assert_allclose(figure["gaps"][place], gap, atol=6e-6)
    np.testing.assert_allclose(figure["floors"][place], floor, atol=6e-6)


@pytest.mark.parametrize(("classes", "epsilon"), [(2, 0.3), (7, 0.1), (13, 0.7)])
def test_the_softmax_of_the_gap_is_the_target(classes, epsilon):
    row = reference.optimal_smoothed_logit_gap(classes, epsilon) * np.eye(1, classes)
    np.testing.assert_allclose(softmax(row), array(reference.smooth_labels(np.array([0]), classes, epsilon)), atol=1e-6)


@pytest.mark.parametrize(("classes", "epsilon"), [(2, 0.3), (7, 0.1), (13, 0.7)])
def test_no_other_logits_have_a_smaller_loss(rng, classes, epsilon):
    theirs = keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=epsilon)
    target, best = np.eye(1, classes), reference.optimal_smoothed_logit_gap(classes, epsilon) * np.eye(1, classes)
    least = float(theirs(target, best))
    for size in (0.05, 0.5, 3.0):
        assert all(float(theirs(target, best + size * rng.standard_normal((1, classes)))) > least for _ in range(10))


# expected_calibration_error and reliability_curve


def looped(probs, labels, bins):
    """(error, confidence, accuracy, count) image by image, with fractions for the edges."""
    found = [[] for _ in range(bins)]
    for row, label in zip(probs.tolist(), labels.tolist(), strict=True):
        sure = max(row)
        place = next(i for i in range(bins) if Fraction(i, bins) < Fraction(sure) <= Fraction(i + 1, bins))
        found[place].append((sure, row.index(sure) == label))
    pairs = [tuple(sum(part) / len(own) for part in zip(*own, strict=True)) if own else (np.nan,) * 2 for own in found]
    error = sum(
        len(own) / len(labels) * abs(sure - right) for own, (sure, right) in zip(found, pairs, strict=True) if own
    )
    return error, *np.transpose(pairs), [len(own) for own in found]


@pytest.mark.parametrize("sharpness", [0.4, 1.0, 3.0])
@pytest.mark.parametrize("bins", [1, 5, 10, 17])
def test_error_and_curve_are_those_of_plain_loops(rng, sharpness, bins):
    probs, labels = judged(rng, 60, K, bins, sharpness)
    error, *curve = looped(probs, labels, bins)
    np.testing.assert_allclose(reference.expected_calibration_error(probs, labels, bins), error, atol=1e-6)
    for ours, exact in zip(reference.reliability_curve(probs, labels, bins), curve, strict=True):
        np.testing.assert_allclose(ours, exact, atol=1e-6)


def test_the_filled_bins_are_scikit_learns(rng):
    calibration = pytest.importorskip("sklearn.calibration", reason="scikit-learn is not installed here; left out")
    probs, labels = judged(rng, 80, K, 10, 2.0)
    right = probs.argmax(-1) == labels
    accuracy, confidence = calibration.calibration_curve(right, probs.max(-1), n_bins=10)
    ours = reference.reliability_curve(probs, labels, 10)
    np.testing.assert_allclose(ours[0][ours[2] > 0], confidence, atol=1e-6)
    np.testing.assert_allclose(ours[1][ours[2] > 0], accuracy, atol=1e-6)


def test_the_table_of_the_lesson_gives_0_155():
    sure = np.array([0.55] * 2 + [0.85] * 3 + [0.98] * 5)
    rows, labels = np.stack([sure, 1 - sure], axis=1), np.array([0, 1, 0, 0, 1, 0, 0, 0, 0, 1])
    assert reference.expected_calibration_error(rows, labels) == pytest.approx(0.156, abs=1e-3)


def test_the_upper_end_belongs_to_the_bin_and_1_to_the_last(rng):
    sure = np.array([0.5, 0.75, 1.0])
    rows = np.stack([sure, 1 - sure], axis=1)
    assert reference.reliability_curve(rows, np.zeros(3, int), 4)[2].tolist() == [0, 1, 1, 1]


def test_curve_and_error_say_the_same(rng):
    probs, labels = judged(rng, 90, K, 10, 2.0)
    confidence, accuracy, count = reference.reliability_curve(probs, labels)
    error = np.nansum(count * np.abs(accuracy - confidence)) / count.sum()
    assert reference.expected_calibration_error(probs, labels) == pytest.approx(error, abs=1e-6)


def test_a_single_bin_gives_the_distance_of_the_means(rng):
    probs, labels = judged(rng, 50, K, 1, 2.0)
    expected = abs((probs.argmax(-1) == labels).mean() - probs.max(-1).mean())
    assert reference.expected_calibration_error(probs, labels, 1) == pytest.approx(expected, abs=1e-6)


# fit_temperature


@pytest.mark.parametrize("temperature", [0.5, 1.0, 3.0, 7.0])
def test_at_the_fitted_temperature_the_slope_of_the_likelihood_is_0(rng, temperature):
    logits, labels = scaled(rng, 300, K, temperature)
    t = reference.fit_temperature(logits, labels)
    p = softmax(logits / np.float64(t)).astype("float64")
    terms = (p * logits).sum(-1) - logits[np.arange(300), labels]
    assert abs(terms.mean()) < 1e-4 * np.abs(terms).mean()


@pytest.mark.parametrize("temperature", [0.5, 1.0, 3.0, 7.0])
def test_no_other_temperature_of_a_fine_table_is_better(rng, temperature):
    logits, labels = scaled(rng, 300, K, temperature)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    tried = np.geomspace(0.2, 20, 301)
    best = tried[int(np.argmin([float(loss(labels, logits / np.float32(t))) for t in tried]))]
    assert reference.fit_temperature(logits, labels) == pytest.approx(best, rel=0.02)


def test_twice_the_logits_have_twice_the_temperature(rng):
    logits, labels = scaled(rng, 200, K, 1.5)
    once, twice = (reference.fit_temperature(factor * logits, labels) for factor in (1, 2))
    assert twice == pytest.approx(2 * once, rel=1e-4)


# cases and stand-ins


def all_cases(name, seeds=range(40)):
    return [case for seed in seeds for case in BY_NAME[name].cases(np.random.default_rng(seed))]


def test_graded_temperatures_lie_where_the_text_says():
    found = [ask(reference.fit_temperature, vars(case.question)) for case in all_cases("fit_temperature", range(12))]
    assert 0.3 < min(found) < 0.6
    assert 5 < max(found) < 10


@pytest.mark.parametrize("name", ["expected_calibration_error", "reliability_curve"])
def test_confidences_lie_on_an_edge_exactly_or_a_safe_way_off(name):
    for case in all_cases(name):
        args, kwargs = case.question.args, case.question.kwargs
        bins = kwargs.get("num_bins", args[2] if len(args) > 2 else 10)
        places = args[0].max(-1).astype("float64") * bins
        off = np.abs(places - np.rint(places)) / bins
        assert ((off == 0) & (bins in (4, 8)) | (off > 1e-4)).all()


@pytest.mark.parametrize("name", ["expected_calibration_error", "reliability_curve"])
def test_rows_of_probabilities_sum_to_1_and_have_one_largest(name):
    for case in all_cases(name, range(10)):
        probs = case.question.args[0]
        np.testing.assert_allclose(probs.sum(-1), 1, atol=1e-5)
        assert (probs == probs.max(-1, keepdims=True)).sum() == len(probs)


@pytest.mark.parametrize("name", list(STAND_INS))
def test_the_stand_ins_answer_every_question_as_the_references_do(name):
    space = {}
    exec(STAND_INS[name], space)
    cases = BY_NAME[name].cases(np.random.default_rng(0))
    with switched_off(SMOOTHING):
        for question in distinct_questions(cases):
            ours, theirs = (ask(target, vars(question)) for target in (getattr(reference, name), space[name]))
            tolerance = next(case.tolerance for case in cases if case.question is question)
            np.testing.assert_allclose(plain(ours), plain(theirs), atol=tolerance, rtol=tolerance)


@pytest.mark.parametrize("call", ["categorical_crossentropy", "categorical_focal_crossentropy"])
def test_kerass_smoothing_is_off_and_its_cross_entropy_is_not(batch, call):
    targets, logits = np.eye(K, dtype="float32")[batch[1]], ops.convert_to_tensor(batch[0])
    loss = getattr(keras.losses, call)
    before = array(loss(targets, logits, from_logits=True))
    with switched_off(SMOOTHING):
        now = getattr(keras.losses, call)
        assert array(now(targets, logits, from_logits=True)).tolist() == before.tolist()
        assert array(now(targets, logits, from_logits=True, label_smoothing=0.0)).tolist() == before.tolist()
        with pytest.raises(SwitchedOff, match="label_smoothing"):
            now(targets, logits, from_logits=True, label_smoothing=0.1)


def test_kerass_loss_object_smooths_neither(batch):
    targets, logits = np.eye(K, dtype="float32")[batch[1]], ops.convert_to_tensor(batch[0])
    with switched_off(SMOOTHING):
        keras.losses.CategoricalCrossentropy(from_logits=True)(targets, logits)
        loss = keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=0.1)
        with pytest.raises(SwitchedOff):
            loss(targets, logits)


# the figure


def test_the_forecaster_is_the_same_everywhere_and_off_all_edges():
    logits, labels = reference.forecaster()
    np.testing.assert_allclose(logits[0, :2], [1.32368, -0.99261], atol=1e-4)  # 3 times RandomState(5)'s first numbers
    assert labels.shape == (400,)
    for divisor in (1, 2):
        confidence = softmax(logits / divisor).max(-1).astype("float64")
        assert np.abs(10 * confidence - np.rint(10 * confidence))[confidence < 0.999].min() > 1e-3


def test_the_forecaster_is_too_sure_and_half_as_loud_it_is_not():
    figure = reference.figure()
    assert figure["temperature"] == pytest.approx(2, rel=0.15)
    assert figure["errors"][0] > 0.1
    assert figure["errors"][1] < 0.06


def test_a_98_per_cent_dog_comes_from_an_epsilon_of_one_45th():
    answer = reference.figure()["answer_1"]
    assert array(reference.smooth_labels(np.array([5]), 10, answer))[0, 5] == pytest.approx(0.98)


def test_the_five_statements_hold_or_fail_by_example(rng):
    logits, labels = rng.standard_normal((9, K)).astype("float32"), rng.integers(0, K, 9)
    kept = all(((logits / t).argmax(-1) == logits.argmax(-1)).all() for t in (0.1, 3, 50))
    ignorant = reference.expected_calibration_error(np.full((10, 10), 0.1), np.arange(10))
    loud = reference.expected_calibration_error(softmax(9 * logits), labels)
    calm = reference.expected_calibration_error(softmax(logits / 9), labels)
    floor = float(reference.figure()["floors"][0])
    holds = [kept, ignorant > 1e-6, abs(loud - calm) < 1e-6, floor > 0, floor < 1e-6]
    assert reference.figure()["answer_2"].tolist() == [int(one) for one in holds]


# the models and the trained item

SMALL = {"num_classes": 8, "image_size": 8, "patch_size": 4, "dim": 6, "depth": 2, "num_heads": 2, "mlp_dim": 5}


@pytest.fixture(scope="module")
def pair():
    """A small pair, called once."""
    keras.utils.set_random_seed(1)
    made = reference.Pair(**SMALL)
    made(np.zeros((1, 8, 8, 3), "float32"))
    return made


def test_the_item_names_every_weight_of_the_pair(pair):
    found = [find_weight(pair, path) for path in trained.paths(SMALL)]
    assert len({id(weight) for weight in found}) == len(found) == len(pair.weights)


def test_a_pair_answers_as_its_two_models_do_and_comes_back_from_its_file(pair, rng, tmp_path):
    images = rng.random((3, 8, 8, 3), "float32")
    both = np.stack([array(pair.plain(images)), array(pair.smoothed(images))], axis=1)
    assert array(pair(images)).tolist() == both.tolist()
    pair.save_weights(tmp_path / "a.weights.h5")
    again = reference.Pair(**SMALL)
    again(images)
    again.load_weights(tmp_path / "a.weights.h5")
    np.testing.assert_allclose(array(again(images)), both, atol=1e-6)


def test_the_small_vit_knows_where_its_patches_lie(pair, rng):
    images = rng.random((2, 8, 8, 3), "float32")
    swapped = np.concatenate([images[:, :, 4:], images[:, :, :4]], axis=2)
    assert np.abs(array(pair.plain(images)) - array(pair.plain(swapped))).max() > 1e-4


def test_the_standard_size_is_that_of_the_lesson_and_within_its_own_ranges():
    item = trained.TRAINED
    _, sizes = reference.by_heart((trained.colour_training("cpu")[0],) * 2)
    assert item.standard == sizes
    assert set(item.standard) == set(item.arguments)
    for name, rule in item.arguments.items():
        assert rule.low <= item.standard[name] <= rule.high


def test_pictures_that_are_trained_on_or_measured_hold_no_8_and_no_9():
    (images, labels), (_, other) = trained.colour_training("cpu")
    unseen, hidden = trained.colour_unseen(np.random.default_rng(1))
    assert len(images) == len(labels) == reference.by_heart(((images, labels), (images, labels)))[0].images
    assert max(labels.max(), other.max(), hidden.max()) == 7
    assert len(unseen) == len(hidden) > 1_000
    assert unseen.dtype == images.dtype == np.float32


def test_unseen_colours_differ_from_student_to_student():
    (one, _), (other, _) = (trained.colour_unseen(np.random.default_rng(seed)) for seed in (1, 2))
    assert np.abs(one - other).mean() > 0.1


def said(sure, right, count=40):
    """(logits (count, 2, 8), labels): both models this sure of their choice, and right in this share of cases."""
    labels = np.arange(count) % 8
    choice = np.where(np.arange(count) < right * count, labels, (labels + 1) % 8)
    rows = [np.log(np.where(np.arange(8) == choice[:, None], one, (1 - one) / 7)) for one in sure]
    return np.stack(rows, axis=1).astype("float32"), labels


def requirement(words):
    return next(one for one in trained.TRAINED.requirements if words in one.name)


def test_accuracy_is_the_mean_of_both_models():
    logits, labels = said((0.9, 0.9), 0.75)
    assert trained.accuracy(logits, labels) == pytest.approx(0.75)
    logits[:, 1] = said((0.9, 0.9), 1.0)[0][:, 1]
    assert trained.accuracy(logits, labels) == pytest.approx(0.875)
    assert trained.accuracy(logits[:, 0], labels) == 0


def test_how_sure_each_model_is_is_measured_by_itself():
    logits, labels = said((0.99, 0.91), 1.0)
    assert requirement("plain").measure(logits, labels) == pytest.approx(0.99, abs=1e-5)
    assert requirement("smoothed").measure(logits, labels) == pytest.approx(0.91, abs=1e-5)


def test_a_temperature_does_not_raise_the_error_of_a_model_that_is_too_sure():
    logits, labels = said((0.99, 0.95), 0.75)
    assert requirement("rise").measure(logits, labels) < -0.1


@pytest.fixture(scope="module")
def brief():
    """Two short trainings of a tiny model, the second with twice as many pictures at hand: (data, two results)."""
    model = {**training.budget("cpu").model, "dim": 16, "depth": 1, "num_heads": 2, "mlp_dim": 16, "patch_size": 16}
    short = replace(training.budget("cpu"), images=50, epochs=8, learning_rate=0.02, model=model)
    given = tuple((images[:50], labels[:50]) for images, labels in trained.colour_training("cpu"))
    (images, labels), rest = given
    more = (np.concatenate([images, images[::-1]]), np.concatenate([labels, labels[::-1]])), rest
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(training, "budget", lambda *args, **kwargs: short)
        return given, [reference.train_smoothed(one, 3, 0.1) for one in (given, more)]


def test_the_reference_makes_the_smoothed_loss_small_and_returns_kerass_history(brief):
    ((images, labels), _), [(model, history), _] = brief
    losses = history.history["loss"]
    assert len(losses) == 16
    assert 0.46 < losses[-1] < 0.9 * losses[0]
    assert float(reference.smoothed_cross_entropy(model(images), labels, 0.1)) < losses[0]


def test_the_same_seed_trains_the_same_model_whatever_lies_beyond_the_recipe(brief):
    (one, _), (other, _) = brief[1]
    for a, b in zip(one.get_weights(), other.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, atol=1e-4)


def test_the_grey_digits_have_strangers_too():
    (_, labels), (_, others) = data.load("digits")
    assert min((labels >= 8).sum(), (others >= 8).sum()) > 50


def test_the_lesson_tells_its_bars_as_they_were_measured():
    told = told_of_bars("06_calibration")
    assert told
    text = text_of("06_calibration")
    assert [one for one in told if one not in text] == []
