"""Mistakes in what flows through DecoderBlock: order, residuals, norms, who asks whom, masks, results."""

from __future__ import annotations

import keras
from keras import ops

from solutions.captioning import reference
from solutions.captioning.misconceptions.building import Block, block_registry, flow, variant

KNOWN = block_registry()
RETURNED_ZERO = "If {} returned 0 for every word, what should be passed on? Follow the line around that box."


def block_variant(name, hint, twin=None, **steps):
    """Register a block with some steps replaced."""
    return variant(KNOWN, Block, name, hint, twin, **steps)


block_variant(
    "no_cross_attention",
    "Change the picture: your words do not notice. Where does the memory come in?",
    steps=flow(lambda s, x, back, out, mlp: s.norm3((h := s.norm1(x + back(x)) + 0 * s.norm2(out(x))) + mlp(h))),
)
block_variant(
    "no_self_attention",
    "Each of your words sees the picture, but not the words before it. Count the attentions in the drawing.",
    steps=flow(lambda s, x, back, out, mlp: s.norm3((h := s.norm2(x + out(x)) + 0 * s.norm1(back(x))) + mlp(h))),
)
block_variant(
    "cross_before_self",
    "Follow the drawing from the bottom to the top: whom do the words ask first, each other or the picture?",
    steps=flow(lambda s, x, back, out, mlp: s.norm3((h2 := s.norm2((h1 := s.norm1(x + out(x))) + back(h1))) + mlp(h2))),
)
block_variant(
    "cross_before_self_with_own_norms",
    "Follow the drawing from the bottom to the top: your two attentions, each with its norm, have changed places.",
    steps=flow(lambda s, x, back, out, mlp: s.norm3((h2 := s.norm1((h1 := s.norm2(x + out(x))) + back(h1))) + mlp(h2))),
)
block_variant(
    "side_by_side",
    "The words first talk to each other, and ask the picture with what they found. Both of yours begin with x.",
    steps=flow(lambda s, x, back, out, mlp: s.norm3((h2 := s.norm2(s.norm1(x + back(x)) + out(x))) + mlp(h2))),
)
block_variant(
    "no_residual_around_self_attention",
    RETURNED_ZERO.format("self-attention"),
    steps=flow(lambda s, x, back, out, mlp: s.norm3((h2 := s.norm2((h1 := s.norm1(back(x))) + out(h1))) + mlp(h2))),
)
block_variant(
    "no_residual_around_cross_attention",
    RETURNED_ZERO.format("cross-attention"),
    steps=flow(lambda s, x, back, out, mlp: s.norm3((h2 := s.norm2(out(s.norm1(x + back(x))))) + mlp(h2))),
)
block_variant(
    "no_residual_around_the_mlp",
    RETURNED_ZERO.format("the MLP"),
    steps=flow(lambda s, x, back, out, mlp: s.norm3(mlp(s.norm2((h1 := s.norm1(x + back(x))) + out(h1))))),
)
block_variant(
    "no_residual_at_all",
    "There are three lines around the boxes in the drawing. Where are they in your code?",
    steps=flow(lambda s, x, back, out, mlp: s.norm3(mlp(s.norm2(out(s.norm1(back(x))))))),
)
block_variant(
    "residuals_from_x",
    "Each plus adds what went into its box. Yours always go back to x.",
    steps=flow(lambda s, x, back, out, mlp: s.norm3(x + mlp(s.norm2(x + out(s.norm1(x + back(x))))))),
)
block_variant(
    "second_residual_from_x",
    "The second plus adds h1, which holds what the words told each other. Yours goes back to x.",
    steps=flow(lambda s, x, back, out, mlp: s.norm3((h2 := s.norm2(x + out(s.norm1(x + back(x))))) + mlp(h2))),
)
block_variant(
    "third_residual_from_h1",
    "The last plus adds h2, which has seen the picture. Yours adds what was there before.",
    steps=flow(lambda s, x, back, out, mlp: s.norm3((h1 := s.norm1(x + back(x))) + mlp(s.norm2(h1 + out(h1))))),
)
block_variant(
    "mlp_of_h1",
    "The MLP should work on what has seen the picture. Which of your names goes into it?",
    steps=flow(lambda s, x, back, out, mlp: s.norm3(s.norm2((h1 := s.norm1(x + back(x))) + out(h1)) + mlp(h1))),
)
block_variant(
    "pre_norm",
    "This is the ViT's order. In the lecture's drawing of the decoder, does a norm come before or after each plus?",
    steps=flow(lambda s, x, back, out, mlp: (h2 := (h1 := x + back(s.norm1(x))) + out(s.norm2(h1))) + mlp(s.norm3(h2))),
)
block_variant(
    "normalises_the_branches",
    "Is the sum normalised, or the branch alone? In the drawing the plus comes first.",
    steps=flow(lambda s, x, back, out, mlp: (h2 := (h1 := x + s.norm1(back(x))) + s.norm2(out(h1))) + s.norm3(mlp(h2))),
)
block_variant(
    "no_norm_at_the_end",
    "Count the norms in the drawing: one follows each plus. What follows your last plus?",
    steps=flow(
        lambda s, x, back, out, mlp: (h2 := s.norm2((h1 := s.norm1(x + back(x))) + out(h1))) + mlp(h2) + 0 * s.norm3(h2)
    ),
)
block_variant(
    "no_norm_after_cross_attention",
    "Count the norms in the drawing: one follows each plus. What stands between the picture and the MLP?",
    steps=flow(
        lambda s, x, back, out, mlp: s.norm3((h2 := (h1 := s.norm1(x + back(x))) + out(h1) + 0 * s.norm2(h1)) + mlp(h2))
    ),
)
block_variant(
    "no_norm_after_self_attention",
    "Count the norms in the drawing: one follows each plus. Who asks the picture: the sum, or the normed sum?",
    steps=flow(
        lambda s, x, back, out, mlp: s.norm3((h2 := s.norm2((h1 := x + back(x) + 0 * s.norm1(x)) + out(h1))) + mlp(h2))
    ),
)
block_variant(
    "first_two_norms_swapped",
    "norm1 follows self-attention, norm2 cross-attention. Fresh ones look alike; trained ones do not.",
    steps=flow(lambda s, x, back, out, mlp: s.norm3((h2 := s.norm1((h1 := s.norm2(x + back(x))) + out(h1))) + mlp(h2))),
)
block_variant(
    "norm1_used_again",
    "Three norms are made. How often does your way through the block use the first of them?",
    steps=flow(
        lambda s, x, back, out, mlp: (
            s.norm1((h2 := s.norm1((h1 := s.norm1(x + back(x))) + out(h1))) + mlp(h2)) + 0 * s.norm3(s.norm2(x))
        )
    ),
)
block_variant(
    "norm2_used_twice",
    "The last norm of yours is norm2 once more. What was norm3 made for?",
    steps=flow(
        lambda s, x, back, out, mlp: (
            s.norm2((h2 := s.norm2((h1 := s.norm1(x + back(x))) + out(h1))) + mlp(h2)) + 0 * s.norm3(x)
        )
    ),
)
block_variant(
    "memory_is_normed",
    "The memory is used as it is: the encoder has normed it already. What does yours do to it?",
    look_out=lambda self, h, memory, mask, training: Block.look_out(self, h, self.norm2(memory), mask, training),
)
block_variant(
    "words_answer_themselves",
    "Change the picture: your words do not notice. Who answers in your second attention?",
    look_out=lambda self, h, memory, mask, training: self.look(self.cross_attn, h, h, None, training),
)
block_variant(
    "memory_asks",
    "The result has one row for each word. Who asks in your second attention, the words or the picture?",
    look_out=lambda self, h, memory, mask, training: self.look(self.cross_attn, memory, h, mask, training),
)
block_variant(
    "values_from_the_words",
    "The words are asked where to look in the picture. Keys and values both come from the memory.",
    look_out=lambda self, h, memory, mask, training: self.cross_attn(
        h, h[:, : memory.shape[1]], memory[:, : h.shape[1]], return_attention_scores=True, training=training
    ),
)
block_variant(
    "attentions_swapped",
    "Your two attentions are there, but each does the other's work. Which of them looks at the memory?",
    look_back=lambda self, x, mask, training: self.look(self.cross_attn, x, x, mask, training),
    look_out=lambda self, h, memory, mask, training: self.look(self.self_attn, h, memory, mask, training),
)
block_variant(
    "one_attention_for_both",
    "Count the attention layers in the drawing. Yours uses one of them twice.",
    look_out=lambda self, h, memory, mask, training: (
        self.look(self.self_attn, h, memory, mask, training)[0] + 0 * self.cross_attn(h, memory),
        self.look(self.self_attn, h, memory, mask, training)[1],
    ),
)
block_variant(
    "words_among_the_memory",
    "The picture is asked, and nobody else. In yours the words stand among those who answer.",
    look_out=lambda self, h, memory, mask, training: (lambda found: (found[0], found[1][..., : memory.shape[1]]))(
        self.look(self.cross_attn, h, ops.concatenate([memory, h], axis=1), None, training)
    ),
)
block_variant(
    "ignores_the_mask_of_the_words",
    "Change the last word: earlier outputs moved. How does self_mask get to self-attention?",
    look_back=lambda self, x, mask, training: Block.look_back(self, x, None, training),
)
block_variant(
    "ignores_the_mask_of_the_memory",
    "A part of the memory is forbidden, and yours reads it. How does memory_mask get to cross-attention?",
    look_out=lambda self, h, memory, mask, training: Block.look_out(self, h, memory, None, training),
)
block_variant(
    "ignores_both_masks",
    "Change a forbidden word, or a forbidden part of the memory: your outputs move. How do the masks get to attention?",
    look=lambda self, attention, asking, read, mask, training: Block.look(
        self, attention, asking, read, None, training
    ),
)
block_variant(
    "causal_mask_of_its_own",
    "Without a mask every word may read every other one. Where does your block get one from?",
    look_back=lambda self, x, mask, training: Block.look_back(
        self, x, reference.causal_mask(x.shape[1]) if mask is None else mask, training
    ),
)
block_variant(
    "always_causal",
    "Your block is causal, whatever the mask says. Who decides that, the block or who calls it?",
    look_back=lambda self, x, mask, training: Block.look_back(
        self,
        x,
        (lambda past: past if mask is None else ops.logical_and(past, mask))(reference.causal_mask(x.shape[1])),
        training,
    ),
)
block_variant(
    "causal_for_the_memory",
    "May word 1 look at the bottom right of the picture? The picture is there from the start.",
    look_out=lambda self, h, memory, mask, training: Block.look_out(
        self, h, memory, ops.tril(ops.ones((h.shape[1], memory.shape[1]), "bool")), training
    ),
)
block_variant(
    "mask_of_the_words_for_the_memory",
    "Which sequence does the second mask describe? Yours hands the words' mask to the memory.",
    call=lambda self, x, memory, self_mask=None, memory_mask=None, return_weights=False, training=None: Block.call(
        self, x, memory, self_mask, self_mask, return_weights, training
    ),
)
block_variant(
    "masks_swapped",
    "Both masks arrive, each at the wrong attention. Which of them has T columns, and which S?",
    call=lambda self, x, memory, self_mask=None, memory_mask=None, return_weights=False, training=None: Block.call(
        self, x, memory, memory_mask, self_mask, return_weights, training
    ),
)
block_variant(
    "inverted_masks",
    "In this course 1 means 'may attend', and so it does in Keras. Which positions got through in yours?",
    look=lambda self, attention, asking, read, mask, training: Block.look(
        self, attention, asking, read, None if mask is None else ops.logical_not(mask), training
    ),
)
block_variant(
    "never_weights",
    "With return_weights=True the text asks for three results. Where does your code look at that argument?",
    finish=lambda self, y, own, cross, wanted: y,
)
block_variant(
    "always_three",
    "Without return_weights the text asks for y alone.",
    finish=lambda self, y, own, cross, wanted: (y, own, cross),
)
block_variant(
    "weights_swapped",
    "All three are there. Which weights come first: the words for each other, or the words for the memory?",
    finish=lambda self, y, own, cross, wanted: (y, cross, own) if wanted else y,
)
block_variant(
    "weights_of_the_memory_only",
    "Three results: y, and the weights of both attentions.",
    finish=lambda self, y, own, cross, wanted: (y, cross) if wanted else y,
)
block_variant(
    "averages_the_heads",
    "(B, h, T, S): each head shows its own weights. Yours are averaged over the heads.",
    finish=lambda self, y, own, cross, wanted: (y, ops.mean(own, axis=1), ops.mean(cross, axis=1)) if wanted else y,
)
block_variant(
    "always_drops",
    "Call twice with training=False and compare. What do you hand on to the MLP?",
    think=lambda self, h, training: self.mlp(h, training=True),
)
block_variant(
    "attention_always_drops",
    "Call twice with training=False and compare. What do you hand on to the attentions?",
    look=lambda self, attention, asking, read, mask, training: Block.look(self, attention, asking, read, mask, True),
)


@KNOWN.right("Sums and calls may be written in any order, and Keras hands `training` on by itself.")
class in_other_words(reference.DecoderBlock):
    def call(self, x, memory, self_mask=None, memory_mask=None, return_weights=False, training=None):
        heard, own = self.self_attn(x, x, x, attention_mask=self_mask, return_attention_scores=True)
        words = self.norm1(ops.add(heard, x))
        seen, cross = self.cross_attn(
            query=words, key=memory, value=memory, attention_mask=memory_mask, return_attention_scores=True
        )
        both = self.norm2(seen + words)
        y = self.norm3(self.mlp(both) + both)
        return [y, own, cross] if return_weights else y


@KNOWN.right("Dropout may stand behind each branch, and the MLP may be a layer of one's own.")
class drops_behind_each_branch(Block):
    def __init__(self, dim, num_heads, mlp_dim, dropout=0.0, epsilon=1e-6, **kwargs):
        super().__init__(dim, num_heads, mlp_dim, dropout, epsilon, **kwargs)
        self.drop = keras.layers.Dropout(dropout)

    def look(self, attention, asking, read, mask, training):
        found, weights = super().look(attention, asking, read, mask, training)
        return self.drop(found, training=training), weights

    def feed_forward(self, dim, hidden, dropout):
        return TwoLayers(hidden, dim)

    def think(self, h, training):
        return self.drop(self.mlp(h), training=training)


class TwoLayers(keras.layers.Layer):
    """An MLP with its layers under the names of lesson 4."""

    def __init__(self, hidden, dim):
        super().__init__()
        self.fc1, self.fc2 = keras.layers.Dense(hidden, activation="gelu"), keras.layers.Dense(dim)

    def call(self, x):
        return self.fc2(self.fc1(x))
