"""What lesson 04's exercises are asked: one generator of cases for each, from a NumPy generator.

Every weight is overwritten with random numbers: fresh ones (gamma 1, beta 0, CLS 0) hide most mistakes. Images, tokens,
heads and widths differ from each other. Cases of weight 0 are not graded: they only help to tell mistakes apart.
"""

from __future__ import annotations

import numpy as np

from autograder.records import Case, Exercise, Question
from solutions.inputs import normal, random_mask, sizes

NORMALISING = (
    "keras.layers.LayerNormalization",
    "keras.ops.layer_normalization",
    "keras.ops.nn.layer_normalization",
    "keras.src.ops.nn.layer_normalization",
    "keras.src.ops.nn._layer_normalization",
    "jax.nn.standardize",
    "torch.nn.functional.layer_norm",
    "torch.layer_norm",
    "torch.native_layer_norm",
)
HARDLY_ANY = 1e-9
NEARLY_ALL = 1 - HARDLY_ANY  # 1 as a float32, so that nothing survives this rate, and 1/(1 - rate) is finite
DEEP = 1e-4  # tolerance where errors add up over several blocks


def asking(init, weights):
    """A function that makes questions to a layer with these arguments and weights, untrained unless told."""

    def ask(*args, init=init, weights=weights, training=False, method=None, **kwargs):
        kwargs = kwargs if training is None else {**kwargs, "training": training}
        return Question(args, kwargs, init, weights, method)

    return ask


def norm_weights(rng, dim, name=""):
    """gamma and beta, by path; a name gives the norm's place."""
    return {f"{name}gamma": 1 + normal(rng, dim) / 2, f"{name}beta": normal(rng, dim) / 2}


def dense_weights(rng, rows, columns, name):
    """kernel and bias of a Dense, by path."""
    return {f"{name}.kernel": normal(rng, rows, columns) / np.float32(rows**0.5), f"{name}.bias": normal(rng, columns)}


def mlp_weights(rng, dim, hidden, name=""):
    """All weights of a FeedForward, by path."""
    return dense_weights(rng, dim, hidden, f"{name}fc1") | dense_weights(rng, hidden, dim, f"{name}fc2")


def block_weights(rng, dim, heads, hidden, name=""):
    """All weights of an EncoderBlock, by path; attention's in the order of Keras: query, key, value, output."""
    width = dim // heads
    shapes = [*[(dim, heads, width), (heads, width)] * 3, (heads, width, dim), (dim,)]
    scale = np.float32(dim**0.5)
    attention = {
        f"{name}attn.weights.{i}": normal(rng, *shape) / (2 if i % 2 else scale) for i, shape in enumerate(shapes)
    }
    norms = norm_weights(rng, dim, f"{name}norm1.") | norm_weights(rng, dim, f"{name}norm2.")
    return norms | attention | mlp_weights(rng, dim, hidden, f"{name}mlp.")


def without(weights, *endings):
    """The same weights, those with these endings all zero."""
    return {path: 0 * array if path.endswith(endings) else array for path, array in weights.items()}


def faint(weights):
    """The same weights, but all that is written into the tokens is so small that the epsilon of every norm matters."""
    writing = ("patch_embed.kernel", "patch_embed.bias", "cls_token", "pos_embed")
    writing += ("attn.weights.6", "attn.weights.7", "fc2.kernel", "fc2.bias")
    return {path: array / 100 if path.endswith(writing) else array for path, array in weights.items()}


def norm_cases(rng):
    """LayerNorm: several numbers of axes and epsilons, and inputs so small that epsilon matters."""
    b, t, d, more = sizes(rng, 4)
    weights = norm_weights(rng, d)

    def ask(x, epsilon=None):
        return Question((x,), {}, {} if epsilon is None else {"epsilon": epsilon}, weights)

    far = np.float32(1.5) + 2 * normal(rng, b, t, d)
    small = normal(rng, b, t, d) / 100
    return [
        Case("tokens (B, T, D)", ask(far), 3.0),
        Case("one vector for each image, (B, D)", ask(normal(rng, b, d)), 1.5),
        Case("four axes, (B, h, T, D)", ask(normal(rng, 2, more, t, d)), 1.5),
        Case("a large epsilon of 0.5", ask(normal(rng, b, t, d), 0.5), 2.0),
        Case("tiny inputs and the default epsilon", ask(small), 1.0),
        Case("tiny inputs and an epsilon of 0.001", ask(small, 1e-3), 1.0),
        Case("as many tokens as features", ask(normal(rng, b, d, d)), 0.0),
    ]


def mlp_cases(rng):
    """FeedForward: three activations, two numbers of axes, dropout asleep and awake."""
    b, t, d, hidden = sizes(rng, 4)
    x = normal(rng, b, t, d)
    init = {"dim": d, "hidden_dim": hidden}
    ask = asking(init, mlp_weights(rng, d, hidden))
    other = str(rng.choice(["tanh", "silu", "elu"]))
    narrow, wide = {"dim": d, "hidden_dim": 2}, {"dim": d, "hidden_dim": 17}
    drops, spares = {**init, "dropout": NEARLY_ALL}, {**init, "dropout": HARDLY_ANY}
    unbiased = without(mlp_weights(rng, d, hidden), "bias")
    return [
        Case("tokens, with gelu", ask(x), 2.5),
        Case("with relu", ask(x, init={**init, "activation": "relu"}), 1.0),
        Case("with another activation", ask(x, init={**init, "activation": other}), 1.0),
        Case("one vector for each image, (B, D)", ask(normal(rng, b, d)), 0.5),
        Case("a narrow hidden layer", ask(x, init=narrow, weights=mlp_weights(rng, d, 2)), 0.5),
        Case("a wide hidden layer", ask(x, init=wide, weights=mlp_weights(rng, d, 17)), 0.5),
        Case("a dropout rate does nothing with training=False", ask(x, init=drops), 0.5),
        Case("a dropout rate does nothing where training is left out", ask(x, init=drops, training=None), 0.5),
        Case(
            "training=True, a rate of almost 1, biases of 0: nothing is left",
            ask(x, init=drops, weights=unbiased, training=True),
            0.5,
        ),
        Case("training=True, a rate of almost 0: nothing changes", ask(x, init=spares, training=True), 0.5),
        Case("large inputs", ask(4 * x), 0.0),
        Case(
            "training=True, a rate of almost 1, one vector for each image",
            ask(normal(rng, b, d), init=drops, weights=unbiased, training=True),
            0.0,
        ),
    ]


def block_cases(rng):
    """EncoderBlock: 15 points for the lecture's order, 10 for the one of the ViT."""
    b, (t, more) = 2, sizes(rng, 2)
    heads, width = (2, 5) if rng.random() < 0.5 else (3, 4)
    d, hidden = heads * width, 17
    init = {"dim": d, "num_heads": heads, "mlp_dim": hidden}
    x, other = normal(rng, b, t, d), normal(rng, b, more, d)
    masks = random_mask(rng, b, 1, 1, t), random_mask(rng, t, t), random_mask(rng, b, 1, t, t)
    weights = [block_weights(rng, d, heads, hidden) for _ in range(2)]
    return [
        *post_norm_cases(asking({**init, "norm_first": False}, weights[0]), x, other, masks),
        *pre_norm_cases(asking({**init, "norm_first": True}, weights[1]), x, other, masks),
    ]


def post_norm_cases(ask, x, other, masks):
    """h = norm1(x + attn(x)), y = norm2(h + mlp(h))."""
    init, weights = ask().init, ask().weights
    drops = {**init, "dropout": NEARLY_ALL}
    both = ask(x, return_weights=True)
    silent = without(weights, "attn.weights.6", "attn.weights.7", "fc1.bias", "fc2.bias")
    return [
        Case("as drawn: output", ask(x), 4.0),
        Case("as drawn: output beside the weights", both, 1.0, part=0),
        Case("as drawn: weights of each head", both, 1.5, part=1),
        Case("as drawn: other tokens, with relu", ask(other, init={**init, "activation": "relu"}), 1.5),
        Case("as drawn: an epsilon of 0.3", ask(x, init={**init, "epsilon": 0.3}), 1.5),
        Case("as drawn: padding (B, 1, 1, T)", ask(x, mask=masks[0]), 2.0),
        Case("as drawn: one mask (T, T) for all", ask(x, mask=masks[1]), 1.0),
        Case("as drawn: a dropout rate does nothing with training=False", ask(x, init=drops), 1.0),
        Case("as drawn: nor where training is left out", ask(x, init=drops, training=None), 0.5),
        Case(
            "as drawn: training=True, a rate of almost 1, attention and biases of 0: the MLP is silent",
            ask(x, init=drops, weights=silent, training=True),
            1.0,
        ),
    ]


def pre_norm_cases(ask, x, other, masks):
    """h = x + attn(norm1(x)), y = h + mlp(norm2(h))."""
    init, weights = ask().init, ask().weights
    drops = {**init, "dropout": NEARLY_ALL}
    both = ask(x, return_weights=True)
    silent = without(weights, "attn.weights.6", "attn.weights.7", "fc1.bias", "fc2.bias")
    return [
        Case("ViT's order: output", ask(x), 3.0),
        Case("ViT's order: output beside the weights", both, 0.5, part=0),
        Case("ViT's order: weights of each head", both, 1.0, part=1),
        Case("ViT's order: tiny tokens", ask(other / 100), 1.0),
        Case(
            "ViT's order: with tanh and an epsilon of 0.3",
            ask(x, init={**init, "activation": "tanh", "epsilon": 0.3}),
            1.0,
        ),
        Case("ViT's order: padding (B, 1, 1, T)", ask(x, mask=masks[0]), 1.0),
        Case("ViT's order: one mask (B, 1, T, T) for each image", ask(x, mask=masks[2]), 1.0),
        Case("ViT's order: a dropout rate does nothing with training=False", ask(x, init=drops), 0.5),
        Case("ViT's order: nor where training is left out", ask(x, init=drops, training=None), 0.5),
        Case(
            "ViT's order: training=True, a rate of almost 1, attention and biases of 0: the MLP is silent",
            ask(x, init=drops, weights=silent, training=True),
            0.5,
        ),
    ]


def model_weights(rng, image_size=12, patch_size=4, num_classes=7, dim=6, depth=2, num_heads=2, mlp_dim=11, **others):
    """All weights of a VisionTransformer, by path."""
    p, patches = patch_size, (image_size // patch_size) ** 2
    weights = {
        "patch_embed.kernel": normal(rng, p, p, 3, dim) / np.float32((3 * p * p) ** 0.5 / 2),
        "patch_embed.bias": normal(rng, dim) / 2,
        "cls_token": normal(rng, 1, 1, dim),
        "pos_embed": normal(rng, 1, 1 + patches, dim),
    }
    for i in range(depth):
        weights |= block_weights(rng, dim, num_heads, mlp_dim, f"blocks.{i}.")
    return weights | norm_weights(rng, dim, "norm.") | dense_weights(rng, dim, num_classes, "head")


def model_cases(rng):
    """VisionTransformer: every weight overwritten, both pools, two sizes, a look inside."""
    b, more = (int(n) for n in rng.permutation([2, 3, 5])[:2])
    small = {"image_size": 12, "patch_size": 4, "num_classes": 7, "dim": 6, "depth": 2, "num_heads": 2, "mlp_dim": 11}
    large = {"image_size": 4, "patch_size": 2, "num_classes": 5, "dim": 12, "depth": 3, "num_heads": 3, "mlp_dim": 13}
    ask, ask_other = asking(small, model_weights(rng, **small)), asking(large, model_weights(rng, **large))
    images, others = (rng.random((n, s, s, 3), "float32") for n, s in ((b, 12), (more, 4)))
    drops = {**small, "dropout": NEARLY_ALL}
    inside = ask(images, method="forward_features")
    inside_other = ask_other(others, init={**large, "pool": "mean"}, training=None, method="forward_features")
    silent = without(model_weights(rng, **small), "attn.weights.6", "attn.weights.7", "fc1.bias", "fc2.bias")
    awake = ask(images, init=drops, weights=silent, training=True)
    by_mean = ask_other(others, init={**large, "pool": "mean"})
    whisper = faint(model_weights(rng, **small))
    quiet = ask(images, weights=whisper)
    quiet_by_mean = ask(images, init={**small, "pool": "mean"}, weights=whisper)
    awake_by_mean = ask(images, init={**drops, "pool": "mean"}, weights=silent, training=True)
    return [
        Case("logits, by CLS", ask(images), 4.5, tolerance=DEEP),
        Case("logits, by the mean of the patches", ask(images, init={**small, "pool": "mean"}), 3.0, tolerance=DEEP),
        Case("a model of another size", ask_other(others), 3.0, tolerance=DEEP),
        Case("what each block returns", inside, 2.5, part=0, tolerance=DEEP),
        Case("the weights of each block's heads", inside, 2.0, part=1, tolerance=DEEP),
        Case("three blocks, seen from inside: features", inside_other, 1.0, part=0, tolerance=DEEP),
        Case("three blocks, seen from inside: weights", inside_other, 1.0, part=1, tolerance=DEEP),
        Case("a dropout rate does nothing with training=False", ask(images, init=drops), 1.0, tolerance=DEEP),
        Case("nor where training is left out", ask(images, init=drops, training=None), 0.5, tolerance=DEEP),
        Case("training=True, a rate of almost 1: the image and the MLPs are silent", awake, 1.0, tolerance=DEEP),
        Case("tokens so small that an epsilon shows", quiet, 0.5, tolerance=DEEP),
        Case("the same, by the mean", quiet_by_mean, 0.0, tolerance=DEEP),
        Case("dark images", ask(images / 100), 0.0, tolerance=DEEP),
        Case("a model of another size, by the mean", by_mean, 0.0, tolerance=DEEP),
        Case("training=True, a rate of almost 1, by the mean", awake_by_mean, 0.0, tolerance=DEEP),
    ]


def count_cases(rng):
    """vit_param_count: DeiT's numbers, and sizes drawn anew. Compared exactly."""
    sides, patch, k, d, depth = (int(n) for n in (*rng.permutation([3, 5, 7])[:2], *sizes(rng, 3)))
    drawn = {"image_size": sides * patch, "patch_size": patch, "num_classes": 10 * k + 1, "dim": 4 * d, "depth": depth}
    drawn["mlp_dim"] = 8 * d + 3
    tiny, base = (Question((224, 16, 1000, dim, 12, 4 * dim)) for dim in (192, 768))
    two = Question((224, 16, 1000, 384, 12, 4 * 384), {"extra_tokens": 2})
    return [
        exactly("DeiT-Ti: 5M in the lecture's table", tiny, 1.0),
        exactly("DeiT-B: 86M", base, 1.0),
        exactly("sizes that nobody has published, by name", Question((), drawn), 2.0),
        exactly("the same with two extra tokens", Question((), {**drawn, "extra_tokens": 2}), 1.0),
        exactly("DeiT-S with a distillation token: 22M", two, 1.0),
        exactly("images with one channel", Question(tuple(drawn.values()), {"channels": 1}), 1.0),
        exactly("images with two channels", Question(tuple(drawn.values()), {"channels": 2}), 0.0),
        exactly("one block more", Question((), {**drawn, "depth": depth + 1}), 0.0),
    ]


def exactly(name, question, weight):
    """A case for a whole number of up to nine digits."""
    return Case(name, question, weight, tolerance=1e-9)


def rate_cases(rng):
    """warmup_cosine: tensors and numbers, on the way up, on the way down, at the turn and after the end."""
    warmup, length = (int(n) for n in rng.permutation([3, 5, 7, 11])[:2])
    total = warmup + 2 * length + 1
    base = round(float(rng.uniform(1.1, 1.9)), 3)
    steps = np.arange(total + 4, dtype="int32")
    table = rng.integers(0, total, (2, 3)).astype("int32")
    up, down = int(rng.integers(1, warmup)), warmup + int(rng.integers(1, length))
    half = {"base_lr": base / 2, "warmup_steps": warmup + 2, "total_steps": 2 * total}
    return [
        Case("all steps, and some beyond the end", Question((steps, base, warmup, total)), 2.0),
        Case("a table of steps, the rest by name", Question((table,), half), 0.5),
        Case("one step on the way up", Question((up, base, warmup, total)), 0.75),
        Case("one step on the way down", Question((down, base, warmup, total)), 0.75),
        Case("the step at which warm-up ends", Question((warmup, base, warmup, total)), 0.5),
        Case("no warm-up", Question((steps, base, 0, total)), 0.5),
        Case("1,000 steps, every tenth", Question((10 * np.arange(101, dtype="int32"), base, 200, 1000)), 0.0),
    ]


def figure_cases(rng):
    """figure: the numbers behind the plots and the two answers. The same for all, so `rng` is not used."""
    call = Question()
    return [
        Case("the numbers in the three models of the table", call, 1.0, part="params", tolerance=1e-9),
        Case("the learning rate at 21 steps", call, 1.0, part="rates"),
        Case("how far a change of one token reaches", call, 1.0, part="reach"),
        Case("answer 1", call, 1.0, part="answer_1", tolerance=1e-9, sealed=True),
        Case("answer 2", call, 1.0, part="answer_2", sealed=True),
    ]


EXERCISES = (
    Exercise("LayerNorm", norm_cases, NORMALISING),
    Exercise("FeedForward", mlp_cases),
    Exercise("EncoderBlock", block_cases),
    Exercise("VisionTransformer", model_cases),
    Exercise("vit_param_count", count_cases),
    Exercise("warmup_cosine", rate_cases),
    Exercise("figure", figure_cases),
)
