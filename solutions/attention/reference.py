"""Attention by hand: the reference answers of lesson 01.

B images in a batch, N tokens, Tq queries, Tk keys, D width of a token, d width of a query or key, dv width of a value.
The lines between the solution marks never leave this folder; the docstrings are what students are told.
"""

import keras
import numpy as np
from keras import ops


def attention_scores(q, k, scale=None):
    """Scores of every query against every key: q (..., Tq, d), k (..., Tk, d) -> (..., Tq, Tk).

    Entry [..., i, j] is the dot product of query i and key j, times `scale`.

    Args:
        q: float tensor (..., Tq, d), one query in each row.
        k: float tensor (..., Tk, d), one key in each row. Tk may differ from Tq and from d.
        scale: the number to multiply with, any number that the caller gives. None means 1/sqrt(d).

    Source: lecture, "Attention! (Query, key, and value)"; Vaswani et al. 2017, equation 1.
    """
    ### BEGIN SOLUTION
    if scale is None:
        scale = q.shape[-1] ** -0.5
    return ops.matmul(q, ops.swapaxes(k, -2, -1)) * scale
    ### END SOLUTION


def softmax_rows(scores, axis=-1):
    """Softmax along one axis: scores of any shape -> the same shape, each slice along `axis` sums to 1.

    Must stay finite and right for large scores, say 10,000. The library's softmax and log_softmax are what you
    build here, so they are switched off; the rest of `ops` is yours.

    Args:
        scores: float tensor of any shape.
        axis: the one axis (int, may be negative) along which the weights must sum to 1.

    Source: lecture, the row "Softmax 0.88 0.12".
    """
    ### BEGIN SOLUTION
    exponentials = ops.exp(scores - ops.max(scores, axis=axis, keepdims=True))
    return exponentials / ops.sum(exponentials, axis=axis, keepdims=True)
    ### END SOLUTION


def masked_scores(scores, mask):
    """Shut forbidden keys out before the softmax: scores (..., Tq, Tk), mask -> the same shape as scores.

    Args:
        scores: float tensor (..., Tq, Tk).
        mask: bool, int or float, 1 = MAY attend and 0 = forbidden, of a shape that broadcasts to that of `scores`.

    Returns:
        Allowed entries unchanged, forbidden entries -1e8 or below (-inf is fine).

    Source: lecture, the masked self-attention of the decoder; mask convention of keras.layers.MultiHeadAttention.
    """
    ### BEGIN SOLUTION
    return ops.where(ops.cast(mask, "bool"), scores, -1e9)
    ### END SOLUTION


def scaled_dot_product_attention(q, k, v, mask=None):
    """Attention of q (..., Tq, d), k (..., Tk, d), v (..., Tk, dv) -> (output (..., Tq, dv), weights (..., Tq, Tk)).

    Args:
        q, k, v: float tensors; there are as many values as keys.
        mask: None, or 0/1 (1 = may attend) of a shape that broadcasts to the scores. No row is all 0.

    Returns:
        A tuple. output: row i is the average of the values, weighted by row i of the weights.
        weights: after the softmax; every row sums to 1, forbidden keys have weight 0.

    Call your own functions from above. The library's fused attention is switched off here (its softmax is not).

    Source: lecture, "softmax(QK^T / sqrt(d_k)) V"; Vaswani et al. 2017, equation 1.
    """
    ### BEGIN SOLUTION
    scores = attention_scores(q, k)
    if mask is not None:
        scores = masked_scores(scores, mask)
    weights = softmax_rows(scores)
    return ops.matmul(weights, v), weights
    ### END SOLUTION


class SelfAttention(keras.layers.Layer):
    """One head of self-attention: tokens (B, N, D) -> (B, N, dim).

    Every token makes its own query, key and value: q = x W^Q, k = x W^K, v = x W^V. The scale is 1/sqrt(dim).

    Args:
        dim: width of the queries, keys, values and outputs.
        use_bias: whether each of the three projections adds a bias.

    Sublayers: wq, wk, wv, each with `kernel` (D, dim), used as x @ kernel, and `bias` (dim,) only with use_bias.
    No other weights. Leave `supports_masking` alone.

    Source: lecture, "X W^Q = Q, X W^K = K, X W^V = V".
    """

    def __init__(self, dim, use_bias=False, **kwargs):
        super().__init__(**kwargs)
        ### BEGIN SOLUTION
        self.wq = keras.layers.Dense(dim, use_bias=use_bias)
        self.wk = keras.layers.Dense(dim, use_bias=use_bias)
        self.wv = keras.layers.Dense(dim, use_bias=use_bias)
        ### END SOLUTION

    def call(self, x, mask=None, return_weights=False):
        """x (B, N, D), mask (N, N), (B, N, N) or None -> output (B, N, dim).

        With return_weights=True: the tuple (output, weights (B, N, N)); otherwise the output alone, no tuple.
        """
        ### BEGIN SOLUTION
        output, weights = scaled_dot_product_attention(self.wq(x), self.wk(x), self.wv(x), mask)
        return (output, weights) if return_weights else output
        ### END SOLUTION


def random_vectors(count, width):
    """A fixed table of normally distributed numbers, the same on every machine: -> (count, width) float32."""
    generator = np.random.RandomState(1000 * count + width)
    return generator.standard_normal((count, width)).astype("float32")


def letter_memory(word):
    """Queries, keys and values of the retrieval toy: -> q (len(word), 8), k (6, 8), v (6, 1), all float32.

    Six memory slots hold the letters A E I N O T (their numbers in the alphabet) as values. Query i carries the
    key of the i-th letter of `word`.
    """
    letters = "AEINOT"
    k = 30.0 * np.eye(6, 8, dtype="float32")
    v = np.array([[ord(letter) - ord("A") + 1] for letter in letters], dtype="float32")
    q = k[[letters.index(letter) for letter in word]]
    return q, k, v


def figure():
    """The numbers behind your two plots, and two answers: -> dict of arrays and numbers.

    "worked_weights" (2, 2): the weights of the query "Thinking" for its two keys; row 0 with the scale, row 1 without.
    "entropy_scaled" (5,), "entropy_unscaled" (5,): for d = 4, 16, 64, 256, 1024 the entropy -sum(w log w), in nats,
        of the attention weights between q = random_vectors(31, d) and k = random_vectors(37, d), averaged over
        the 31 queries; with the scale 1/sqrt(d), and with the scale 1. Take 0 log 0 as 0.
    "retrieved" (9,): the letter numbers that attention copies for letter_memory("ATTENTION"), rounded to whole numbers.
    "answer_1": a number. "answer_2": two axes, each 0 or 1. The questions stand in the text above.
    """
    ### BEGIN SOLUTION
    worked = ops.convert_to_tensor([[14.0, 12.0], [112.0, 96.0]])
    scaled, unscaled = [], []
    for width in (4, 16, 64, 256, 1024):
        q, k = random_vectors(31, width), random_vectors(37, width)
        for scale, entropies in ((None, scaled), (1.0, unscaled)):
            weights = ops.convert_to_numpy(softmax_rows(attention_scores(q, k, scale)))
            entropies.append(-(weights * np.log(np.maximum(weights, 1e-30))).sum(-1).mean())
    copied, _ = scaled_dot_product_attention(*letter_memory("ATTENTION"))
    return {
        "worked_weights": softmax_rows(worked),
        "entropy_scaled": np.array(scaled),
        "entropy_unscaled": np.array(unscaled),
        "retrieved": ops.round(copied[:, 0]),
        "answer_1": 16.0,
        "answer_2": np.array([0, 1]),
    }
    ### END SOLUTION
