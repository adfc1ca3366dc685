"""Mistakes inside the windows of SwinBlock: heads, bias, scores; its MLP; and its weights."""

from __future__ import annotations

import keras
from keras import ops

from solutions.windows import reference
from solutions.windows.misconceptions.building import Block, block_registry, block_variant

KNOWN = block_registry()
HOW_MANY = "Count the weights in the text: 17, by the names of lesson 2 and three more. "


def variant(name, hint, twin=None, **steps):
    """Register a block with some steps replaced."""
    return block_variant(KNOWN, name, hint, twin, **steps)


def products(q, k):
    """All dot products, without any scale."""
    return ops.einsum("...id,...jd->...ij", q, k)


variant(
    "without_the_bias",
    "Change rel_bias: your output does not notice. Where is it added?",
    score=lambda self, q, k: self.dots(q, k) + 0 * self.bias(),
)
variant(
    "bias_after_the_softmax",
    "Do your weights still sum to 1? The bias belongs to the scores.",
    score=lambda self, q, k: self.dots(q, k),
    weigh=lambda self, scores, mask: Block.weigh(self, scores, mask) + self.bias(),
)
variant(
    "bias_is_scaled_too",
    "Only the dot products are divided by the root. What happens to your bias?",
    score=lambda self, q, k: self.dots(q, k) + self.bias() / float(q.shape[-1]) ** 0.5,
)
variant(
    "bias_is_multiplied",
    "A bias is added to the scores.",
    score=lambda self, q, k: self.dots(q, k) * self.bias(),
)
variant(
    "bias_is_taken_away",
    "A bias is added to the scores. Check the sign of yours.",
    score=lambda self, q, k: self.dots(q, k) - self.bias(),
)
variant(
    "bias_transposed",
    "Query minus key: in row p of the scores p asks. Did your bias change rows and columns?",
    bias=lambda self: ops.swapaxes(Block.bias(self), -2, -1),
)
variant(
    "bias_of_the_first_head",
    "Each head has a column of its own in rel_bias. Yours all use the first.",
    bias=lambda self: Block.bias(self)[:1],
)
variant(
    "bias_averaged_over_the_heads",
    "Each head has a column of its own in rel_bias. Yours all get the average.",
    bias=lambda self: ops.mean(Block.bias(self), axis=0, keepdims=True),
)
variant(
    "bias_of_the_heads_by_reshape",
    "ops.take leaves the heads on the last axis. To bring them to the front, numbers have to move.",
    bias=lambda self: ops.reshape(
        ops.take(self.rel_bias, self.places(), axis=0), (self.num_heads, self.window**2, self.window**2)
    ),
)
variant(
    "bias_of_the_heads_in_reverse",
    "Head 0 reads column 0 of rel_bias. Which one does yours read?",
    bias=lambda self: ops.flip(Block.bias(self), axis=0),
)
variant(
    "bias_for_columns_first",
    "One step down and one step to the right have different rows in rel_bias. Yours are exchanged.",
    places=lambda self: columns_first(self.window),
)
variant(
    "no_scale",
    "Your weights are too sharp. By what are dot products divided before the softmax?",
    dots=lambda self, q, k: products(q, k),
)
variant(
    "scale_of_the_whole_width",
    "How long is the vector inside one head? That is what the dot products of a head run over.",
    dots=lambda self, q, k: products(q, k) / float(q.shape[-1] * self.num_heads) ** 0.5,
)
variant(
    "divides_without_root",
    "In lesson 1, a width of 64 meant a division by 8. By what do you divide?",
    dots=lambda self, q, k: products(q, k) / float(q.shape[-1]),
)
variant(
    "softmax_over_queries",
    "For one query, the weights over all keys should sum to 1. Sum yours over each axis and look.",
    weigh=lambda self, scores, mask: ops.softmax(self.close(scores, mask) if self.shift else scores, axis=-2),
)
variant(
    "heads_by_reshape_alone",
    "Split and merge undo each other, and still each of your heads compares pieces of different tokens.",
    split=lambda self, x: ops.reshape(x, (x.shape[0], self.num_heads, x.shape[1], x.shape[2] // self.num_heads)),
    merge=lambda self, x: ops.reshape(x, (x.shape[0], x.shape[2], x.shape[1] * x.shape[3])),
)
variant(
    "merge_without_transpose",
    "Inside the heads all is well. Then they are put side by side: does token 0 get back what is its own?",
    merge=lambda self, x: ops.reshape(x, (x.shape[0], x.shape[2], x.shape[1] * x.shape[3])),
)
variant(
    "heads_of_scattered_features",
    "Head 0 should own the first C/h columns of each kernel. Which columns does yours own?",
    split=lambda self, x: scattered(self, x),
    merge=lambda self, x: gathered(x),
)
variant(
    "heads_scattered_on_the_way_in",
    "You cut features into heads in one way and put them together in another. Which features of q should head 0 hold?",
    split=lambda self, x: scattered(self, x),
)
variant(
    "a_single_head",
    "Your windows have one head of the whole width. How many does the text ask for?",
    split=lambda self, x: x[:, None],
    bias=lambda self: ops.mean(Block.bias(self), axis=0, keepdims=True),
)
variant(
    "wq_and_wk_swapped",
    "Which kernel makes queries, which keys? The bias tells them apart.",
    project=lambda self, windows: (self.wk(windows), self.wq(windows), self.wv(windows)),
)
variant(
    "wk_and_wv_swapped",
    "Double wv: the weights of attention must not move. In yours they do.",
    project=lambda self, windows: (self.wq(windows), self.wv(windows), self.wk(windows)),
)
variant(
    "wo_is_not_used",
    "What comes after the heads stand side by side?",
    finish=lambda self, merged: merged + 0 * self.wo(merged),
)
variant(
    "relu_in_the_mlp",
    "Which activation stands in the text?",
    hidden=lambda self, mlp_dim, dim: [keras.layers.Dense(mlp_dim, "relu"), keras.layers.Dense(dim)],
)
variant(
    "no_activation_in_the_mlp",
    "Two matrices without a bend between them are one matrix. Which activation stands in the text?",
    hidden=lambda self, mlp_dim, dim: [keras.layers.Dense(mlp_dim), keras.layers.Dense(dim)],
)
variant(
    "activation_after_the_mlp",
    "Where does the MLP bend: after its first matrix, or after both?",
    hidden=lambda self, mlp_dim, dim: [keras.layers.Dense(mlp_dim, "gelu"), keras.layers.Dense(dim, "gelu")],
)
variant(
    "gelu_by_tanh",
    'Your GELU is the approximation by a tanh. Keras\'s "gelu" is the exact one.',
    hidden=lambda self, mlp_dim, dim: [
        keras.layers.Dense(mlp_dim, lambda x: ops.gelu(x, approximate=True)),
        keras.layers.Dense(dim),
    ],
)
variant(
    "epsilon_of_keras",
    "Keras's norm has an epsilon of 0.001 unless it is told another. Where does yours come from?",
    norms=lambda self, epsilon: [keras.layers.LayerNormalization() for _ in range(2)],
)
variant(
    "epsilon_for_the_first_norm_alone",
    "norm1 gets the epsilon that was asked for. And norm2?",
    norms=lambda self, epsilon: [keras.layers.LayerNormalization(epsilon=epsilon), keras.layers.LayerNormalization()],
)
variant(
    "epsilon_of_swin",
    "Swin's own epsilon is 0.00001. The text hands you another one.",
    norms=lambda self, epsilon: [keras.layers.LayerNormalization(epsilon=1e-5) for _ in range(2)],
)
variant(
    "rel_bias_with_heads_first",
    "One row for each step, one column for each head: which of the two comes first in your table?",
    bias_shape=lambda self: (self.num_heads, (2 * self.window - 1) ** 2),
    bias=lambda self: ops.take(self.rel_bias, self.places(), axis=1),
)
variant(
    "rel_bias_for_all_heads",
    "One column for each head, says the text.",
    bias_shape=lambda self: ((2 * self.window - 1) ** 2, 1),
)
variant(
    "rel_bias_for_every_pair",
    "A row for each *step* from key to query, not for each pair of tokens. How many steps are there in a window?",
    bias_shape=lambda self: (self.num_heads, self.window**2, self.window**2),
    bias=lambda self: self.rel_bias,
)


def columns_first(window):
    """relative_position_index with down and right exchanged."""
    table = reference.relative_position_index(window)
    steps = 2 * window - 1
    return table % steps * steps + table // steps


def scattered(layer, x):
    """(B, T, C) -> (B, h, T, C/h), head j with every h-th feature."""
    count, size, dim = x.shape
    pieces = ops.reshape(x, (count, size, dim // layer.num_heads, layer.num_heads))
    return ops.transpose(pieces, (0, 3, 1, 2))


def gathered(x):
    """The inverse of `scattered`."""
    count, heads, size, width = x.shape
    return ops.reshape(ops.transpose(x, (0, 2, 3, 1)), (count, size, heads * width))


@KNOWN.wrong(f"{HOW_MANY}The four projections have biases, too.")
class projections_without_biases(Block):
    def projections(self, dim):
        return [keras.layers.Dense(dim, use_bias=False) for _ in range(4)]


@KNOWN.wrong(f"{HOW_MANY}One matrix of width 3C is the same arithmetic, but here each has a name of its own.")
class one_matrix_for_three(Block):
    def projections(self, dim):
        self.qkv = keras.layers.Dense(3 * dim)
        return None, None, None, keras.layers.Dense(dim)

    def project(self, windows):
        return ops.split(self.qkv(windows), 3, axis=-1)


@KNOWN.wrong("A norm behind attention or behind the MLP is one too many: the text has two.")
class a_third_norm(Block):
    def __init__(self, dim, num_heads, window, shift, mlp_dim, epsilon=1e-6, **kwargs):
        super().__init__(dim, num_heads, window, shift, mlp_dim, epsilon, **kwargs)
        self.norm3 = keras.layers.LayerNormalization(epsilon=epsilon)

    def call(self, x, training=None):
        return self.norm3(super().call(x))


@KNOWN.right("Keras's fused attention takes a bias and a mask.")
class fused(Block):
    def inside(self, windows, height, width):
        count, size, dim = windows.shape
        shape = (count, size, self.num_heads, dim // self.num_heads)
        q, k, v = (ops.reshape(part, shape) for part in self.project(windows))
        bias, mask = self.bias()[None], self.stretch(self.mask(height, width), count)
        bias = ops.broadcast_to(bias, (count, *bias.shape[1:]))
        mask = ops.broadcast_to(mask, bias.shape)
        return self.wo(ops.reshape(ops.dot_product_attention(q, k, v, bias=bias, mask=mask), windows.shape))


@KNOWN.right("An MLP may be a layer of its own, and rel_bias may be read as a square table.")
class reads_a_square_table(Block):
    def hidden(self, mlp_dim, dim):
        return [keras.layers.Dense(mlp_dim), keras.layers.Activation("gelu"), keras.layers.Dense(dim)]

    def bias(self):
        steps, side = 2 * self.window - 1, range(self.window)
        table = ops.reshape(self.rel_bias, (steps, steps, self.num_heads))
        table = ops.flip(ops.flip(table, axis=0), axis=1)  # Keras 3.13 takes one axis at a time
        top = [self.window - 1 - i for i in side]
        rows = [table[a : a + self.window, b : b + self.window] for a in top for b in top]
        rows = ops.stack([ops.reshape(row, (-1, self.num_heads)) for row in rows])
        return ops.transpose(rows, (2, 0, 1))


@KNOWN.right("Masking after the softmax and dividing by the new sum is the same as masking first.")
class renormalises(Block):
    def weigh(self, scores, mask):
        weights = ops.softmax(scores) * ops.cast(mask, "float32")
        return weights / ops.sum(weights, axis=-1, keepdims=True)
