"""Lesson 07's references against code that is not ours: Keras's losses and its KLDivergence, loops, closed forms."""

import json
from dataclasses import replace
from math import exp, log

import keras
import numpy as np
import pytest
import tiny
from keras import ops
from lessons import loaded, text_of, told_of_bars
from vitlab import data, fixtures, teachers, training
from vitlab.learning import gradients
from vitlab.parts import make_part
from vitlab.probe import ask, find_weight, overwrite_all, tensors

from autograder.grade.rules import Rules
from autograder.grade.trained import grade_trained
from autograder.judge.bars import items_of
from autograder.lessons import solution_folder
from autograder.read.artifacts import Artifacts, rules_of
from autograder.read.code import read_code
from autograder.read.notebook import Cell
from autograder.read.slice import analyse
from autograder.verify_trained import as_json, weights_of
from solutions.distillation import reference, trained
from solutions.distillation.cases import EXERCISES, NEARLY_ALL, classifier_weights, logits_of, model_weights
from solutions.distillation.stand_ins import STAND_INS

B, K = 7, 5
SMALL = {"image_size": 12, "patch_size": 4, "num_classes": 7, "dim": 6, "depth": 2, "num_heads": 2, "mlp_dim": 11}


@pytest.fixture
def rng():
    return np.random.default_rng(71)


@pytest.fixture
def batch(rng):
    """Logits of a student, of a teacher that is wrong on some, and labels."""
    return logits_of(rng, B, K)


def normal(rng, *shape):
    return rng.standard_normal(shape).astype("float32")


def array(value):
    return ops.convert_to_numpy(value)


def tensor(*arrays):
    return [ops.convert_to_tensor(one) for one in arrays]


def cases_of(name):
    """The cases of an exercise."""
    return next(exercise for exercise in EXERCISES if exercise.name == name).cases(np.random.default_rng(3))


# soft_targets


def looped_soft(row, t):
    """A row's softened distribution in float64."""
    powers = [exp((z - max(row)) / t) for z in row.tolist()]
    return [power / sum(powers) for power in powers]


@pytest.mark.parametrize("t", [0.5, 1, 4, 7.5])
@pytest.mark.parametrize("shape", [(K,), (B, K), (2, B, K)], ids=str)
def test_soft_targets_agree_with_loops(rng, shape, t):
    logits = 3 * normal(rng, *shape)
    rows = [looped_soft(row, t) for row in logits.reshape(-1, K)]
    np.testing.assert_allclose(array(reference.soft_targets(logits, t)), np.reshape(rows, shape), atol=1e-6)


def test_the_lessons_targets_by_hand():
    found = array(reference.soft_targets(np.array([14, 12, 6], "float32"), 2.0))
    np.testing.assert_allclose(found, [0.721, 0.265, 0.013], atol=1e-3)


def test_loud_logits_stay_finite(rng):
    loud = np.array([[1000, -1000, 999], [-1000, 1000, 1000]], "float32")
    found = array(reference.soft_targets(loud, 2.0))
    np.testing.assert_allclose(found, [[0.62246, 0, 0.37754], [0, 0.5, 0.5]], atol=1e-5)


# distillation_loss


def looped_loss(student, teacher, labels, t, alpha):
    """The formula of the text in float64, an image and a class at a time."""
    total = 0.0
    for s, z, y in zip(student, teacher, labels, strict=True):
        hard = -log(looped_soft(s, 1.0)[y])
        p, q = looped_soft(z, t), looped_soft(s, t)
        soft = sum(a * (log(a) - log(b)) for a, b in zip(p, q, strict=True))
        total += (1 - alpha) * hard + alpha * t**2 * soft
    return total / len(labels)


SETTINGS = [(1, 0.3), (4, 0.3), (8, 0.7), (4.0, 0), (2.5, 1)]


@pytest.mark.parametrize(("t", "alpha"), SETTINGS)
def test_the_loss_agrees_with_loops(batch, t, alpha):
    found = array(reference.distillation_loss(*tensor(*batch), t, alpha))
    assert found.shape == ()
    np.testing.assert_allclose(found, looped_loss(*batch, t, alpha), rtol=1e-5)


@pytest.mark.parametrize(("t", "alpha"), SETTINGS)
def test_the_loss_agrees_with_kerass_own_losses(batch, t, alpha):
    student, teacher, labels = batch
    p, q = (keras.ops.softmax(z / t) for z in (teacher, student))
    hard = keras.losses.SparseCategoricalCrossentropy(from_logits=True)(labels, student)
    expected = (1 - alpha) * hard + alpha * t**2 * keras.losses.KLDivergence()(p, q)
    np.testing.assert_allclose(array(reference.distillation_loss(*batch, t, alpha)), array(expected), rtol=1e-4)


@pytest.mark.skipif(not hasattr(keras, "distillation"), reason="this Keras has no distillation")
@pytest.mark.parametrize("t", [1.0, 4.0])
def test_the_soft_term_is_kerass_where_that_is_given_a_loss_object_and_not_where_it_takes_its_default(batch, t):
    student, teacher, _ = batch
    ours = array(reference.distillation_loss(*batch, t, 1.0))
    good = keras.distillation.LogitsDistillation(t, loss=keras.losses.KLDivergence())
    np.testing.assert_allclose(ours, array(good.compute_loss(*tensor(teacher, student))), rtol=1e-4)
    default = array(keras.distillation.LogitsDistillation(t).compute_loss(*tensor(teacher, student)))
    raw = np.clip(batch[1] / t, 1e-7, 1) * np.log(np.clip(batch[1] / t, 1e-7, 1) / np.clip(batch[0] / t, 1e-7, 1))
    if abs(default - ours) > 0.1:  # a Keras that has mended it is welcome
        np.testing.assert_allclose(default, raw.sum(-1).mean(), rtol=1e-4)


def test_a_student_that_agrees_pays_for_the_labels_alone(batch):
    _, teacher, labels = batch
    assert abs(float(reference.distillation_loss(teacher, teacher, labels, 4.0, 1.0))) < 1e-6


def test_a_uniform_teacher_is_label_smoothing_up_to_a_constant(batch):
    student, _, labels = batch
    smoothed = keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=0.1)(np.eye(K)[labels], student)
    ours = reference.distillation_loss(student, np.zeros((B, K), "float32"), labels, 1.0, 0.1)
    np.testing.assert_allclose(float(smoothed) - float(ours), 0.1 * log(K), atol=1e-5)


def test_at_high_temperatures_the_soft_term_becomes_half_a_mean_square(batch):
    student, teacher, labels = (one - one.mean(-1, keepdims=True) if one.ndim > 1 else one for one in batch)
    expected = ((student - teacher) ** 2).mean() / 2
    np.testing.assert_allclose(looped_loss(student, teacher, labels, 1000.0, 1.0), expected, rtol=1e-2)


def closed_gradient(student, teacher, labels, t, alpha):
    """Of the loss with respect to the student's logits, in float64: softmax less target, by hand."""
    soft = lambda z, t: np.array([looped_soft(row, t) for row in z])  # noqa: E731
    hard = soft(student, 1.0) - np.eye(student.shape[1])[labels]
    return ((1 - alpha) * hard + alpha * t * (soft(student, t) - soft(teacher, t))) / len(labels)


@pytest.mark.parametrize(("t", "alpha"), SETTINGS)
def test_the_student_s_gradient_is_the_closed_form_and_the_teacher_gets_none(batch, t, alpha):
    to_student, to_teacher = gradients(reference.distillation_loss, [*tensor(*batch), t, alpha], {})
    np.testing.assert_allclose(array(to_student), closed_gradient(*batch, t, alpha), atol=1e-6)
    assert not array(to_teacher).any()


def test_the_factor_keeps_the_pull_of_the_soft_term_alike_from_4_to_8(batch):
    pulls = [
        np.abs(array(gradients(reference.distillation_loss, [*tensor(*batch), t, 1.0], {})[0])).sum() for t in (4, 8)
    ]
    assert 0.7 < pulls[1] / pulls[0] < 1.5


# Distiller


def pair(rng, **settings):
    """A distiller of two classifiers of ours with random weights, and these weights by path."""
    parts = [{"$part": "classifier", "shape": [2, 3, 3], "hidden": n, "classes": K} for n in (3, 4)]
    weights = classifier_weights(rng, "student", 18, 3, K) | classifier_weights(rng, "teacher", 18, 4, K)
    made = reference.Distiller(make_part(parts[0]), make_part({**parts[1], "drop": NEARLY_ALL}), **settings)
    made(np.zeros((1, 2, 3, 3), "float32"))
    overwrite_all(made, weights)
    return made, {path: value.astype("float64") for path, value in weights.items()}


def classified(images, weights, name, trained=False):
    """(what the head reads, logits) of a classifier in float64; in training by the batch's own mean and variance."""
    own = {path.removeprefix(f"{name}."): value for path, value in weights.items() if path.startswith(name)}
    flat = images.reshape(len(images), -1).astype("float64")
    mean, variance = (flat.mean(0), flat.var(0)) if trained else (own["norm.moving_mean"], own["norm.moving_variance"])
    flat = (flat - mean) / np.sqrt(variance + 1e-3) * own["norm.gamma"] + own["norm.beta"]
    hidden = np.tanh(flat @ own["hidden.kernel"] + own["hidden.bias"])
    return hidden, hidden @ own["head.kernel"] + own["head.bias"]


@pytest.mark.parametrize("flag", [True, False])
def test_the_distiller_is_its_student_with_the_flag_that_it_gets(rng, flag):
    model, weights = pair(rng)
    images = rng.random((B, 2, 3, 3), "float32")
    np.testing.assert_allclose(
        array(model(images, training=flag)), classified(images, weights, "student", flag)[1], atol=1e-4
    )


def test_evaluate_finds_the_loss_against_the_teacher_as_after_training(rng):
    model, weights = pair(rng, temperature=4.0, alpha=0.3)
    images, labels = rng.random((B, 2, 3, 3), "float32"), rng.integers(0, K, B)
    model.compile(keras.optimizers.SGD())
    logits = [classified(images, weights, name)[1] for name in ("student", "teacher")]
    np.testing.assert_allclose(
        model.evaluate(images, labels, verbose=0), looped_loss(*logits, labels, 4.0, 0.3), rtol=1e-4
    )


def test_a_step_of_fit_moves_the_student_by_the_closed_gradient_and_the_teacher_by_nothing(rng):
    model, weights = pair(rng, temperature=4.0, alpha=0.3)
    before = [array(weight) for weight in model.teacher.weights]
    images, labels = rng.random((B, 2, 3, 3), "float32"), rng.integers(0, K, B)
    model.compile(keras.optimizers.SGD(1.0))
    model.fit(images, labels, batch_size=B, epochs=1, verbose=0)
    hidden, said = classified(images, weights, "student", True)
    slope = closed_gradient(said, classified(images, weights, "teacher")[1], labels, 4.0, 0.3)
    expected = weights["student.head.kernel"] - hidden.T @ slope
    np.testing.assert_allclose(array(find_weight(model, "student.head.kernel")), expected, atol=1e-4)
    for old, weight in zip(before, model.teacher.weights, strict=True):
        np.testing.assert_array_equal(array(weight), old)


def test_the_probe_s_steps_are_those_of_fit(rng):
    question = next(case.question for case in cases_of("Distiller") if case.question.way == "training")
    found = ask(reference.Distiller, vars(question))
    question = vars(question)
    images, labels = (one[0] for one in question["args"])
    model = reference.Distiller(**tensors(question["init"]))
    model(images)
    overwrite_all(model, question["weights"])
    model.compile(keras.optimizers.SGD(1.0))
    history = model.fit(images, labels, batch_size=len(labels), verbose=0)
    np.testing.assert_allclose(found["loss"], history.history["loss"][0], rtol=1e-5)
    np.testing.assert_allclose(
        found["student.head.kernel"], array(find_weight(model, "student.head.kernel")), atol=1e-5
    )


# DistilledViT


@pytest.fixture(scope="module")
def small():
    """A small model, its weights by path, and images for it."""
    rng = np.random.default_rng(73)
    images, weights = rng.random((3, 12, 12, 3), "float32"), model_weights(rng, **SMALL)
    model = reference.DistilledViT(**SMALL)
    model(images)
    overwrite_all(model, weights)
    return model, weights, images


def functional_twin(weights):
    """Both results in Keras's functional style, of Keras's layers alone, with the same weights."""
    dim, heads, own = SMALL["dim"], SMALL["num_heads"], iter(weights.values())
    pictures, convolution = keras.Input((12, 12, 3)), keras.layers.Conv2D(dim, 4, strides=4)
    tokens = keras.layers.Reshape((9, dim))(convolution(pictures))
    convolution.set_weights([next(own), next(own)])
    cls, dist, positions = next(own)[0], next(own)[0], next(own)
    front = np.concatenate([cls, dist, np.zeros((9, dim), "float32")])[None]
    tokens = keras.layers.ZeroPadding1D((2, 0))(tokens) + front + positions
    for _ in range(SMALL["depth"]):
        norms = [keras.layers.LayerNormalization(epsilon=1e-6) for _ in range(2)]
        attention = keras.layers.MultiHeadAttention(heads, dim // heads)
        dense = [keras.layers.Dense(SMALL["mlp_dim"], activation="gelu"), keras.layers.Dense(dim)]
        normed = norms[0](tokens)
        tokens = keras.layers.Add()([tokens, attention(normed, normed)])
        tokens = keras.layers.Add()([tokens, dense[1](dense[0](norms[1](tokens)))])
        for layer in (*norms, attention, *dense):
            layer.set_weights([next(own) for _ in layer.weights])
    last, first, second = keras.layers.LayerNormalization(epsilon=1e-6), *(keras.layers.Dense(7) for _ in range(2))
    normed = last(tokens)
    model = keras.Model(pictures, [first(normed[:, 0]), second(normed[:, 1])])
    for layer in (last, first, second):
        layer.set_weights([next(own) for _ in layer.weights])
    return model


def test_both_results_agree_with_a_functional_twin_made_of_kerass_layers(small):
    model, weights, images = small
    for ours, theirs in zip(model(images, training=True), functional_twin(weights)(images), strict=True):
        np.testing.assert_allclose(array(ours), array(theirs), atol=1e-4)


@pytest.mark.parametrize("kwargs", [{"training": False}, {}], ids=["told", "left out"])
def test_after_training_it_is_the_mean_of_two_logits(small, kwargs):
    model, weights, images = small
    cls, dist = (array(one) for one in functional_twin(weights)(images))
    np.testing.assert_allclose(array(model(images, **kwargs)), (cls + dist) / 2, atol=1e-4)


@pytest.mark.parametrize(("dim", "heads", "count"), [(192, 3, 5_910_800), (384, 6, 22_436_432)])
def test_deit_s_own_sizes_have_the_numbers_of_the_table(dim, heads, count):
    model = reference.DistilledViT(224, 16, 1000, dim, 12, heads, 4 * dim)
    model(np.zeros((1, 224, 224, 3), "float32"))
    assert model.count_params() == count


def test_it_has_2_d_plus_d_k_plus_k_numbers_more_than_the_plain_model(small):
    plain = reference.VisionTransformer(**SMALL)
    plain(small[2])
    assert small[0].count_params() - plain.count_params() == 2 * 6 + 6 * 7 + 7


def test_a_distilled_vit_can_be_saved_and_loaded(small, tmp_path):
    model, _, images = small
    model.save_weights(tmp_path / "a.weights.h5")
    again = reference.DistilledViT(**SMALL)
    again(images)
    again.load_weights(tmp_path / "a.weights.h5")
    np.testing.assert_array_equal(array(again(images)), array(model(images)))


# hard_distillation_loss


def test_the_hard_loss_agrees_with_loops(rng, batch):
    dist, teacher, labels = batch
    cls = normal(rng, B, K)
    total = 0.0
    for c, d, z, y in zip(cls, dist, teacher, labels, strict=True):
        total += -log(looped_soft(c, 1.0)[y]) - log(looped_soft(d, 1.0)[max(range(K), key=z.tolist().__getitem__)])
    np.testing.assert_allclose(
        float(reference.hard_distillation_loss(cls, dist, teacher, labels)), total / 2 / B, rtol=1e-5
    )


def test_both_heads_get_half_a_gradient_each_and_the_teacher_none(rng, batch):
    dist, teacher, labels = batch
    cls = normal(rng, B, K)
    found = gradients(reference.hard_distillation_loss, tensor(cls, dist, teacher, labels), {})
    expected = [closed_gradient(z, z, y, 1.0, 0.0) / 2 for z, y in ((cls, labels), (dist, teacher.argmax(-1)))]
    for ours, exact in zip(found, [*expected, np.zeros((B, K))], strict=True):
        np.testing.assert_allclose(array(ours), exact, atol=1e-6)


# figure


def test_the_figure_s_pulls_are_derivatives_of_the_divergence():
    found = reference.figure()
    teacher, step = np.array([14.0, 12, 6]), 1e-4
    for i, t in enumerate((1.0, 2.0, 4.0, 8.0)):
        values = []
        for nudge in (step, -step):
            p, q = looped_soft(teacher, t), looped_soft(np.array([nudge, 0, 0]), t)
            values.append(sum(a * (log(a) - log(b)) for a, b in zip(p, q, strict=True)))
        slope = -(values[0] - values[1]) / 2 / step
        np.testing.assert_allclose(found["pull"][:, i], [slope, t**2 * slope], rtol=1e-3)


def test_the_figure_counts_the_lecture_s_distilled_models():
    assert reference.figure()["params"].tolist() == [5_910_800, 22_436_432, 87_338_192]


# gradients


def test_a_gradient_is_asked_for_each_float_argument_and_is_zero_where_none_arrives():
    x, y = tensor(np.array([1.0, 2.0], "float32"), np.array([3.0], "float32"))
    labels = ops.convert_to_tensor(np.array([1, 2]))
    found = gradients(lambda x, labels, y, scale: scale * ops.sum(x * x), [x, labels, y], {"scale": 3.0})
    assert [array(one).tolist() for one in found] == [[6.0, 12.0], [0.0]]


def test_what_is_no_single_number_has_no_gradient():
    with pytest.raises(TypeError, match=r"shape \(2,\)"):
        gradients(lambda x: x, tensor(np.ones(2, "float32")), {})


def test_no_gradient_runs_through_numpy():
    found = gradients(lambda x: float(np.sum(np.asarray(x))), tensor(np.ones(2, "float32")), {})
    assert array(found[0]).tolist() == [0.0, 0.0]


# stand-ins


@pytest.mark.parametrize("name", STAND_INS)
def test_the_stand_ins_answer_every_question_as_the_references_do(name):
    space = {}
    exec(STAND_INS[name], space)
    for case in cases_of(name):
        ours, theirs = (ask(target, vars(case.question)) for target in (getattr(reference, name), space[name]))
        for one, other in zip(
            *([value] if not isinstance(value, list) else value for value in (ours, theirs)), strict=True
        ):
            np.testing.assert_allclose(one, other, rtol=2e-5, atol=2e-5)


# the teacher


def test_the_teacher_that_comes_with_vitlab_is_small_and_knows_digits():
    teacher, (_, (images, labels)) = teachers.load(), teachers.digits()
    assert teacher.count_params() < 50_000
    assert (array(teacher(images, training=False)).argmax(-1) == labels).mean() > 0.95


def test_few_labels_are_the_first_ones_and_the_pictures_stay():
    whole, ((images, labels), _) = teachers.digits(), teachers.with_few_labels(teachers.digits(), 50)
    np.testing.assert_array_equal(images, whole[0][0])
    np.testing.assert_array_equal(labels[:50], whole[0][1][:50])
    assert not labels[50:].any()


def test_another_teacher_is_told_how_to_be_made():
    with pytest.raises(ValueError, match="Train one of your own"):
        teachers.load("cifar10")


# the trained item

TINY = training.budget("cpu", dataset="few_digits").model | {"patch_size": 4, "dim": 16, "depth": 1, "num_heads": 2}


@pytest.fixture
def brief(monkeypatch):
    """Training under a budget of one epoch on a few images with a tiny model."""
    short = replace(training.budget("cpu"), images=64, epochs=1, batch_size=16, model=TINY)
    monkeypatch.setattr(training, "budget", lambda *args, **kwargs: short)
    rng = np.random.default_rng(5)
    part = rng.random((64, 8, 8, 3), "float32"), rng.integers(0, 10, 64)
    return part, part


def test_the_reference_returns_the_student_and_the_history_and_leaves_the_teacher(brief):
    teacher = teachers.load()
    before = teacher.get_weights()
    student, history = reference.train_distilled(brief, teacher, 3)
    assert isinstance(student, reference.VisionTransformer)
    assert len(history.history["loss"]) == 1
    for old, new in zip(before, teacher.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)


def test_the_baseline_makes_as_many_steps_on_the_pictures_that_have_labels(monkeypatch):
    seen = {}
    monkeypatch.setattr(training, "fit", lambda model, data, budget, seed: seen.update(budget=budget, model=model))
    trained.train_without_a_teacher(teachers.digits(), 3)
    assert (seen["budget"].images, seen["model"].alpha) == (200, 0.0)
    whole = training.budget(dataset="few_digits")
    steps = [one.epochs * (one.images // one.batch_size) for one in (seen["budget"], whole)]
    assert steps[0] == pytest.approx(steps[1], abs=200 // 32)


def test_what_is_measured_are_pictures_as_training_shows_them():
    images, labels = trained.unseen(np.random.default_rng(5))
    (_, (tested, _)), shown = teachers.digits(), {}
    for seed in range(60):
        batch, _ = next(iter(data.pipeline(tested[:4], np.arange(4), 4, crop=1, seed=seed)))
        for i, one in enumerate(array(batch)):
            shown.setdefault(i, set()).add(one.tobytes())
    assert [len(found) for found in shown.values()] == [9] * 4
    for copy in range(3):
        for i in range(4):
            assert images[copy * len(tested) + i].tobytes() in shown[i]
    assert len(labels) == 3 * len(tested)


def test_the_item_names_every_weight_of_the_model():
    model = reference.VisionTransformer(**TINY)
    model(np.zeros((1, 8, 8, 3), "float32"))
    found = [find_weight(model, path) for path in trained.paths(TINY)]
    assert sorted(weight.path for weight in found) == sorted(weight.path for weight in model.weights)


def test_the_standard_size_is_within_its_own_ranges():
    item = trained.TRAINED
    assert list(item.standard) == list(item.arguments)
    for name, rule in item.arguments.items():
        value = item.standard[name]
        assert value in rule.choices if rule.choices else rule.low <= value <= rule.high


def test_agreement_is_measured_by_what_the_teacher_chooses():
    _, by_agreement = items_of(trained.TRAINED)
    assert by_agreement.name == "train_distilled_agreement"
    images, chosen = by_agreement.datasets[0].unseen(np.random.default_rng(1))
    _, labels = trained.unseen(np.random.default_rng(1))
    assert 0.85 < (chosen == labels).mean() < 1
    logits = array(teachers.load()(images[:100], training=False))
    assert by_agreement.score(logits, chosen[:100]) == 1.0


def bar(item, **changes):
    """A bar of the lesson's item."""
    return tiny.bar(**{"item": item, "dataset": "digits", "full_marks_at": 0.8, "zero_at": 0.2, **changes})


BARS = (bar("train_distilled"), bar("train_distilled_agreement", full_marks_at=0.9, zero_at=0.7))


@pytest.fixture(scope="module")
def graded(worker):
    """A function: changes of the lesson -> the verdict of an untrained student."""
    keras.utils.set_random_seed(0)
    model = reference.VisionTransformer(**TINY)
    model(np.zeros((1, 8, 8, 3), "float32"))
    files = Artifacts(weights_of(model), as_json(TINY))
    text = (solution_folder("07_distillation") / "reference.py").read_text(encoding="utf-8")
    analysis = analyse(read_code((Cell("own", None, "code", text),), frozenset()))

    def grade(**changes):
        lesson = replace(loaded("07_distillation"), **changes)
        return grade_trained("ann", files, analysis, lesson, worker, Rules("secret"))[0]

    return grade


def test_an_untrained_student_earns_nothing_by_either_measure(graded):
    verdict = graded(bars=BARS)
    assert (verdict.outcome, verdict.points) == ("failed", 0.0)
    assert verdict.measures["agreement"] < 0.4
    assert "Agreement" in verdict.message


@pytest.mark.parametrize("bars", [(), BARS[:1], BARS[1:]], ids=["none", "accuracy", "agreement"])
def test_with_a_bar_missing_it_is_left_to_a_person(graded, bars):
    verdict = graded(bars=bars)
    assert verdict.outcome == "infra_error"
    assert "a person will decide" in verdict.message


def test_each_measure_is_worth_half_of_the_points(graded):
    easy = bar("train_distilled", full_marks_at=0.02, zero_at=0.0)
    verdict = graded(bars=(easy, BARS[1]))
    assert (verdict.outcome, verdict.points, verdict.max_points) == ("partial", 6.0, 12.0)


def test_the_committed_fixture_allows_what_the_grader_allows():
    assert fixtures.trained_items()["train_distilled"] == json.loads(json.dumps(rules_of(trained.TRAINED)))


def test_the_lesson_tells_its_bars_as_they_were_measured():
    told = told_of_bars("07_distillation")
    assert told
    text = text_of("07_distillation")
    assert [one for one in told if one not in text] == []
