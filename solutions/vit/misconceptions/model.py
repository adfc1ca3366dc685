"""Mistakes in what flows through VisionTransformer."""

from __future__ import annotations

import keras
from keras import ops

from solutions.vit import reference
from solutions.vit.misconceptions.building import Block, Model, model_registry, variant

KNOWN = model_registry()
SHUFFLED = "Shuffle the patches of an image: your prediction does not change."


def model_variant(name, hint, twin=None, **steps):
    """Register a model with some steps replaced."""
    return variant(KNOWN, Model, name, hint, twin, **steps)


def joined(model, front, patches):
    """CLS in front of the patches."""
    return ops.concatenate([front, patches], axis=1)


model_variant(
    "positions_before_cls",
    "How many rows does the table of positions have, and how many tokens are there when you add it? Row 0 is for CLS.",
    place=lambda self, patches: joined(self, self.front(patches), patches + self.pos_embed[:, 1:]),
)
model_variant(
    "first_rows_for_the_patches",
    "Row 0 of the positions belongs to CLS. Which row does your first patch get?",
    place=lambda self, patches: joined(self, self.front(patches), patches + self.pos_embed[:, :-1]),
)
model_variant("no_positions", f"{SHUFFLED} Where is pos_embed added?", place=lambda self, patches: joined(
    self, self.front(patches), patches))  # fmt: skip
model_variant(
    "one_position_for_all",
    f"{SHUFFLED} Does every token get a row of its own?",
    place=lambda self, patches: joined(self, self.front(patches), patches) + self.pos_embed[:, :1],
)
model_variant(
    "positions_doubled",
    "The positions are there twice. Are they added in two places?",
    place=lambda self, patches: joined(self, self.front(patches), patches) + 2 * self.pos_embed,
)
model_variant(
    "tokens_scaled",
    "Your patches are longer than Conv2D made them. The text has no factor in front of the tokens.",
    place=lambda self, patches: joined(self, self.front(patches), patches * self.dim**0.5) + self.pos_embed,
)
model_variant(
    "cls_added",
    "Prepend means one more token, not larger ones. What did you do with CLS?",
    place=lambda self, patches: (
        joined(self, self.cls_token + 0 * patches[:, :1], patches + self.cls_token) + self.pos_embed
    ),
)
model_variant(
    "cls_at_the_end",
    "CLS is row 0, in front of the patches. Where does yours stand?",
    place=lambda self, patches: ops.concatenate([patches, self.front(patches)], axis=1) + self.pos_embed,
    read=lambda self, tokens: tokens[:, -1] if self.pool == "cls" else ops.mean(tokens[:, :-1], axis=1),
)
model_variant(
    "cls_is_not_used",
    "Change cls_token: nothing happens. What is put in front of the patches?",
    front=lambda self, patches: 0 * Model.front(self, patches),
)
model_variant(
    "column_by_column",
    "The map of Conv2D is (B, rows, columns, D). Which patch is your token number 1: the one to the right, or the one "
    "below?",
    cut=lambda self, images: ops.reshape(
        ops.transpose(self.patch_embed(images), (0, 2, 1, 3)), (-1, self.patches, self.dim)
    ),
)
model_variant(
    "divided_by_255",
    "Images come in [0, 1] already. Which line of yours divides them?",
    cut=lambda self, images: Model.cut(self, images / 255.0),
)
model_variant(
    "multiplied_by_255",
    "Images come in [0, 1] and are used as they are. Yours run up to 255.",
    cut=lambda self, images: Model.cut(self, images * 255.0),
)
model_variant(
    "from_minus_one_to_one",
    "The images are used as they are, from 0 to 1. Yours run from -1 to 1.",
    cut=lambda self, images: Model.cut(self, 2.0 * images - 1.0),
)
model_variant(
    "activation_on_the_patches",
    "Your patches are never negative. Is there an activation in the text?",
    cut=lambda self, images: ops.relu(Model.cut(self, images)),
)
model_variant(
    "softmax_inside",
    "Do your logits sum to 1? Then the softmax is done already, and the loss (from_logits=True) does it once more.",
    finish=lambda self, tokens: ops.softmax(Model.finish(self, tokens)),
)
model_variant(
    "log_probabilities",
    "Your results are logarithms of probabilities. Logits are what the head returns, as it is.",
    finish=lambda self, tokens: ops.log_softmax(Model.finish(self, tokens)),
)
model_variant(
    "always_cls",
    'Your model is right with pool="cls". Where does it look at the other kind of pool?',
    read=lambda self, tokens: tokens[:, 0],
)
model_variant(
    "always_mean",
    'Your model is right with pool="mean". Where does it look at the other kind of pool?',
    read=lambda self, tokens: ops.mean(tokens[:, 1:], axis=1),
)
model_variant(
    "mean_with_cls",
    "The mean is over the patches. How many tokens does yours run over?",
    read=lambda self, tokens: tokens[:, 0] if self.pool == "cls" else ops.mean(tokens, axis=1),
)
model_variant(
    "sum_of_patches",
    "The text asks for the mean of the patches. Yours grows with their number.",
    read=lambda self, tokens: tokens[:, 0] if self.pool == "cls" else ops.sum(tokens[:, 1:], axis=1),
)
model_variant(
    "largest_of_patches",
    "The text asks for the mean of the patches. Yours takes the largest number of each feature.",
    read=lambda self, tokens: tokens[:, 0] if self.pool == "cls" else ops.max(tokens[:, 1:], axis=1),
)
model_variant(
    "last_token",
    "CLS was put in front. Which row of the last block is it?",
    read=lambda self, tokens: tokens[:, -1] if self.pool == "cls" else ops.mean(tokens[:, 1:], axis=1),
)
model_variant(
    "pooled_before_the_norm",
    "With the mean it matters: every token is normalised first, and then they are averaged.",
    finish=lambda self, tokens: self.head(self.norm(self.read(tokens))),
)
model_variant(
    "no_last_norm",
    "The ViT's order leaves the last sum unnormalised. Which layer stands between the last block and the head?",
    finish=lambda self, tokens: self.head(self.read(tokens)) + 0 * self.head(self.read(self.norm(tokens))),
)
model_variant(
    "norm_before_the_blocks",
    "The last norm stands behind the last block. Where does yours stand?",
    enter=lambda self, images, training: self.norm(Model.enter(self, images, training)),
    finish=lambda self, tokens: self.head(self.read(tokens)),
)
model_variant(
    "blocks_in_reverse",
    "blocks[0] comes first. In which order do your tokens meet the blocks?",
    through=lambda self, tokens, training: backwards(self, tokens, training),
)
model_variant(
    "tokens_added_after_each_block",
    "Each block has its residuals inside. Yours adds the tokens once more outside.",
    through=lambda self, tokens, training: outside(self, tokens, training),
)
model_variant(
    "features_before_the_blocks",
    "features[i] is what block i returns. Yours is what it was given.",
    forward_features=lambda self, images, training=None: shifted(self, images, training),
)
model_variant(
    "features_normed",
    "features[i] is what block i returns, before the last norm. Yours are normed already.",
    show=lambda self, features, attentions: ([self.norm(tokens) for tokens in features], attentions),
)
model_variant(
    "last_feature_normed",
    "features[-1] is what the last block returns. Yours went through the last norm too.",
    show=lambda self, features, attentions: ([*features[:-1], self.norm(features[-1])], attentions),
)
model_variant(
    "features_without_cls",
    "features[i] has a row for CLS too: 1 + N of them.",
    show=lambda self, features, attentions: ([tokens[:, 1:] for tokens in features], attentions),
)
model_variant(
    "last_block_only",
    "Two lists are asked for, with an entry for each block. Yours hold the last block only.",
    show=lambda self, features, attentions: (features[-1:], attentions[-1:]),
)
model_variant(
    "first_feature_too_many",
    "The features have an entry for each block. Yours have one more: what the first block was given.",
    forward_features=lambda self, images, training=None: one_more(self, images, training),
)
model_variant(
    "attentions_averaged",
    "attentions[i] keeps the heads apart: (B, h, 1 + N, 1 + N). Yours are averaged.",
    show=lambda self, features, attentions: (features, [ops.mean(weights, axis=1) for weights in attentions]),
)
model_variant(
    "attentions_of_cls_only",
    "attentions[i] has a row for every token that asks. Yours has the row of CLS only.",
    show=lambda self, features, attentions: (features, [weights[:, :, 0] for weights in attentions]),
)
model_variant(
    "lists_swapped",
    "Both lists are there, in the other order. Which comes first, features or attentions?",
    show=lambda self, features, attentions: (attentions, features),
)
model_variant(
    "features_alone",
    "A pair is asked for: features and attentions. Yours has the features alone.",
    show=lambda self, features, attentions: features,
)
model_variant(
    "pairs_for_each_block",
    "Two lists are asked for. Yours is one list of pairs.",
    show=lambda self, features, attentions: list(zip(features, attentions, strict=True)),
)
model_variant(
    "always_drops",
    "Call twice with training=False and compare. What do you hand on to the dropout behind the positions?",
    enter=lambda self, images, training: Model.enter(self, images, True),
)
model_variant(
    "never_drops_the_tokens",
    "With training=True and a high rate nothing should be left of the image. What comes after the positions?",
    enter=lambda self, images, training: Model.enter(self, images, False),
)
model_variant(
    "blocks_never_drop",
    "With training=True and a high rate the MLPs should fall silent. Does the rate get to the blocks?",
    stack=lambda self, depth, dropout, **sizes: [Block(norm_first=True, **sizes) for _ in range(depth)],
)


def backwards(model, tokens, training):
    """The blocks from the last to the first, shown in the order of their numbers."""
    found = []
    for block in model.blocks[::-1]:
        tokens, weights = block(tokens, return_weights=True, training=training)
        found.append((tokens, weights))
    return [tokens for tokens, _ in found], [weights for _, weights in found]


def outside(model, tokens, training):
    """A residual around each block."""
    features, attentions = [], []
    for block in model.blocks:
        more, weights = block(tokens, return_weights=True, training=training)
        tokens = tokens + more
        features.append(tokens)
        attentions.append(weights)
    return features, attentions


def shifted(model, images, training):
    """What each block was given."""
    tokens = model.enter(images, training)
    features, attentions = model.through(tokens, training)
    return [tokens, *features[:-1]], attentions


def one_more(model, images, training):
    """What the first block was given, and what each returns."""
    tokens = model.enter(images, training)
    features, attentions = model.through(tokens, training)
    return [tokens, *features], attentions


@KNOWN.right("CLS by repeat, tokens by a layer, pooling by another: the same model.")
class other_words(Model):
    def __init__(self, **arguments):
        super().__init__(**arguments)
        self.flat, self.average = keras.layers.Reshape((-1, self.dim)), keras.layers.GlobalAveragePooling1D()

    def cut(self, images):
        return self.flat(self.patch_embed(images))

    def front(self, patches):
        return ops.repeat(self.cls_token, ops.shape(patches)[0], axis=0)

    def read(self, tokens):
        return tokens[:, 0, :] if self.pool == "cls" else self.average(tokens[:, 1:, :])


@KNOWN.right("Positions may be added piece by piece, and only CLS normed where only CLS is read.")
class piece_by_piece(Model):
    def place(self, patches):
        front = self.front(patches) + self.pos_embed[:, :1]
        return ops.concatenate([front, patches + self.pos_embed[:, 1:]], axis=1)

    def finish(self, tokens):
        if self.pool == "cls":
            return self.head(self.norm(self.read(tokens)))
        return super().finish(tokens)

    def show(self, features, attentions):
        return ops.stack(features), ops.stack(attentions)


@KNOWN.right("Weights may be made in build, and the blocks under numbers of their own.")
class made_in_build(reference.VisionTransformer):
    def __init__(self, image_size=32, patch_size=4, dim=64, **arguments):
        super().__init__(image_size=image_size, patch_size=patch_size, dim=dim, **arguments)
        self.size = 1 + (image_size // patch_size) ** 2, dim

    def build(self, input_shape):
        self.patch_embed.build(input_shape)
        shape = (None, *self.size)
        for block in self.blocks:
            block(keras.ops.zeros((1, *self.size)))
        self.norm.build(shape)
        self.head.build((None, self.size[1]))
        self.built = True
