"""Mistakes in the weights of MultiHeadAttention: missing, shared, of another shape or count."""

from __future__ import annotations

import keras
from keras import ops

from solutions.multihead import reference
from solutions.multihead.misconceptions.building import Steps, layer_variant, new_registry

KNOWN = new_registry()
HOW_MANY = "How many weight matrices does the text list, and what are they called?"

layer_variant(
    KNOWN,
    "wo_is_not_used",
    "MultiHead(...) = Concat(...) times what?",
    finish=lambda self, output, training: output,
)


@KNOWN.wrong("MultiHead(...) = Concat(...) times what? One of the four projections is not there.")
class no_wo(Steps):
    def __init__(self, dim, num_heads, dropout=0.0, use_bias=True, **kwargs):
        super().__init__(dim, num_heads, dropout, use_bias, **kwargs)
        del self.wo

    def finish(self, output, training):
        return output


@KNOWN.wrong(f"{HOW_MANY} Your heads are cut from the tokens themselves.")
class no_projections(Steps):
    def __init__(self, dim, num_heads, dropout=0.0, use_bias=True, **kwargs):
        super().__init__(dim, num_heads, dropout, use_bias, **kwargs)
        del self.wq, self.wk, self.wv

    def project(self, query, source):
        return query, source, source


@KNOWN.wrong(
    f"{HOW_MANY} One matrix of width 3D is the same arithmetic, but here each has a name of its own.",
    twin="no_projections",
)
class one_matrix_for_three(Steps):
    def __init__(self, dim, num_heads, dropout=0.0, use_bias=True, **kwargs):
        super().__init__(dim, num_heads, dropout, use_bias, **kwargs)
        del self.wq, self.wk, self.wv
        self.wqkv = keras.layers.Dense(3 * dim, use_bias=use_bias)

    def project(self, query, source):
        q, _, _ = ops.split(self.wqkv(query), 3, axis=-1)
        return q, *ops.split(self.wqkv(source), 3, axis=-1)[1:]


@KNOWN.wrong("wq, wk and wv are one and the same layer here, so queries equal keys. Each role has its own matrix.")
class one_layer_three_times(Steps):
    def __init__(self, dim, num_heads, dropout=0.0, use_bias=True, **kwargs):
        super().__init__(dim, num_heads, dropout, use_bias, **kwargs)
        self.wk = self.wv = self.wq


class WithWidths(Steps):
    """Projections of other widths than D."""

    def __init__(self, dim, num_heads, dropout=0.0, use_bias=True, **kwargs):
        super().__init__(dim, num_heads, dropout, use_bias, **kwargs)
        width = self.width_of(dim, num_heads)
        self.wq, self.wk, self.wv = (keras.layers.Dense(width, use_bias=use_bias) for _ in range(3))


@KNOWN.wrong("All heads share one projection of width D/h, so all look alike. Where do h different ones come from?")
class one_projection_for_all_heads(WithWidths):
    def width_of(self, dim, num_heads):
        return dim // num_heads

    def split(self, x):
        return ops.repeat(x[:, None], self.num_heads, axis=1)


@KNOWN.wrong("Each of your heads is D wide. The slide says that a head can be narrow: D/h each makes D in all.")
class every_head_full_width(WithWidths):
    def width_of(self, dim, num_heads):
        return dim * num_heads


@KNOWN.wrong("A kernel (D, h, D/h) holds the same numbers, but here it is a (D, D) matrix that is cut afterwards.")
class kernels_with_a_head_axis(Steps):
    def __init__(self, dim, num_heads, dropout=0.0, use_bias=True, **kwargs):
        super().__init__(dim, num_heads, dropout, use_bias, **kwargs)
        shape, axes = (None, num_heads, dim // num_heads), "he" if use_bias else None
        self.wq, self.wk, self.wv = (keras.layers.EinsumDense("btd,dhe->bthe", shape, bias_axes=axes) for _ in range(3))

    def split(self, x):
        return ops.transpose(x, (0, 2, 1, 3))


@KNOWN.wrong("The width after concatenation is D, and so is the height of wo. What did you do to the heads before it?")
class mean_of_heads(Steps):
    def merge(self, x):
        return ops.mean(x, axis=1)


@KNOWN.wrong("The biases were asked for with use_bias=True and are not there. Does the argument reach all four?")
class never_a_bias(reference.MultiHeadAttention):
    def __init__(self, dim, num_heads, dropout=0.0, use_bias=True, **kwargs):
        super().__init__(dim, num_heads, dropout, False, **kwargs)


@KNOWN.wrong("With use_bias=False there are numbers beyond the four kernels. What does Dense add unless told not to?")
class always_a_bias(reference.MultiHeadAttention):
    def __init__(self, dim, num_heads, dropout=0.0, use_bias=True, **kwargs):
        super().__init__(dim, num_heads, dropout, True, **kwargs)


@KNOWN.wrong("Three of the four follow use_bias. What about wo?")
class wo_without_bias(reference.MultiHeadAttention):
    def __init__(self, dim, num_heads, dropout=0.0, use_bias=True, **kwargs):
        super().__init__(dim, num_heads, dropout, use_bias, **kwargs)
        self.wo = keras.layers.Dense(dim, use_bias=False)


@KNOWN.wrong("With use_bias=False three of the four follow. What about wo?")
class wo_always_with_bias(reference.MultiHeadAttention):
    def __init__(self, dim, num_heads, dropout=0.0, use_bias=True, **kwargs):
        super().__init__(dim, num_heads, dropout, use_bias, **kwargs)
        self.wo = keras.layers.Dense(dim)


@KNOWN.right("EinsumDense with a square kernel is a Dense.")
class einsum_dense(Steps):
    def __init__(self, dim, num_heads, dropout=0.0, use_bias=True, **kwargs):
        super().__init__(dim, num_heads, dropout, use_bias, **kwargs)
        axes = "e" if use_bias else None
        made = (keras.layers.EinsumDense("btd,de->bte", (None, dim), bias_axes=axes) for _ in range(4))
        self.wq, self.wk, self.wv, self.wo = made


@KNOWN.right("One head after the other, on slices of the projections, is slow and right.")
class one_head_after_the_other(Steps):
    def call(self, query, key_value=None, mask=None, return_weights=False, training=None):
        q, k, v = self.project(query, query if key_value is None else key_value)
        width, heads, maps = q.shape[-1] // self.num_heads, [], []
        for j in range(self.num_heads):
            mine = slice(j * width, (j + 1) * width)
            closed = None if mask is None else mask if len(mask.shape) == 2 else mask[:, j if mask.shape[1] > 1 else 0]
            weights = self.weigh(self.score(q[..., mine], k[..., mine]), closed)
            maps.append(weights)
            heads.append(ops.matmul(self.fade(weights, training), v[..., mine]))
        output = self.wo(ops.concatenate(heads, axis=-1))
        return (output, ops.stack(maps, axis=1)) if return_weights else output
