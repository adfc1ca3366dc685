"""Mistakes inside the heads of MultiHeadAttention: cutting, scores, masks, softmax."""

from __future__ import annotations

from keras import ops

from solutions.multihead import reference
from solutions.multihead.misconceptions.building import (
    Steps,
    allowed,
    as_float,
    dots,
    interleaved,
    layer_variant,
    new_registry,
    plain_merge,
    plain_split,
    root,
    taking_turns,
)

KNOWN = new_registry()

layer_variant(
    KNOWN,
    "heads_without_transpose",
    "merge(split(x)) may well be x, and still each of your heads compares pieces of different tokens. "
    "Which tokens and features does head 1 see?",
    split=lambda self, x: plain_split(x, self.num_heads),
    merge=lambda self, x: plain_merge(x),
)
layer_variant(
    KNOWN,
    "split_without_transpose",
    "Follow token 0: which of its numbers end up in head 1? They must all come from token 0.",
    split=lambda self, x: plain_split(x, self.num_heads),
)
layer_variant(
    KNOWN,
    "merge_without_transpose",
    "The weights are right, so the heads work. Then they are put side by side: does token 0 get back what is its own?",
    merge=lambda self, x: plain_merge(x),
)
layer_variant(
    KNOWN,
    "heads_of_scattered_features",
    "Head 0 should own the first D/h columns of each kernel. Which columns does yours own?",
    split=lambda self, x: interleaved(x, self.num_heads),
    merge=lambda self, x: taking_turns(x),
)
layer_variant(
    KNOWN,
    "heads_in_reverse",
    "Match the first D/h columns with head 0: in your layer they meet another head's.",
    merge=lambda self, x: reference.merge_heads(ops.flip(x, axis=1)),
)
layer_variant(
    KNOWN,
    "weights_in_reverse",
    "The output is right. The weights are right too, but which head do the first ones belong to?",
    split=lambda self, x: ops.flip(reference.split_heads(x, self.num_heads), axis=1),
    merge=lambda self, x: reference.merge_heads(ops.flip(x, axis=1)),
)
layer_variant(
    KNOWN,
    "scale_of_the_whole_width",
    "How long is the vector inside one head? That is what the dot products of a head run over.",
    score=lambda self, q, k: dots(q, k) / root(q.shape[-1] * self.num_heads),
)
layer_variant(
    KNOWN,
    "no_scale",
    "Your weights are too sharp. In lesson 1, 112 became 14 before the softmax: where does that happen here?",
    score=lambda self, q, k: dots(q, k),
)
layer_variant(
    KNOWN,
    "divides_without_root",
    "In lesson 1, a width of 64 meant a division by 8. By what do you divide for a head of width 64?",
    score=lambda self, q, k: dots(q, k) / q.shape[-1],
)
layer_variant(
    KNOWN,
    "root_of_head_count",
    "The scale has to do with the length of the vectors in a head, not with how many heads there are.",
    score=lambda self, q, k: dots(q, k) / root(self.num_heads),
)
layer_variant(
    KNOWN,
    "root_of_key_count",
    "Try other keys of the same width, more of them: should the scores of the first ones change?",
    score=lambda self, q, k: dots(q, k) / root(k.shape[-2]),
)
layer_variant(
    KNOWN,
    "multiplies_by_root",
    "Should longer vectors make the softmax sharper, or keep it about the same? Yours grows with the width.",
    score=lambda self, q, k: dots(q, k) * root(q.shape[-1]),
)
layer_variant(
    KNOWN,
    "averages_keys",
    "Three roles: who is compared, and who is averaged?",
    project=lambda self, query, source: (self.wq(query), self.wk(source), self.wk(source) + 0 * self.wv(source)),
)
layer_variant(
    KNOWN,
    "softmax_over_queries",
    "For one query in one head, the weights over all keys should sum to 1. Sum yours over each axis and look.",
    normalise=lambda self, scores: ops.softmax(scores, axis=-2),
)
layer_variant(
    KNOWN,
    "softmax_over_heads",
    "Heads do not compete with each other. Sum your weights over the axis of the heads and look.",
    normalise=lambda self, scores: ops.softmax(scores, axis=1),
)
layer_variant(
    KNOWN,
    "softmax_over_batch",
    "Run one image alone and in a batch of two: its output must not change.",
    normalise=lambda self, scores: ops.softmax(scores, axis=0),
)
layer_variant(
    KNOWN,
    "ignores_mask",
    "Change a forbidden token: your output moves with it. Where does the mask come in?",
    close=lambda self, scores, mask: scores,
)
layer_variant(
    KNOWN,
    "inverted_mask",
    "In this course 1 means 'may attend'. Which positions got through, the 1s or the 0s?",
    close=lambda self, scores, mask: ops.where(allowed(mask), -1e9, scores),
)
layer_variant(
    KNOWN,
    "adds_mask",
    "Adding 1 to a score is a nudge, not a wall. How low must a forbidden score be?",
    close=lambda self, scores, mask: scores + as_float(mask),
)
layer_variant(
    KNOWN,
    "zero_for_forbidden",
    "A score of 0 is an ordinary score: many allowed ones are lower. What is exp(0)?",
    close=lambda self, scores, mask: scores * as_float(mask),
)
layer_variant(
    KNOWN,
    "mask_after_softmax",
    "Do your rows still sum to 1 under a mask? Does a forbidden token still count in the denominator?",
    weigh=lambda self, scores, mask: ops.softmax(scores) * (1.0 if mask is None else as_float(mask)),
)


@KNOWN.right("Minus infinity is low enough, and broadcasting may be written out.")
class minus_infinity(Steps):
    def close(self, scores, mask):
        return ops.where(ops.broadcast_to(allowed(mask), scores.shape), scores, -float("inf"))


@KNOWN.right("Scaling the queries first is the same product, and one einsum may do the heads' work.")
class scales_the_queries(Steps):
    def score(self, q, k):
        return ops.einsum("bhqe,bhke->bhqk", q * q.shape[-1] ** -0.5, k)


@KNOWN.right("Masking after the softmax and dividing by the new sum is the same as masking first.")
class renormalises(Steps):
    def weigh(self, scores, mask):
        weights = ops.softmax(scores)
        if mask is None:
            return weights
        weights = weights * as_float(mask)
        return weights / ops.sum(weights, axis=-1, keepdims=True)
