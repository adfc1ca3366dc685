"""Many heads, one set: the reference answers of lesson 02.

B images in a batch, N or T tokens, Tq queries, Tk keys, D width of a token, h heads, E = D/h width inside a head.
The lines between the solution marks never leave this folder; the docstrings are what students are told.
"""

import keras
import numpy as np
from keras import ops
from vitlab.sequences import build_reverser


def split_heads(x, num_heads):
    """Cut the features of every token into h heads: x (B, T, D) -> (B, h, T, D/h).

    Head j holds features j*D/h to (j+1)*D/h - 1 of every token. The tokens keep their order.

    Args:
        x: float tensor (B, T, D).
        num_heads: h, an int that divides D.

    Source: lecture, "Each attention head can use low dimensionality".
    """
    ### BEGIN SOLUTION
    tokens, width = x.shape[1:]
    pieces = ops.reshape(x, (-1, tokens, num_heads, width // num_heads))
    return ops.transpose(pieces, (0, 2, 1, 3))
    ### END SOLUTION


def merge_heads(x):
    """Put the heads side by side again: x (B, h, T, E) -> (B, T, h*E), the inverse of split_heads.

    In every token, head 0's E features come first, then head 1's, and so on.

    Args:
        x: float tensor (B, h, T, E).

    Source: lecture, "Concat(head_1, ..., head_h)".
    """
    ### BEGIN SOLUTION
    heads, tokens, width = x.shape[1:]
    return ops.reshape(ops.transpose(x, (0, 2, 1, 3)), (-1, tokens, heads * width))
    ### END SOLUTION


class MultiHeadAttention(keras.layers.Layer):
    """Several heads of attention side by side: (B, Tq, D) and (B, Tk, D) -> (B, Tq, D).

    For each head j: softmax(Q_j K_j^T / sqrt(D/h)) V_j. Then all heads concatenated, times W^O.
    Q comes from `query` by wq; K and V come from `key_value` by wk and wv; W^O is wo.

    Args:
        dim: D, the width of query, key_value and output alike.
        num_heads: h, divides D.
        dropout: rate on the attention weights after the softmax, active only with training=True. Nothing else is
            dropped.
        use_bias: whether each of the four adds a bias.

    Sublayers: wq, wk, wv, wo, each with `kernel` (D, D), used as x @ kernel, and with use_bias `bias` (D,), as in
    Dense(dim). No activation, no residual, no other weights: 4 D^2 numbers (and 4 D with biases) for every h.
    Leave `supports_masking` alone.

    Source: lecture, "MultiHead(Q, K, V) = Concat(head_1, ..., head_h) W^O"; Vaswani et al. 2017, section 3.2.2.
    """

    def __init__(self, dim, num_heads, dropout=0.0, use_bias=True, **kwargs):
        super().__init__(**kwargs)
        ### BEGIN SOLUTION
        self.num_heads = num_heads
        self.wq, self.wk, self.wv, self.wo = (keras.layers.Dense(dim, use_bias=use_bias) for _ in range(4))
        self.drop = keras.layers.Dropout(dropout)
        ### END SOLUTION

    def call(self, query, key_value=None, mask=None, return_weights=False, training=None):
        """query (B, Tq, D), key_value (B, Tk, D) or None for query itself -> (B, Tq, D).

        Args:
            query: the tokens that ask.
            key_value: the tokens that are read. None means the same tokens as query.
            mask: None, or bool, int or float 0/1, 1 = may attend, of rank 2 or 4, and broadcast as NumPy does to
                (B, h, Tq, Tk): (Tq, Tk), (B, 1, 1, Tk), (B, 1, Tq, Tk) or (B, h, Tq, Tk). No row is all 0.
            return_weights: True asks for the tuple (output, weights), with weights (B, h, Tq, Tk) after the softmax
                and before the dropout. False asks for the output alone, no tuple.
            training: whether dropout is active.
        """
        ### BEGIN SOLUTION
        source = query if key_value is None else key_value
        projected = self.wq(query), self.wk(source), self.wv(source)
        q, k, v = (split_heads(x, self.num_heads) for x in projected)
        scores = ops.matmul(q, ops.swapaxes(k, -2, -1)) / q.shape[-1] ** 0.5
        if mask is not None:
            scores = ops.where(ops.cast(mask, "bool"), scores, -1e9)
        weights = ops.softmax(scores, axis=-1)
        output = self.wo(merge_heads(ops.matmul(self.drop(weights, training=training), v)))
        return (output, weights) if return_weights else output
        ### END SOLUTION


def permutation_gap(layer, x, perm):
    """How far a layer is from equivariance: the largest |layer(P x) - P layer(x)|, one number.

    P shuffles the tokens: (P x)[:, i] is x[:, perm[i]]. The maximum runs over images, tokens and features.

    Args:
        layer: any callable (B, N, D) -> (B, N, D'). Call it with the tokens alone.
        x: float tensor (B, N, D).
        perm: N ints, each of 0 to N-1 once. It need not be its own inverse.

    Returns:
        A float, or an array of shape ().

    Source: lecture, "It's a set operation".
    """
    ### BEGIN SOLUTION
    shuffled_before = layer(ops.take(x, perm, axis=1))
    shuffled_after = ops.take(layer(x), perm, axis=1)
    return ops.max(ops.abs(shuffled_before - shuffled_after))
    ### END SOLUTION


def attention_cost(num_tokens, dim, num_heads):
    """What one MultiHeadAttention (with biases) costs, on one image of N tokens that attend to themselves.

    Args:
        num_tokens: N.
        dim: D.
        num_heads: h, divides D.

    Returns:
        A dict of three ints.
        "params": the numbers in all its weights.
        "score_entries": the numbers in all heads' score matrices together.
        "flops": the multiply-adds of all its matrix products, one multiply-add counted once. Biases, softmax and
            scaling are not counted. N = 56*56 and D = 96 give 2,003,828,736.

    Source: lecture, "computation is quadratic in the input sequence length"; Liu et al. 2021 (Swin), equation 1.
    """
    ### BEGIN SOLUTION
    return {
        "params": 4 * dim * dim + 4 * dim,
        "score_entries": num_heads * num_tokens * num_tokens,
        "flops": 4 * num_tokens * dim * dim + 2 * num_tokens * num_tokens * dim,
    }
    ### END SOLUTION


def train_reverser(data, seed):
    """Train a model that says sequences backwards: -> (model, history).

    Args:
        data: ((x, y), (x_unseen, y_unseen)), int arrays (n, T) as reversal_data makes them; y is x backwards.
        seed: an int for keras.utils.set_random_seed, so that the same seed gives the same model.

    Returns:
        model: made by build_reverser and trained on (x, y): digits (n, T) -> logits (n, T, V), no softmax.
        history: what model.fit returns, with (x_unseen, y_unseen) as validation data.

    Full marks for at least 99 % of the places right on sequences that nobody has seen.

    Source: P. Lippe, UvA Deep Learning Tutorials, tutorial 6, where the task comes from.
    """
    ### BEGIN SOLUTION
    (x, y), unseen = data
    keras.utils.set_random_seed(seed)
    model = build_reverser()
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(0.01), loss, metrics=["accuracy"])
    return model, model.fit(x, y, validation_data=unseen, epochs=4, batch_size=128, verbose=0)
    ### END SOLUTION


def figure():
    """The numbers behind your plot, and two answers: -> dict of arrays and numbers.

    For square pictures with a side of 32, 64, 112, 224 and 448 pixels:
    "pixel_bytes" (5,): bytes of one score matrix (one head, one picture, float32: 4 bytes each) if every pixel is a
        token.
    "patch_bytes" (5,): the same if every patch of 16 by 16 pixels is a token.
    "slopes" (2,): of the straight line through log(bytes) over log(side), first for pixels, then for patches.
    "answer_1": a number. "answer_2": four codes, each 0, 1 or 2. The questions stand in the text above.
    """
    ### BEGIN SOLUTION
    sides = np.array([32, 64, 112, 224, 448])
    entries = [[attention_cost(int(n), 64, 1)["score_entries"] for n in (sides // p) ** 2] for p in (1, 16)]
    pixel_bytes, patch_bytes = 4.0 * np.array(entries)
    return {
        "pixel_bytes": pixel_bytes,
        "patch_bytes": patch_bytes,
        "slopes": np.array([np.polyfit(np.log(sides), np.log(b), 1)[0] for b in (pixel_bytes, patch_bytes)]),
        "answer_1": 1536.0,
        "answer_2": np.array([1, 2, 2, 0]),
    }
    ### END SOLUTION
