"""Mistakes in what flows through CaptioningTransformer."""

from __future__ import annotations

import keras
import numpy as np
from keras import ops

from solutions.captioning import reference
from solutions.captioning.misconceptions.building import Model, model_registry, variant

KNOWN = model_registry()


def model_variant(name, hint, twin=None, **steps):
    """Register a model with some steps replaced."""
    return variant(KNOWN, Model, name, hint, twin, **steps)


model_variant(
    "sees_the_future",
    "Change the last word that goes in: your earlier logits move. In training such a model would read the answer.",
    mask=lambda self, tokens: None,
)
model_variant(
    "looks_ahead_only",
    "Which words may word 0 read in your model? Look at your mask once more: the past, or what comes?",
    mask=lambda self, tokens: ops.transpose(reference.causal_mask(tokens.shape[1])),
)
model_variant(
    "reads_itself_alone",
    "Change the first word: later logits do not move. Your words cannot read each other.",
    mask=lambda self, tokens: ops.eye(tokens.shape[1], dtype="bool"),
)
model_variant(
    "only_the_first_block_is_causal",
    "Every block needs the mask: what one block hides, the next one shows. Which of yours get it?",
    through=lambda self, x, memory, tokens, training: masked_once(self, x, memory, tokens, first=True),
)
model_variant(
    "only_the_last_block_is_causal",
    "Every block needs the mask. Your last one has it, but the words have told each other everything before.",
    through=lambda self, x, memory, tokens, training: masked_once(self, x, memory, tokens, first=False),
)
model_variant(
    "causal_for_the_memory_too",
    "May word 1 look at the bottom right of the picture? The picture is there from the start.",
    memory_mask=lambda self, tokens, memory: ops.tril(ops.ones((tokens.shape[1], memory.shape[1]), "bool")),
)
model_variant(
    "padding_hides_the_memory",
    "Which sequence does the mask of the memory describe? Yours is made from the words.",
    memory_mask=lambda self, tokens, memory: reference.padding_mask(tokens),
)
model_variant(
    "no_positions",
    "Where are your words? Exchange word 0 and word 1: nothing but their order says who stands first.",
    embed=lambda self, tokens: self.token_embed(tokens) + 0 * self.places(tokens),
)
model_variant(
    "one_position_for_all",
    "All your words stand at the same place. Which row of pos_embed does word 3 get?",
    places=lambda self, tokens: self.pos_embed[:, :1],
)
model_variant(
    "last_positions",
    "With fewer words than rows, which row does word 0 get?",
    places=lambda self, tokens: self.pos_embed[:, self.max_length - tokens.shape[1] :],
)
model_variant(
    "positions_from_1",
    "Which row of pos_embed does word 0 get?",
    places=lambda self, tokens: ops.roll(self.pos_embed, -1, axis=1)[:, : tokens.shape[1]],
)
model_variant(
    "positions_reversed",
    "Which row does word 0 get, the first or the last?",
    places=lambda self, tokens: ops.flip(self.pos_embed[:, : tokens.shape[1]], axis=1),
)
model_variant(
    "words_scaled",
    "Your words are longer than the embedding made them. The text has no factor sqrt(D).",
    embed=lambda self, tokens: self.token_embed(tokens) * self.dim**0.5 + self.places(tokens),
)
model_variant(
    "positions_only",
    "Your model does not read the words: any others give the same logits.",
    embed=lambda self, tokens: 0 * self.token_embed(tokens) + self.places(tokens),
)
model_variant(
    "positions_multiplied",
    "A position is added to a word. What does yours do?",
    embed=lambda self, tokens: self.token_embed(tokens) * self.places(tokens),
)
model_variant(
    "ignores_the_picture",
    "Change the picture: your logits stay. What do the blocks get as memory?",
    remember=lambda self, images: 0 * self.encoder(images),
)
model_variant(
    "one_memory_for_all_pictures",
    "All pictures of a batch get the memory of the first. Where does an index too many stand?",
    remember=lambda self, images: ops.repeat(self.encoder(images)[:1], images.shape[0], axis=0),
)
model_variant(
    "average_of_the_memory",
    "The words can look at one thing only: you averaged the memory. Cross-attention needs all S tokens.",
    remember=lambda self, images: ops.mean(self.encoder(images), axis=1, keepdims=True),
)
model_variant(
    "first_of_the_memory",
    "The words see the first token of the memory only. There is no CLS in it: all S belong to the picture.",
    remember=lambda self, images: self.encoder(images)[:, :1],
)
model_variant(
    "memory_without_the_first",
    "There is no CLS in the memory. Which token of it do your words never see?",
    remember=lambda self, images: self.encoder(images)[:, 1:],
)
model_variant(
    "memory_normed",
    "The memory is used as it is. What does yours do to it before the blocks?",
    remember=lambda self, images: normed(self.encoder(images)),
)
model_variant(
    "picture_divided_by_255",
    "Images come in [0, 1] already. Which line of yours divides them?",
    remember=lambda self, images: self.encoder(images / 255.0),
)
model_variant(
    "picture_only_for_the_first_block",
    "Each block asks the memory. In yours the later ones get something else.",
    through=lambda self, x, memory, tokens, training: chained(self, x, memory, tokens),
)
model_variant(
    "norm_at_the_end",
    "No norm after the last block, says the text: these blocks end with one.",
    finish=lambda self, x: self.head(normed(x)),
)
model_variant(
    "words_added_once_more",
    "Each block has its residuals inside. Yours adds the words once more outside.",
    through=lambda self, x, memory, tokens, training: x + Model.through(self, x, memory, tokens, training),
)
model_variant(
    "blocks_in_reverse",
    "blocks[0] comes first. In which order do your words meet the blocks?",
    through=lambda self, x, memory, tokens, training: in_order(self, x, memory, tokens, self.blocks[::-1]),
)
model_variant(
    "first_block_again_and_again",
    "`decoder_depth` different blocks are made. Which of them do your words go through?",
    through=lambda self, x, memory, tokens, training: in_order(
        self, x, memory, tokens, [self.blocks[0]] * len(self.blocks), unused=self.blocks[1:]
    ),
)
model_variant(
    "last_word_only",
    "The logits of all places are asked for, (B, T, V). Yours are those of the last.",
    finish=lambda self, x: self.head(x[:, -1]),
)
model_variant(
    "softmax_inside",
    "Do your logits sum to 1? Then the softmax is done already, and the loss does it once more.",
    finish=lambda self, x: ops.softmax(self.head(x)),
)
model_variant(
    "log_probabilities",
    "Your results are logarithms of probabilities. Logits are what the head returns, as it is.",
    finish=lambda self, x: ops.log_softmax(self.head(x)),
)
model_variant(
    "first_logits_lost",
    "Place t predicts word t + 1, and so does place 0: T words go in, T rows of logits come out.",
    finish=lambda self, x: self.head(x)[:, 1:],
)
model_variant(
    "words_shifted_inside",
    "The words that go in are shifted already. Your model shifts them once more.",
    embed=lambda self, tokens: Model.embed(
        self, ops.concatenate([ops.zeros_like(tokens[:, :1]), tokens[:, :-1]], axis=1)
    ),
)


def normed(x):
    """Each vector with mean 0 and variance 1."""
    centred = x - ops.mean(x, axis=-1, keepdims=True)
    return centred / ops.sqrt(ops.mean(ops.square(centred), axis=-1, keepdims=True) + 1e-6)


def in_order(model, x, memory, tokens, blocks, unused=()):
    """The words through some blocks; unused ones are built, and nothing of theirs is kept."""
    idle = sum((0 * ops.sum(block(x, memory)) for block in unused), 0.0)
    for block in blocks:
        x = block(x, memory, self_mask=reference.causal_mask(tokens.shape[1]))
    return x + idle


def masked_once(model, x, memory, tokens, first):
    """The words through all blocks, of which the first or the last alone is causal."""
    at = 0 if first else len(model.blocks) - 1
    for i, block in enumerate(model.blocks):
        x = block(x, memory, self_mask=reference.causal_mask(tokens.shape[1]) if i == at else None)
    return x


def chained(model, x, memory, tokens):
    """Each later block gets the words as memory that went into the block before."""
    for block in model.blocks:
        x, memory = block(x, memory, self_mask=reference.causal_mask(tokens.shape[1])), x
    return x


@KNOWN.right("Padding may be masked as well, and the positions taken by number.")
class pads_masked_too(Model):
    def mask(self, tokens):
        return ops.logical_and(reference.causal_mask(tokens.shape[1]), reference.padding_mask(tokens))

    def places(self, tokens):
        return ops.take(self.pos_embed, ops.arange(tokens.shape[1]), axis=1)


@KNOWN.right("Masks may be made in NumPy, and words embedded by a product with the table.")
class in_other_words(reference.CaptioningTransformer):
    def call(self, images, token_ids, training=None):
        count = token_ids.shape[-1]
        past = np.tri(count, dtype=bool)
        words = ops.take(ops.convert_to_tensor(self.token_embed(token_ids)), np.arange(count), axis=1)
        seen, x = self.encoder(images), ops.add(words, self.pos_embed[:, :count, :])
        for block in self.blocks:
            x, *_ = block(x, memory=seen, self_mask=past, return_weights=True)
        return self.head(x)


@KNOWN.right("Blocks may live in a list that is filled one by one.")
class filled_one_by_one(Model):
    def stack(self, depth, dim, heads, hidden):
        made = []
        while len(made) < depth:
            made.append(reference.DecoderBlock(dim, heads, hidden, name=f"block{len(made)}"))
        return [*made]

    def finish(self, x):
        return keras.ops.matmul(x, self.head.kernel) + self.head.bias if self.head.built else self.head(x)
