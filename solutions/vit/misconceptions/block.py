"""Mistakes in the order and the residuals of EncoderBlock, its masks, and what it returns."""

from __future__ import annotations

import keras
from keras import ops

from solutions.vit import reference
from solutions.vit.misconceptions.building import Block, block_registry, variant

KNOWN = block_registry()
RETURNED_ZERO = "If {} returned 0 for every token, what should the block pass on? Follow the line around that box."
MASKED = "Change a forbidden token: the others move with it."


def block_variant(name, hint, twin=None, **steps):
    """Register a block with some steps replaced."""
    return variant(KNOWN, Block, name, hint, twin, **steps)


def post_norm(self, x, mask, training):
    """The lecture's order, whatever norm_first says."""
    return Block.post(self, x, mask, training)


def pre_norm(self, x, mask, training):
    """The ViT's order, whatever norm_first says."""
    return Block.pre(self, x, mask, training)


def both(post, pre):
    """The two steps that follow from y = post(...) and y = pre(...), each of (layer, x, attention, mlp)."""

    def steps(rule):
        def step(self, x, mask, training):
            seen = []

            def attend(tokens):
                attended, weights = self.attend(tokens, mask, training)
                seen.append(weights)
                return attended

            y = rule(self, x, attend, lambda h: self.think(h, training))
            return y, seen[0]

        return step

    return {"post": steps(post), "pre": steps(pre)}


block_variant(
    "always_norm_first",
    "In the lecture's drawing, does the arrow reach LayerNorm before or after the plus?",
    post=pre_norm,
)
block_variant(
    "always_norm_last",
    "With norm_first=True, what does attention get to see: the tokens themselves?",
    pre=post_norm,
)
block_variant(
    "orders_swapped",
    "norm_first=True means that the norm comes first, before attention. Your two orders have changed places.",
    post=pre_norm,
    pre=post_norm,
)
block_variant(
    "no_residual_around_attention",
    RETURNED_ZERO.format("attention"),
    **both(
        lambda s, x, attend, mlp: s.norm2((h := s.norm1(attend(x))) + mlp(h)),
        lambda s, x, attend, mlp: (h := attend(s.norm1(x))) + mlp(s.norm2(h)),
    ),
)
block_variant(
    "no_residual_around_the_mlp",
    RETURNED_ZERO.format("the MLP"),
    **both(
        lambda s, x, attend, mlp: s.norm2(mlp(s.norm1(x + attend(x)))),
        lambda s, x, attend, mlp: mlp(s.norm2(x + attend(s.norm1(x)))),
    ),
)
block_variant(
    "no_residual_at_all",
    "There are two lines around the boxes in the drawing. Where are they in your code?",
    **both(
        lambda s, x, attend, mlp: s.norm2(mlp(s.norm1(attend(x)))),
        lambda s, x, attend, mlp: mlp(s.norm2(attend(s.norm1(x)))),
    ),
)
block_variant(
    "normalises_the_branch",
    "Is the sum normalised, or only the branch? In the drawing the plus comes first.",
    post=both(lambda s, x, attend, mlp: (h := x + s.norm1(attend(x))) + s.norm2(mlp(h)), None)["post"],
)
block_variant(
    "residual_from_the_normed_tokens",
    "With norm_first, what runs along the residual line: x, or the normed x?",
    pre=both(None, lambda s, x, attend, mlp: (h := (n := s.norm1(x)) + attend(n)) + mlp(s.norm2(h)))["pre"],
)
block_variant(
    "second_residual_from_the_normed",
    "With norm_first, the second residual starts from h. Yours starts behind the norm.",
    pre=both(None, lambda s, x, attend, mlp: (n := s.norm2(x + attend(s.norm1(x)))) + mlp(n))["pre"],
)
block_variant(
    "both_residuals_normed",
    "With norm_first, what runs along the residual lines? Yours are normed on the way.",
    pre=both(None, lambda s, x, attend, mlp: (m := s.norm2((n := s.norm1(x)) + attend(n))) + mlp(m))["pre"],
)
block_variant(
    "second_residual_from_x",
    "The second plus adds h, which already holds what attention found. Yours goes back to x.",
    **both(
        lambda s, x, attend, mlp: s.norm2(x + mlp(s.norm1(x + attend(x)))),
        lambda s, x, attend, mlp: x + mlp(s.norm2(x + attend(s.norm1(x)))),
    ),
)
block_variant(
    "x_added_twice",
    "h holds x already. Your last sum adds x once more.",
    **both(
        lambda s, x, attend, mlp: s.norm2(x + (h := s.norm1(x + attend(x))) + mlp(h)),
        lambda s, x, attend, mlp: x + (h := x + attend(s.norm1(x))) + mlp(s.norm2(h)),
    ),
)
block_variant(
    "side_by_side",
    "The MLP should see what attention has found. Yours sees x, as if the two boxes stood side by side.",
    **both(
        lambda s, x, attend, mlp: s.norm2(s.norm1(x + attend(x)) + mlp(x)),
        lambda s, x, attend, mlp: x + attend(s.norm1(x)) + mlp(s.norm2(x)),
    ),
)
block_variant(
    "mlp_first",
    "Which box comes first in the drawing, from bottom to top?",
    **both(
        lambda s, x, attend, mlp: s.norm2((h := s.norm1(x + mlp(x))) + attend(h)),
        lambda s, x, attend, mlp: (h := x + mlp(s.norm1(x))) + attend(s.norm2(h)),
    ),
)
block_variant(
    "norms_swapped",
    "norm1 belongs to attention and norm2 to the MLP. Fresh ones look alike; trained ones do not.",
    **both(
        lambda s, x, attend, mlp: s.norm1((h := s.norm2(x + attend(x))) + mlp(h)),
        lambda s, x, attend, mlp: (h := x + attend(s.norm2(x))) + mlp(s.norm1(h)),
    ),
)
block_variant(
    "a_third_norm",
    "Nothing else is normalised, says the text. What happens to your last sum with norm_first=True?",
    pre=both(None, lambda s, x, attend, mlp: s.norm2((h := x + attend(s.norm1(x))) + mlp(s.norm2(h))))["pre"],
)
block_variant(
    "queries_alone_are_normed",
    "Normalise once, then use the result three times: queries, keys and values.",
    pre=lambda self, x, mask, training: half_normed(self, x, mask, training, ask=True),
)
block_variant(
    "keys_and_values_alone_are_normed",
    "Normalise once, then use the result three times. Your queries are still the tokens themselves.",
    pre=lambda self, x, mask, training: half_normed(self, x, mask, training, ask=False),
)
block_variant(
    "ignores_the_mask",
    f"{MASKED} How does the mask get to attention?",
    attend=lambda self, asking, mask, training: Block.attend(self, asking, None, training),
)
block_variant(
    "inverted_mask",
    "In this course 1 means 'may attend', and so it does in Keras. Which positions got through in yours?",
    attend=lambda self, asking, mask, training: Block.attend(
        self, asking, None if mask is None else ops.logical_not(mask), training
    ),
)
block_variant(
    "averages_the_heads_weights",
    "(B, h, T, T): each head shows its own weights. Yours are averaged over the heads.",
    finish=lambda self, y, weights, wanted: (y, ops.mean(weights, axis=1)) if wanted else y,
)
block_variant(
    "always_a_pair",
    "Without return_weights the text asks for y alone, not for a pair.",
    finish=lambda self, y, weights, wanted: (y, weights),
)
block_variant(
    "never_weights",
    "With return_weights=True the text asks for two results. Where does your code look at that argument?",
    finish=lambda self, y, weights, wanted: y,
)
block_variant(
    "results_swapped",
    "Both results are there, in the other order. Which comes first, y or the weights?",
    finish=lambda self, y, weights, wanted: (weights, y) if wanted else y,
)
block_variant(
    "always_drops",
    "Call twice with training=False and compare. What do you hand on to the sublayers?",
    think=lambda self, h, training: self.mlp(h, training=True),
)
block_variant(
    "attention_always_drops",
    "Call twice with training=False and compare. What do you hand on to attention?",
    attend=lambda self, asking, mask, training: Block.attend(self, asking, mask, True),
)


def half_normed(layer, x, mask, training, ask):
    """The ViT's order, where only the asking or only the answering tokens are normed."""
    normed = layer.norm1(x)
    query, value = (normed, x) if ask else (x, normed)
    options = {"attention_mask": mask, "return_attention_scores": True, "training": training}
    attended, weights = layer.attn(query, value, **options)
    h = x + attended
    return h + layer.mlp(layer.norm2(h), training=training), weights


@KNOWN.wrong("How many LayerNorms does the drawing have? Yours uses one of them twice.")
class one_norm_used_twice(Block):
    def post(self, x, mask, training):
        attended, weights = self.attend(x, mask, training)
        h = self.norm1(x + attended)
        return self.norm1(h + self.think(h, training)) + 0 * self.norm2(h), weights

    def pre(self, x, mask, training):
        attended, weights = self.attend(self.norm1(x), mask, training)
        h = x + attended
        return h + self.think(self.norm1(h), training) + 0 * self.norm2(h), weights


@KNOWN.right("Sums and calls may be written in any order, and Keras hands `training` on by itself.")
class in_one_line(reference.EncoderBlock):
    def call(self, x, mask=None, return_weights=False, training=None):
        asking = self.norm1(x) if self.norm_first else x
        attended, weights = self.attn(asking, asking, asking, attention_mask=mask, return_attention_scores=True)
        h = ops.add(attended, x)
        y = h + self.mlp(self.norm2(h)) if self.norm_first else self.norm2(self.mlp(self.norm1(h)) + self.norm1(h))
        return (y, weights) if return_weights else y


@KNOWN.right("Keras's norm is allowed here, and dropout may stand behind both branches.")
class norms_of_keras(Block):
    def __init__(self, dim, num_heads, mlp_dim, norm_first, activation="gelu", dropout=0.0, epsilon=1e-6, **kwargs):
        super().__init__(dim, num_heads, mlp_dim, norm_first, activation, dropout, epsilon, **kwargs)
        del self.norm1, self.norm2
        self.norm1 = keras.layers.LayerNormalization(epsilon=epsilon)
        self.norm2 = keras.layers.LayerNormalization(epsilon=epsilon)
        self.drop1, self.drop2 = keras.layers.Dropout(dropout), keras.layers.Dropout(dropout)

    def attend(self, asking, mask, training):
        attended, weights = super().attend(asking, mask, training)
        return self.drop1(attended, training=training), weights

    def think(self, h, training):
        return self.drop2(super().think(h, training), training=training)
