"""Mistakes in vit_param_count and warmup_cosine."""

from __future__ import annotations

import math

import numpy as np
from keras import ops

from solutions.registry import Registry
from solutions.vit import reference

COUNT, RATE = Registry("vit_param_count"), Registry("warmup_cosine")


def count_variant(name, hint, change):
    """Register a count that is off by change(sizes), a dict of all arguments with `tokens`, the patches."""

    def count(image_size, patch_size, num_classes, dim, depth, mlp_dim, extra_tokens=1, channels=3):
        sizes = {"image_size": image_size, "patch_size": patch_size, "num_classes": num_classes, "dim": dim}
        sizes |= {"depth": depth, "mlp_dim": mlp_dim, "extra_tokens": extra_tokens, "channels": channels}
        right = reference.vit_param_count(**sizes)
        return right + change({**sizes, "patches": (image_size // patch_size) ** 2})

    count.__name__ = name
    return COUNT.wrong(hint)(count)


count_variant(
    "no_biases_in_attention",
    "Attention's kernels are counted. What else do its four projections train?",
    lambda s: -s["depth"] * 4 * s["dim"],
)
count_variant(
    "three_projections",
    "Queries, keys, values: which projection comes after the heads?",
    lambda s: -s["depth"] * (s["dim"] ** 2 + s["dim"]),
)
count_variant(
    "no_biases_in_the_mlp",
    "The MLP's two kernels are counted. What else do its two layers train?",
    lambda s: -s["depth"] * (s["mlp_dim"] + s["dim"]),
)
count_variant(
    "no_biases_at_all",
    "Kernels are counted. What else does a Dense, a Conv2D or a projection of attention train?",
    lambda s: -s["depth"] * (5 * s["dim"] + s["mlp_dim"]) - s["dim"] - s["extra_tokens"] * s["num_classes"],
)
count_variant(
    "one_matrix_in_the_mlp",
    "The MLP goes from D to its hidden width, and back again.",
    lambda s: -s["depth"] * s["dim"] * s["mlp_dim"],
)
count_variant(
    "one_norm_in_a_block",
    "How many norms has a block?",
    lambda s: -s["depth"] * 2 * s["dim"],
)
count_variant(
    "gammas_only",
    "A norm has a gamma, and what else?",
    lambda s: -s["depth"] * 2 * s["dim"] - s["dim"],
)
count_variant("no_last_norm", "Which norm stands behind the last block?", lambda s: -2 * s["dim"])
count_variant(
    "no_norms", "Which weights has a LayerNorm? You have counted none.", lambda s: -(4 * s["depth"] + 2) * s["dim"]
)
count_variant(
    "no_cls", "Each extra token has a vector of its own, besides its row of positions.",
    lambda s: -s["extra_tokens"] * s["dim"],
)  # fmt: skip
count_variant("no_positions", "Which table is added to the tokens, and how many rows has it?", lambda s: -(
    s["patches"] + s["extra_tokens"]) * s["dim"])  # fmt: skip
count_variant(
    "neither_cls_nor_its_position",
    "CLS is missing altogether: its vector, and its row of positions.",
    lambda s: -2 * s["extra_tokens"] * s["dim"],
)
count_variant(
    "tokens_of_one_side",
    "How many patches has an image: as many as fit in a row, or in the whole square?",
    lambda s: (s["image_size"] // s["patch_size"] - s["patches"]) * s["dim"],
)
count_variant(
    "every_pixel_a_position",
    "A row of positions for each patch, not for each pixel.",
    lambda s: (s["image_size"] ** 2 - s["patches"]) * s["dim"],
)
count_variant("no_bias_for_the_patches", "Conv2D has a bias, too.", lambda s: -s["dim"])
count_variant(
    "patch_of_one_row",
    "How many numbers are there in a whole patch?",
    lambda s: (s["patch_size"] - s["patch_size"] ** 2) * s["channels"] * s["dim"],
)
count_variant(
    "patch_of_one_channel",
    "How many numbers has each pixel of a patch?",
    lambda s: s["patch_size"] ** 2 * (1 - s["channels"]) * s["dim"],
)
count_variant(
    "always_three_channels",
    "Your count is right for colour. Where does `channels` come in?",
    lambda s: s["patch_size"] ** 2 * (3 - s["channels"]) * s["dim"],
)
count_variant(
    "patches_embedded_anew_in_each_block",
    "How often are the patches embedded?",
    lambda s: (s["depth"] - 1) * (s["patch_size"] ** 2 * s["channels"] + 1) * s["dim"],
)
count_variant(
    "no_head", "Which layer makes the logits?", lambda s: -s["extra_tokens"] * (s["dim"] + 1) * s["num_classes"]
)
count_variant("head_without_bias", "The head has a bias, too.", lambda s: -s["extra_tokens"] * s["num_classes"])
count_variant(
    "one_head_for_two_tokens",
    "Your count is right with CLS alone. What does each extra token have of its own?",
    lambda s: -(s["extra_tokens"] - 1) * (s["dim"] + 1) * s["num_classes"],
)
count_variant(
    "extra_tokens_ignored",
    "Your count is right with CLS alone. Where do the extra tokens come in?",
    lambda s: -(s["extra_tokens"] - 1) * (2 * s["dim"] + (s["dim"] + 1) * s["num_classes"]),
)
count_variant(
    "second_token_without_position",
    "Your count is right with CLS alone. The second token has a row in the table of positions as well.",
    lambda s: -(s["extra_tokens"] - 1) * s["dim"],
)
count_variant(
    "hidden_always_four_times_dim",
    "Your count is right for DeiT. Where does mlp_dim come in?",
    lambda s: s["depth"] * (4 * s["dim"] - s["mlp_dim"]) * (2 * s["dim"] + 1),
)
count_variant(
    "one_block",
    "How many blocks are there, and does each have weights of its own?",
    lambda s: -(s["depth"] - 1) * (4 * s["dim"] ** 2 + 2 * s["dim"] * s["mlp_dim"] + s["mlp_dim"] + 9 * s["dim"]),
)


@COUNT.wrong("The text asks for the numbers, one by one. Yours are millions.")
def in_millions(image_size, patch_size, num_classes, dim, depth, mlp_dim, extra_tokens=1, channels=3):
    return reference.vit_param_count(**locals()) / 1e6


@COUNT.right("A NumPy integer is an integer, and layers may be summed one by one.")
def layer_by_layer(image_size, patch_size, num_classes, dim, depth, mlp_dim, extra_tokens=1, channels=3):
    dense = lambda rows, columns: rows * columns + columns  # noqa: E731
    norm = 2 * dim
    block = 4 * dense(dim, dim) + dense(dim, mlp_dim) + dense(mlp_dim, dim) + 2 * norm
    tables = [dim * extra_tokens, dim * ((image_size // patch_size) ** 2 + extra_tokens)]
    ends = [dense(patch_size**2 * channels, dim), norm, *[dense(dim, num_classes)] * extra_tokens]
    return np.sum([*tables, *ends, *[block] * depth])


def rate_variant(name, hint, up=None, share=None, fall=None, end=True):
    """Register a schedule: up(step, warmup), share(step, warmup, total) of the way down, fall(share) of base_lr."""
    up = up or (lambda step, warmup: step / max(warmup, 1))
    share = share or (lambda step, warmup, total: (step - warmup) / (total - warmup))
    fall = fall or (lambda part: (1 + ops.cos(math.pi * part)) / 2)

    def rate(step, base_lr, warmup_steps, total_steps):
        step = ops.cast(step, "float32")
        part = share(step, warmup_steps, total_steps)
        falling = fall(ops.minimum(part, 1.0) if end else part)
        return base_lr * ops.where(step < warmup_steps, up(step, warmup_steps), falling)

    rate.__name__ = name
    return RATE.wrong(hint)(rate)


rate_variant(
    "cosine_from_step_0",
    "The cosine begins where warm-up ends. At which share of the way down is your step number warmup_steps?",
    share=lambda step, warmup, total: step / total,
)
rate_variant(
    "cosine_over_all_steps",
    "How many steps are left when warm-up has ended? Your cosine takes longer than that.",
    share=lambda step, warmup, total: (step - warmup) / total,
)
rate_variant(
    "cosine_of_all_steps_too_early",
    "How many steps are left when warm-up has ended? The step is counted from there, too.",
    share=lambda step, warmup, total: step / (total - warmup),
)
rate_variant(
    "no_end",
    "What does your cosine do beyond total_steps? It should stay down.",
    end=False,
)
rate_variant(
    "starts_at_one_step",
    "At step 0 the rate should be 0. Yours has taken a step already.",
    up=lambda step, warmup: (step + 1) / max(warmup, 1),
)
rate_variant(
    "no_warm_up",
    "Your rate is the same before warm-up ends. What happens in the first steps?",
    up=lambda step, warmup: 1.0 + 0.0 * step,
)
rate_variant(
    "zero_in_warm_up",
    "Your rate is 0 until warm-up ends, and then it jumps. It should climb in a straight line.",
    up=lambda step, warmup: 0.0 * step,
)
rate_variant(
    "warm_up_along_a_cosine",
    "Your rate climbs along a wave. The text asks for a straight line on the way up.",
    up=lambda step, warmup: (1 - ops.cos(math.pi * step / max(warmup, 1))) / 2,
)
rate_variant(
    "square_root_of_warm_up",
    "Your rate climbs too fast at first. The text asks for a straight line on the way up.",
    up=lambda step, warmup: ops.sqrt(step / max(warmup, 1)),
)
rate_variant(
    "falls_in_a_straight_line",
    "Your rate falls in a straight line. Where is the cosine?",
    fall=lambda part: 1 - part,
)
rate_variant(
    "a_quarter_wave",
    "Your curve falls steepest at the end. Half a wave has an S: which angles does the cosine run through?",
    fall=lambda part: ops.cos(math.pi * part / 2),
)
rate_variant(
    "a_whole_wave",
    "Your rate is back at the top in the end. From which angle to which does half a wave run?",
    fall=lambda part: (1 + ops.cos(2 * math.pi * part)) / 2,
)
rate_variant(
    "not_raised",
    "A learning rate below 0 would climb the hill. How is a cosine, from 1 to -1, brought to run from 1 to 0?",
    fall=lambda part: ops.cos(math.pi * part),
)
rate_variant(
    "not_halved",
    "At the end of warm-up the rate should be base_lr. Yours is twice as high.",
    fall=lambda part: 1 + ops.cos(math.pi * part),
)
rate_variant(
    "upside_down",
    "Your rate begins at 0 after warm-up and climbs. Which sign has the cosine?",
    fall=lambda part: (1 - ops.cos(math.pi * part)) / 2,
)
rate_variant(
    "degrees",
    "Half a circle is pi for the cosine of ops, not 180 degrees.",
    fall=lambda part: (1 + ops.cos(180 * part)) / 2,
)
rate_variant(
    "pi_is_missing",
    "At the end the rate should be 0. By which number is the share of the way multiplied inside the cosine?",
    fall=lambda part: (1 + ops.cos(part)) / 2,
)


@RATE.wrong("Your rate is a multiple of base_lr that somebody has lost. Where does base_lr come in?")
def without_base(step, base_lr, warmup_steps, total_steps):
    return reference.warmup_cosine(step, 1.0, warmup_steps, total_steps)


@RATE.wrong("base_lr is a factor of both parts. One of yours is without it: which?")
def warm_up_without_base(step, base_lr, warmup_steps, total_steps):
    right = reference.warmup_cosine(step, base_lr, warmup_steps, total_steps)
    return ops.where(ops.cast(step, "float32") < warmup_steps, right / base_lr, right)


@RATE.wrong("Your rates are whole numbers: what is between 0 and base_lr is lost. Which type have your steps?")
def whole_numbers(step, base_lr, warmup_steps, total_steps):
    return ops.floor(reference.warmup_cosine(step, base_lr, warmup_steps, total_steps))


@RATE.right("Steps may be looked at one by one.")
def one_by_one(step, base_lr, warmup_steps, total_steps):
    def rate(one):
        if one < warmup_steps:
            return base_lr * one / warmup_steps
        part = min(1.0, (one - warmup_steps) / (total_steps - warmup_steps))
        return base_lr * 0.5 * (1 + math.cos(math.pi * part))

    steps = np.asarray(ops.convert_to_numpy(step))
    return np.vectorize(rate, otypes=["float32"])(steps)


@RATE.right("Half a wave is a squared cosine of half the angle, and a product of factors is as good as a choice.")
def squared_cosine(step, base_lr, warmup_steps, total_steps):
    step = ops.cast(step, "float32")
    part = ops.clip((step - warmup_steps) / (total_steps - warmup_steps), 0.0, 1.0)
    climbed = ops.minimum(step / warmup_steps, 1.0) if warmup_steps else 1.0
    return base_lr * climbed * ops.square(ops.cos(part * (math.pi / 2)))
