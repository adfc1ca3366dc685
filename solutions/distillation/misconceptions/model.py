"""Mistakes in DistilledViT."""

from __future__ import annotations

import keras
from keras import ops

from solutions.distillation import reference
from solutions.registry import Registry

KNOWN = Registry("DistilledViT")
START = keras.initializers.RandomNormal(stddev=0.02, seed=1)
POSITIONS = "Every token has a row of positions of its own."


class Model(reference.VisionTransformer):
    """The right model; a wrong one overrides a step."""

    extra = 2

    def __init__(self, num_classes=10, dim=64, dropout=0.0, **sizes):
        rate = self.rate(dropout)
        super().__init__(num_classes=num_classes, dim=dim, dropout=rate, extra_tokens=self.extra, **sizes)
        for one in self.blocks:
            one.built = True  # what they are made of builds itself at the first call, so Keras need not trace it
        self.add_token(dim)
        self.add_head(num_classes)

    def rate(self, dropout):
        return dropout

    def add_token(self, dim):
        self.dist_token = self.add_weight(shape=(1, 1, dim), initializer=START, name="dist_token")

    def add_head(self, classes):
        self.head_dist = keras.layers.Dense(classes)

    def spread(self, token, patches):
        return ops.tile(token, (patches.shape[0], 1, 1))

    def line_up(self, patches):
        front = [self.spread(token, patches) for token in (self.cls_token, self.dist_token)]
        return ops.concatenate([*front, patches], axis=1)

    def place(self, patches):
        return self.line_up(patches) + self.pos_embed

    def through(self, tokens, training):
        for block in self.blocks:
            tokens = block(tokens, training=training)
        return tokens

    def tidy(self, tokens):
        return self.norm(tokens)

    def heads(self, tokens):
        return self.head(tokens[:, 0]), self.head_dist(tokens[:, 1])

    def during(self, cls, dist):
        return cls, dist

    def after(self, cls, dist):
        return (cls + dist) / 2

    def finish(self, cls, dist, training):
        return self.during(cls, dist) if training else self.after(cls, dist)

    def call(self, images, training=None):
        tokens = self.tidy(self.through(self.place(self.patch_embed(images)), training))
        return self.finish(*self.heads(tokens), training)


def model_variant(name, hint, twin=None, **steps):
    """Register a DistilledViT with some steps replaced."""
    return KNOWN.wrong(hint, twin)(type(name, (Model,), steps))


def in_order(*parts):
    """A step that lines up tokens: "cls", "dist" and "patches" in some order."""

    def line_up(self, patches):
        tokens = {"cls": self.cls_token, "dist": self.dist_token}
        rows = [patches if part == "patches" else self.spread(tokens[part], patches) for part in parts]
        return ops.concatenate(rows, axis=1)

    return line_up


model_variant(
    "cls_alone_at_the_end",
    "What does DeiT do at test time? Yours asks one of its two heads.",
    after=lambda self, cls, dist: cls + 0 * dist,
)
model_variant(
    "dist_alone_at_the_end",
    "After training, yours asks the teacher's pupil alone. What became of CLS?",
    after=lambda self, cls, dist: dist + 0 * cls,
)
model_variant(
    "mean_of_probabilities",
    "Do your results sum to 1? The mean is of the logits, before any softmax.",
    after=lambda self, cls, dist: (ops.softmax(cls) + ops.softmax(dist)) / 2,
)
model_variant(
    "log_of_mean_probabilities",
    "Yours averages probabilities and takes the logarithm. The text averages logits.",
    after=lambda self, cls, dist: ops.log((ops.softmax(cls) + ops.softmax(dist)) / 2),
)
model_variant(
    "sum_of_logits",
    "Your logits are twice as large as a mean. The order of the classes is the same; the confidence is not.",
    after=lambda self, cls, dist: cls + dist,
)
model_variant(
    "larger_logit",
    "Yours takes the larger of two logits. The text takes their mean.",
    after=lambda self, cls, dist: ops.maximum(cls, dist),
)
model_variant(
    "heads_read_the_other_token",
    "Which row is CLS, and which head reads it?",
    heads=lambda self, tokens: (self.head(tokens[:, 1]), self.head_dist(tokens[:, 0])),
)
model_variant(
    "results_swapped",
    "Both results are right. In which order are they asked for?",
    during=lambda self, cls, dist: (dist, cls),
)
model_variant(
    "both_heads_read_cls",
    "Change dist_token: the second result hardly moves. Which row does head_dist read?",
    heads=lambda self, tokens: (self.head(tokens[:, 0]), self.head_dist(tokens[:, 0])),
)
model_variant(
    "both_heads_read_dist",
    "Which row does head read?",
    heads=lambda self, tokens: (self.head(tokens[:, 1]), self.head_dist(tokens[:, 1])),
)
model_variant(
    "head_dist_reads_the_first_patch",
    "Count the rows from 0: CLS, the new token, the patches. Which one does head_dist read?",
    heads=lambda self, tokens: (self.head(tokens[:, 0]), self.head_dist(tokens[:, 2])),
)
model_variant(
    "head_dist_reads_the_mean",
    "head_dist reads one token. Yours reads an average of many.",
    heads=lambda self, tokens: (self.head(tokens[:, 0]), self.head_dist(ops.mean(tokens[:, 2:], axis=1))),
)
model_variant(
    "one_head_for_both",
    "Each of the two tokens has a head of its own. Whose weights does your second result come from?",
    heads=lambda self, tokens: (
        self.head(tokens[:, 0]) + 0 * self.head_dist(tokens[:, 0]), self.head(tokens[:, 1]),
    ),
)  # fmt: skip
model_variant(
    "the_same_head_twice",
    "How many numbers does DeiT have more than a ViT? The second head has weights of its own.",
    add_head=lambda self, classes: setattr(self, "head_dist", self.head),
)
model_variant(
    "dist_in_front_of_cls",
    "CLS is row 0, and the new token comes behind it. Which row of positions does yours give to CLS?",
    line_up=in_order("dist", "cls", "patches"),
    heads=lambda self, tokens: (self.head(tokens[:, 1]), self.head_dist(tokens[:, 0])),
)
model_variant(
    "dist_in_front_of_cls_read_as_before",
    "CLS is row 0, and the new token comes behind it. Which token does your head read?",
    line_up=in_order("dist", "cls", "patches"),
)
model_variant(
    "dist_behind_the_patches",
    "In the paper's figure it stands at the end. Here it is row 1, behind CLS: which rows of positions do your patches "
    "get?",
    line_up=in_order("cls", "patches", "dist"),
    heads=lambda self, tokens: (self.head(tokens[:, 0]), self.head_dist(tokens[:, -1])),
)
model_variant(
    "patches_first",
    "The two extra tokens stand in front of the patches.",
    line_up=in_order("patches", "cls", "dist"),
    heads=lambda self, tokens: (self.head(tokens[:, -2]), self.head_dist(tokens[:, -1])),
)
model_variant(
    "cls_twice",
    "Change dist_token: nothing happens. Which token stands in your row 1?",
    line_up=in_order("cls", "cls", "patches"),
)
model_variant(
    "dist_is_not_used",
    "Change dist_token: nothing happens. What stands in your row 1?",
    line_up=lambda self, patches: ops.concatenate(
        [self.spread(self.cls_token, patches), 0 * self.spread(self.dist_token, patches), patches], axis=1
    ),
)
model_variant(
    "no_positions",
    f"{POSITIONS} Where is pos_embed added?",
    place=lambda self, patches: self.line_up(patches),
)
model_variant(
    "dist_without_a_position",
    f"{POSITIONS} The new one has row 1. In yours it goes without, and all rows behind it are one too early.",
    place=lambda self, patches: moved_in(self, patches, self.pos_embed[:, :-1]),
)
model_variant(
    "positions_for_the_patches_only",
    f"{POSITIONS} The two in front have rows, too.",
    place=lambda self, patches: self.line_up(patches) + ops.pad(self.pos_embed[:, 2:], [[0, 0], [2, 0], [0, 0]]),
)
model_variant(
    "one_row_for_both_tokens",
    f"{POSITIONS} CLS and the new one share theirs in yours.",
    place=lambda self, patches: (
        self.line_up(patches)
        + ops.concatenate([self.pos_embed[:, :1], self.pos_embed[:, :1], self.pos_embed[:, 2:]], axis=1)
    ),
)
model_variant(
    "rows_for_one_token",
    "How many tokens are there now, and how many rows has your pos_embed?",
    extra=1,
    place=lambda self, patches: moved_in(self, patches, self.pos_embed),
)
model_variant(
    "positions_made_anew",
    "The table that VisionTransformer made is still in your model, and nobody uses it. Can you ask for one of the "
    "right size in the first place?",
    extra=1,
    add_token=lambda self, dim: renewed(self, dim),
)
model_variant(
    "always_two_results",
    "After training one result is asked for, and you return two.",
    after=lambda self, cls, dist: (cls, dist),
)
model_variant(
    "never_two_results",
    "In training both results are needed: each has its own target. Yours is averaged already.",
    during=lambda self, cls, dist: (cls + dist) / 2,
)
model_variant(
    "flag_turned_round",
    "When are two results asked for, in training or after it?",
    finish=lambda self, cls, dist, training: self.after(cls, dist) if training else self.during(cls, dist),
)
model_variant(
    "stacked",
    "A tuple of two is asked for in training. Yours is one array.",
    during=lambda self, cls, dist: ops.stack([cls, dist], axis=1),
)
model_variant(
    "side_by_side",
    "A tuple of two is asked for in training. Yours is one array, twice as wide.",
    during=lambda self, cls, dist: ops.concatenate([cls, dist], axis=-1),
)
model_variant(
    "probabilities_in_training",
    "Logits are asked for, and the loss does the softmax. Do yours sum to 1?",
    during=lambda self, cls, dist: (ops.softmax(cls), ops.softmax(dist)),
)
model_variant(
    "no_last_norm",
    "Which layer stands between the last block and the heads?",
    tidy=lambda self, tokens: tokens + 0 * self.norm(tokens),
)
model_variant(
    "norm_for_cls_alone",
    "The last norm is for every token. In yours the new one goes without.",
    tidy=lambda self, tokens: ops.concatenate([self.norm(tokens)[:, :1], tokens[:, 1:]], axis=1),
)
model_variant(
    "blocks_left_out",
    "Your tokens never meet a block.",
    through=lambda self, tokens, training: tokens + 0 * Model.through(self, tokens, training),
)
model_variant(
    "blocks_never_drop",
    "With training=True and a high rate the blocks should fall silent. Does the rate get to VisionTransformer?",
    rate=lambda self, dropout: 0.0,
)
model_variant(
    "blocks_always_drop",
    "Call twice with training=False and a dropout rate: nothing should be lost. Which flag do the blocks get?",
    through=lambda self, tokens, training: Model.through(self, tokens, True),
)
model_variant(
    "token_of_two_axes",
    "dist_token is one token, (1, 1, D).",
    add_token=lambda self, dim: setattr(
        self, "dist_token", self.add_weight(shape=(1, dim), initializer=START, name="dist_token")
    ),
    spread=lambda self, token, patches: ops.tile(ops.reshape(token, (1, 1, -1)), (patches.shape[0], 1, 1)),
)


def moved_in(model, patches, positions):
    """CLS and patches with positions, and between them the new token without."""
    tokens = ops.concatenate([model.spread(model.cls_token, patches), patches], axis=1) + positions
    return ops.concatenate([tokens[:, :1], model.spread(model.dist_token, patches), tokens[:, 1:]], axis=1)


def renewed(model, dim):
    """The new token, and a second table of positions in place of the first."""
    Model.add_token(model, dim)
    shape = (1, model.pos_embed.shape[1] + 1, dim)
    model.pos_embed = model.add_weight(shape=shape, initializer=START, name="positions")


@KNOWN.right("Blocks that are called without the flag get it from the surroundings; NumPy's repeat will do, too.")
class flag_from_the_surroundings(Model):
    def through(self, tokens, training):
        for block in self.blocks:
            tokens = block(tokens)
        return tokens

    def spread(self, token, patches):
        return ops.repeat(token, patches.shape[0], axis=0)


@KNOWN.right("The head of the mean is half the head of each, and positions may be added part by part.")
class part_by_part(Model):
    def place(self, patches):
        rows = [self.cls_token + self.pos_embed[:, :1], self.dist_token + self.pos_embed[:, 1:2]]
        return ops.concatenate([*(self.spread(row, patches) for row in rows), patches + self.pos_embed[:, 2:]], axis=1)

    def after(self, cls, dist):
        return ops.mean(ops.stack([cls, dist]), axis=0)
