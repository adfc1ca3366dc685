"""What lesson 07's exercises are asked: one generator of cases for each, from a NumPy generator.

Teachers are wrong on some images, T is not 1 and alpha not 1/2; student and teacher differ in size, both with a norm
that behaves otherwise in training. Cases of weight 0 are not graded: they only help to tell mistakes apart.
"""

from __future__ import annotations

import numpy as np

from autograder.records import Case, Exercise, Question
from solutions.inputs import normal, sizes

KERAS_DISTILLATION = tuple(
    f"keras.{place}"
    for place in (
        "distillation.Distiller",
        "distillation.LogitsDistillation",
        "distillation.FeatureDistillation",
        "src.distillation.distiller.Distiller",
        "src.distillation.distillation_loss.LogitsDistillation",
        "src.distillation.distillation_loss.FeatureDistillation",
    )
)
NEARLY_ALL = 1 - 1e-9  # 1 as a float32, so that nothing survives this rate, and 1/(1 - rate) is finite
DEEP = 1e-4  # tolerance where errors add up over several blocks, or over steps of training


def soft_cases(rng):
    """soft_targets: several numbers of axes, temperatures above and below 1, logits that overflow."""
    b, k, more = sizes(rng, 3)
    logits = 3 * normal(rng, b, k)
    loud, louder = (normal(rng, n, k) + 1000 * np.where(rng.random((n, k)) < 0.5, 1, -1) for n in (b, more))
    loud[0], louder[-1] = loud[0] % 3 - 1000, louder[-1] % 3  # a row far below 0, and a quiet one
    loud[1, 0] = louder[0, 0] = 1001
    t, cold = round(float(rng.uniform(2.5, 6)), 2), round(float(rng.uniform(0.3, 0.7)), 2)
    return [
        Case("a batch, softened", Question((logits, t)), 2.0),
        Case("a temperature of 1", Question((logits, 1.0)), 1.0),
        Case("a temperature below 1, by name", Question((), {"logits": logits, "temperature": cold}), 1.0),
        Case("a single image (K,)", Question((3 * normal(rng, k), t)), 1.0),
        Case("three axes (2, B, K)", Question((3 * normal(rng, 2, more, k), t)), 1.0),
        Case("the temperature is a whole number", Question((2 * normal(rng, more, b), 4)), 0.5),
        Case("loud logits, around 1000 and -1000", Question((loud.astype("float32"), 2.0)), 1.5),
        Case("loud and quiet ones", Question((louder.astype("float32"), t)), 0.0),
        Case("three axes, warmer", Question((3 * normal(rng, 3, k, more), t + 1)), 0.0),
        Case("as many images as classes", Question((3 * normal(rng, k, k), t)), 0.0),
    ]


def logits_of(rng, count, classes):
    """Logits (count, classes) of a student, of a teacher, and labels, on some of which the teacher is wrong."""
    labels = rng.integers(0, classes, count).astype("int32")
    known = rng.permutation(count) % 3 > 0  # the teacher is wrong on a third, or nearly
    chosen = np.where(known, labels, (labels + rng.integers(1, classes, count)) % classes)
    teacher = 1.5 * normal(rng, count, classes)
    teacher[np.arange(count), chosen] = teacher.max(axis=1) + 1
    return 1.5 * normal(rng, count, classes), teacher.astype("float32"), labels


def loss_cases(rng):
    """distillation_loss: T and alpha at their ends and between, a teacher that agrees, and one that knows nothing."""
    b, k, more = (max(n, 5) for n in sizes(rng, 3))
    student, teacher, labels = logits_of(rng, b, k)
    t, warm = round(float(rng.uniform(3.2, 5)), 2), round(float(rng.uniform(1.6, 2.8)), 2)
    alpha, other = round(float(rng.uniform(0.2, 0.4)), 2), round(float(rng.uniform(0.6, 0.8)), 2)
    wide = logits_of(rng, more, k + 1)
    by_name = dict(zip(("student_logits", "teacher_logits", "labels"), wide, strict=True))
    slopes = Question((student, teacher, labels, t, alpha), way="gradients")
    steep = Question((*wide, warm, other), way="gradients")
    first = "labels and a teacher, T about 4"
    return [
        Case(first, Question((student, teacher, labels, t, alpha)), 4.0),
        Case("another batch, by name", Question((), {**by_name, "temperature": warm, "alpha": other}), 3.0),
        Case("the teacher alone, alpha = 1", Question((*wide, t, 1.0)), 2.0),
        Case("the labels alone, alpha = 0", Question((student, teacher, labels, t, 0.0)), 1.5),
        Case("T = 1", Question((student, teacher, labels, 1, other)), 2.0),
        Case("T = 8", Question((*wide, 8.0, alpha)), 2.0),
        Case("a student that agrees with its teacher", Question((teacher, teacher, labels, t, other)), 2.0),
        Case(
            "a teacher that knows nothing: all its logits are equal",
            Question((student, np.full_like(teacher, 2), labels, 1.0, 0.1)),
            1.5,
        ),
        Case("the gradient that the student gets", slopes, 4.0, part=0),
        Case("another gradient", steep, 1.5, part=0),
        Case("the teacher gets none", slopes, 1.5, part=1, together="the gradient that the student gets"),
        Case("as many images as classes", Question((*logits_of(rng, k, k), t, alpha)), 0.0),
        Case("twice the batch", Question((*(np.concatenate([x, x]) for x in wide), t, alpha)), 0.0),
    ]


def classifier_weights(rng, name, pixels, hidden, classes):
    """All weights of a classifier of ours, by path."""
    return {
        f"{name}.norm.gamma": 1 + normal(rng, pixels) / 3,
        f"{name}.norm.beta": normal(rng, pixels) / 3,
        f"{name}.norm.moving_mean": rng.random(pixels, "float32"),
        f"{name}.norm.moving_variance": (0.05 + rng.random(pixels, "float32")),
        f"{name}.hidden.kernel": normal(rng, pixels, hidden) / np.float32(pixels**0.5),
        f"{name}.hidden.bias": normal(rng, hidden) / 2,
        f"{name}.head.kernel": 2 * normal(rng, hidden, classes) / np.float32(hidden**0.5),
        f"{name}.head.bias": normal(rng, classes),
    }


def distiller_cases(rng):
    """Distiller: the student's logits, the loss in evaluation, and what some steps of training leave behind.

    Called by itself it is asked for values; the loss is asked for on Keras's own way, by evaluate and fit.
    """
    k, small, large = sizes(rng, 3)
    b, shape = 6, [2, 3, 3]
    pixels = 2 * 3 * 3
    student, teacher = ({"$part": "classifier", "shape": shape, "hidden": n, "classes": k} for n in (small, large))
    weights = classifier_weights(rng, "student", pixels, small, k) | classifier_weights(
        rng, "teacher", pixels, large, k
    )
    models = {"student": student, "teacher": {**teacher, "drop": NEARLY_ALL}}
    t, warm = round(float(rng.uniform(3.5, 5)), 2), round(float(rng.uniform(1.6, 2.4)), 2)
    alpha, other = round(float(rng.uniform(0.2, 0.35)), 2), round(float(rng.uniform(0.65, 0.8)), 2)
    init = {**models, "temperature": t, "alpha": alpha}
    images, labels = rng.random((3, b, *shape), "float32"), rng.integers(0, k, (3, b)).astype("int32")

    def ask(*args, way="value", init=init, **kwargs):
        return Question(args, kwargs, init, weights, way=way)

    step = ask(images[:1], labels[:1], way="training")
    steps = ask(images, labels, way="training", init={**models, "temperature": warm, "alpha": other})
    moved = "one step of training: the student learns"
    return [
        Case("called, it is the student", ask(images[0], training=False), 2.0),
        Case("called in training, it is the student in training", ask(images[1], training=True), 1.5),
        Case("training left out", ask(images[2]), 0.5),
        Case("the loss in evaluation", ask(images[0], labels[0], way="evaluation"), 2.5, tolerance=DEEP),
        Case(
            "the loss in evaluation, with the default temperature and alpha",
            ask(images[1], labels[1], way="evaluation", init=models),
            1.5,
            tolerance=DEEP,
        ),
        Case(
            "the loss in evaluation, the teacher alone",
            ask(images[2], labels[2], way="evaluation", init={**models, "alpha": 1.0, "temperature": warm}),
            1.0,
            tolerance=DEEP,
        ),
        Case("one step of training: the loss", step, 2.0, part="loss", tolerance=DEEP),
        Case(moved, step, 2.0, part="student.hidden.kernel", tolerance=DEEP),
        Case("its norm sees the batch", step, 0.5, part="student.norm.moving_mean", tolerance=DEEP, together=moved),
        Case("the teacher stays as it was", step, 1.0, part="teacher.hidden.kernel", tolerance=DEEP, together=moved),
        Case("so do its norm's statistics", step, 0.5, part="teacher.norm.moving_mean", tolerance=DEEP, together=moved),
        Case("three steps: the student", steps, 1.0, part="student.head.kernel", tolerance=DEEP),
    ]


def block_weights(rng, dim, heads, hidden, name):
    """All weights of a Block, by path; attention's and the MLP's in the order of Keras."""
    width, scale = dim // heads, np.float32(dim**0.5)
    shapes = [*[(dim, heads, width), (heads, width)] * 3, (heads, width, dim), (dim,)]
    attention = [normal(rng, *shape) / (2 if i % 2 else scale) for i, shape in enumerate(shapes)]
    mlp = [
        normal(rng, dim, hidden) / scale,
        normal(rng, hidden) / 2,
        normal(rng, hidden, dim) / 3,
        normal(rng, dim) / 2,
    ]
    return {
        **norm_weights(rng, dim, f"{name}.norm1"),
        **norm_weights(rng, dim, f"{name}.norm2"),
        **{f"{name}.attn.weights.{i}": array for i, array in enumerate(attention)},
        **{f"{name}.mlp.weights.{i}": array for i, array in enumerate(mlp)},
    }


def norm_weights(rng, dim, name):
    """gamma and beta, by path."""
    return {f"{name}.gamma": 1 + normal(rng, dim) / 2, f"{name}.beta": normal(rng, dim) / 2}


def model_weights(rng, image_size, patch_size, num_classes, dim, depth, num_heads, mlp_dim, **others):
    """All weights of a DistilledViT, by path."""
    p, patches = patch_size, (image_size // patch_size) ** 2
    found = {
        "patch_embed.weights.0": normal(rng, p, p, 3, dim) / np.float32((3 * p * p) ** 0.5 / 2),
        "patch_embed.weights.1": normal(rng, dim) / 2,
        "cls_token": normal(rng, 1, 1, dim),
        "dist_token": normal(rng, 1, 1, dim),
        "pos_embed": normal(rng, 1, patches + 2, dim),
    }
    for i in range(depth):
        found |= block_weights(rng, dim, num_heads, mlp_dim, f"blocks.{i}")
    found |= norm_weights(rng, dim, "norm")
    for name in ("head", "head_dist"):
        found[f"{name}.kernel"] = normal(rng, dim, num_classes) / np.float32(dim**0.5)
        found[f"{name}.bias"] = normal(rng, num_classes)
    return found


def model_cases(rng):
    """DistilledViT: every weight overwritten, two sizes, training and not."""
    b, more = (int(n) for n in rng.permutation([2, 3, 5])[:2])
    small = {"image_size": 12, "patch_size": 4, "num_classes": 7, "dim": 6, "depth": 1, "num_heads": 2, "mlp_dim": 11}
    large = {"image_size": 4, "patch_size": 2, "num_classes": 5, "dim": 12, "depth": 2, "num_heads": 3, "mlp_dim": 13}
    weights = {"small": model_weights(rng, **small), "large": model_weights(rng, **large)}
    images, others = (rng.random((n, s, s, 3), "float32") for n, s in ((b, 12), (more, 4)))
    drops, spare = ({**sizes, "dropout": NEARLY_ALL} for sizes in (small, large))

    def ask(x, init=small, which="small", **kwargs):
        return Question((x,), kwargs, init, weights[which])

    both, awake = ask(images, training=True), ask(images, init=drops, training=True)
    return [
        Case("after training: the mean of two logits", ask(images, training=False), 5.0, tolerance=DEEP),
        Case("training left out", ask(images[::-1] / 2), 1.0, tolerance=DEEP),
        Case("in training: what CLS says", both, 3.0, part=0, tolerance=DEEP),
        Case("in training: what the distillation token says", both, 4.0, part=1, tolerance=DEEP),
        Case("another size", ask(others, large, "large", training=False), 3.0, tolerance=DEEP),
        Case("another size, in training: both", ask(others, large, "large", training=True), 2.0, tolerance=DEEP),
        Case(
            "a dropout rate does nothing with training=False", ask(images, drops, training=False), 1.0, tolerance=DEEP
        ),
        Case("training=True, a rate of almost 1: the blocks are silent", awake, 1.0, part=1, tolerance=DEEP),
        Case("another size, with a rate", ask(others, spare, "large", training=False), 0.0, tolerance=DEEP),
        Case("another size, a rate of almost 1", ask(others, spare, "large", training=True), 0.0, tolerance=DEEP),
    ]


def hard_cases(rng):
    """hard_distillation_loss: a teacher that is wrong on some images, and one that never is; gradients of all three."""
    b, k, more = (max(n, 5) for n in sizes(rng, 3))
    dist, teacher, labels = logits_of(rng, b, k)
    cls = 1.5 * normal(rng, b, k)
    other, strict, true = logits_of(rng, more, k + 1)
    names = {
        "cls_logits": 1.5 * normal(rng, more, k + 1),
        "dist_logits": other,
        "teacher_logits": strict,
        "labels": true,
    }
    sure = teacher.copy()
    sure[np.arange(b), labels] = teacher.max(axis=1) + 2
    slopes = Question((cls, dist, teacher, labels), way="gradients")
    first = "a teacher that is wrong on some images"
    by_cls, by_dist = "the gradient of the CLS head", "the gradient of the distillation head"
    return [
        Case(first, Question((cls, dist, teacher, labels)), 3.0),
        Case("another batch, by name", Question((), names), 2.0),
        Case("a teacher that is never wrong", Question((cls, dist, sure, labels)), 1.0),
        Case("both heads say the same", Question((cls, cls, teacher, labels)), 1.0),
        Case("loud heads", Question((100 * cls, 100 * dist, teacher, labels)), 1.0),
        Case(by_cls, slopes, 1.5, part=0),
        Case(by_dist, slopes, 1.5, part=1),
        Case("the teacher gets no gradient", slopes, 1.0, part=2, together=by_dist),
        Case("as many images as classes", Question((1.5 * normal(rng, k, k), *logits_of(rng, k, k))), 0.0),
        Case("gradients in another batch", Question(tuple(names.values()), way="gradients"), 0.0),
    ]


def figure_cases(rng):
    """figure: the numbers behind the plots and the two answers. The same for all, so `rng` is not used."""
    call = Question()
    return [
        Case("the teacher's soft targets at four temperatures", call, 1.0, part="soft"),
        Case("how hard the soft term pulls, without and with the factor", call, 1.0, part="pull"),
        Case("the numbers in the three distilled models", call, 1.0, part="params", tolerance=1e-6),
        Case("answer 1", call, 1.0, part="answer_1", tolerance=1e-3, sealed=True),
        Case("answer 2", call, 1.0, part="answer_2", sealed=True),
    ]


EXERCISES = (
    Exercise("soft_targets", soft_cases, KERAS_DISTILLATION),
    Exercise("distillation_loss", loss_cases, KERAS_DISTILLATION),
    Exercise("Distiller", distiller_cases, KERAS_DISTILLATION),
    Exercise("DistilledViT", model_cases, KERAS_DISTILLATION),
    Exercise("hard_distillation_loss", hard_cases, KERAS_DISTILLATION),
    Exercise("figure", figure_cases),
)
