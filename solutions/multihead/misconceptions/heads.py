"""Mistakes in split_heads and merge_heads."""

from __future__ import annotations

import numpy as np
from keras import ops

from solutions.multihead import reference
from solutions.multihead.misconceptions.building import cut, interleaved, plain_merge, plain_split, taking_turns
from solutions.registry import Registry

SPLIT = Registry("split_heads")
MERGE = Registry("merge_heads")


@SPLIT.wrong("Follow token 0: which of its numbers end up in head 1? Everything of token 0 must stay in a row 0.")
def reshape_alone(x, num_heads):
    return plain_split(x, num_heads)


@SPLIT.wrong("Head 0 should own a block of features that lie side by side. Which ones does yours own?")
def every_hth_feature(x, num_heads):
    return interleaved(x, num_heads)


@SPLIT.wrong("The pieces are right, in the other order. Which features belong to head 0?")
def last_head_first(x, num_heads):
    return ops.flip(reference.split_heads(x, num_heads), axis=1)


@SPLIT.wrong("The features are cut, but the axes still stand as (B, T, h, D/h). Which two must change places?")
def not_transposed(x, num_heads):
    return cut(x, num_heads)


@SPLIT.wrong("The heads stand in front of the tokens, but in each head tokens and features have changed places.")
def features_before_tokens(x, num_heads):
    return ops.transpose(cut(x, num_heads), (0, 2, 3, 1))


@SPLIT.wrong("The head axis comes after the batch here: (B, h, T, D/h). Where is yours?")
def heads_before_batch(x, num_heads):
    return ops.transpose(cut(x, num_heads), (2, 0, 1, 3))


@SPLIT.wrong("Batch and heads are one axis in your result. Four axes are asked for.")
def heads_in_the_batch(x, num_heads):
    pieces = reference.split_heads(x, num_heads)
    return ops.reshape(pieces, (-1, *pieces.shape[2:]))


@SPLIT.wrong("num_heads says how many heads there are. In your result it is the width of one.")
def heads_as_wide_as_many(x, num_heads):
    return reference.split_heads(x, x.shape[2] // num_heads)


@SPLIT.wrong("Each head should see all tokens. Yours got a share of the tokens, and all features.")
def cuts_the_tokens(x, num_heads):
    return ops.stack(ops.array_split(x, num_heads, axis=1), axis=1)


@SPLIT.wrong("Every head got all D features. D/h of them are its own.")
def every_head_gets_everything(x, num_heads):
    return ops.repeat(x[:, None], num_heads, axis=1)


@SPLIT.right("Slices, stacked along a new axis, are the same heads.")
def stacked_slices(x, num_heads):
    width = x.shape[2] // num_heads
    return ops.stack([x[:, :, j * width : (j + 1) * width] for j in range(num_heads)], axis=1)


@SPLIT.right("NumPy does it too.")
def in_numpy(x, num_heads):
    return np.stack(np.split(ops.convert_to_numpy(x), num_heads, axis=-1), axis=1)


@MERGE.wrong("Undo your split on paper: which two numbers of token 0 should stand side by side where two heads meet?")
def plain_reshape(x):
    return plain_merge(x)


@MERGE.wrong("In each token, all of head 0 comes first, then all of head 1. Yours take turns.")
def heads_take_turns(x):
    return taking_turns(x)


@MERGE.wrong("The pieces are right, in the other order. Which head comes first?")
def head_0_last(x):
    return reference.merge_heads(ops.flip(x, axis=1))


@MERGE.wrong("How wide is a token after concatenation? A mean throws away which head said what.")
def mean_of_heads(x):
    return ops.mean(x, axis=1)


@MERGE.wrong("How wide is a token after concatenation? A sum throws away which head said what.")
def sum_of_heads(x):
    return ops.sum(x, axis=1)


@MERGE.wrong("The axes are in the right order now. Two of the four must become one.")
def not_flattened(x):
    return ops.transpose(x, (0, 2, 1, 3))


@MERGE.wrong("The heads stand below each other, as more tokens. They belong side by side, as more features.")
def along_the_tokens(x):
    batch, heads, tokens, width = x.shape
    return ops.reshape(x, (batch, heads * tokens, width))


@MERGE.wrong("The shape is right, but tokens and features changed places. Which axes does the transpose swap?")
def transposes_too_far(x):
    batch, heads, tokens, width = x.shape
    return ops.reshape(ops.transpose(x, (0, 3, 1, 2)), (batch, tokens, heads * width))


@MERGE.wrong("Only one head is left in your result. What happens to the others?")
def first_head_alone(x):
    return x[:, 0]


@MERGE.right("Heads taken out one by one and concatenated are the same.")
def concatenated(x):
    return ops.concatenate([x[:, j] for j in range(x.shape[1])], axis=-1)
