"""Cheaper attention, local, axial and in windows: the reference answers of lesson 09.

B images in a batch, H rows and W columns of tokens, C width of a token, w side of a window, nW windows of an image, h
heads. Tokens of a grid are numbered row by row. The lines between the solution marks never leave this folder; the
docstrings are what students are told.
"""

import keras
import numpy as np
from keras import ops


def local_attention_mask(height, width, radius):
    """Who may look at whom if everybody sees only what is near: (H*W, H*W), 1 (or True) = may attend.

    Entry (p, q) is 1 where max(|y_p - y_q|, |x_p - x_q|) <= radius: a square of side 2 * radius + 1 around the token
    that asks, itself included. The square ends at the border of the grid; it does not go on at the other side. Token p
    is in row y_p and column x_p, and p = y_p * W + x_p.

    Args:
        height, width: H and W of the grid, in tokens.
        radius: an int from 0, which gives the identity. It may be larger than the grid.

    Returns:
        Any number type, or bool. No batch axis.

    Source: lecture, "Local Self-Attention"; Ramachandran et al. 2019, section 2.2.
    """
    ### BEGIN SOLUTION
    y, x = np.divmod(np.arange(height * width), width)
    rows_apart, columns_apart = abs(y[:, None] - y), abs(x[:, None] - x)
    return np.maximum(rows_apart, columns_apart) <= radius
    ### END SOLUTION


def axial_attention(x, axis, attn):
    """One pass of attention along one axis of the grid: x (B, H, W, C) -> (B, H, W, C). No residual, no norm.

    With axis 1, along the height: each column of each image is a sequence of H tokens, from the top to the bottom, and
    there are B*W of them. With axis 2, along the width: each row is a sequence of W tokens, from the left to the right,
    and there are B*H of them. All channels of a token stay together.

    Args:
        x: float tensor (B, H, W, C).
        axis: 1 or 2.
        attn: a callable (B', T, C) -> (B', T, C) with one argument, such as `lambda t: mha(t, t)`. It takes arrays and
            tensors, any B' and any T, and treats its B' sequences one by one, so their order does not matter, and you
            may call it as often as you like. The order of the T tokens in a sequence may matter to it.

    Source: lecture, "Axial Self-Attention"; Ho et al. 2019; Wang et al. 2020 (Axial-DeepLab).
    """
    ### BEGIN SOLUTION
    lines = ops.swapaxes(x, 1, 2) if axis == 1 else x
    _, count, length, dim = lines.shape
    blended = attn(ops.reshape(lines, (-1, length, dim)))
    blended = ops.reshape(blended, (-1, count, length, dim))
    return ops.swapaxes(blended, 1, 2) if axis == 1 else blended
    ### END SOLUTION


def window_partition(x, window):
    """Cut grids of tokens into windows: x (B, H, W, C) -> (B * nW, w*w, C), with nW = (H/w)(W/w). Values unchanged.

    Windows are counted left to right, then down; those of image 0 come first, then those of image 1. In a window,
    tokens are counted left to right, then down.

    Args:
        x: tensor (B, H, W, C). H and W may differ.
        window: w, the side of a window in tokens, an int from 2 that divides H and W.

    Source: Liu et al. 2021 (Swin), section 3.2.
    """
    ### BEGIN SOLUTION
    _, height, width, dim = x.shape
    pieces = ops.reshape(x, (-1, height // window, window, width // window, window, dim))
    return ops.reshape(ops.transpose(pieces, (0, 1, 3, 2, 4, 5)), (-1, window * window, dim))
    ### END SOLUTION


def window_reverse(windows, window, height, width):
    """Put windows together again, the inverse of window_partition: (B * nW, w*w, C) -> (B, H, W, C).

    Args:
        windows: tensor (B * nW, w*w, C). How many images there are follows from its first axis.
        window: w, the side of a window in tokens.
        height, width: H and W of the grid in tokens, in this order.
    """
    ### BEGIN SOLUTION
    rows, columns, dim = height // window, width // window, windows.shape[-1]
    pieces = ops.reshape(windows, (-1, rows, columns, window, window, dim))
    return ops.reshape(ops.transpose(pieces, (0, 1, 3, 2, 4, 5)), (-1, height, width, dim))
    ### END SOLUTION


def attention_pairs(kind, height, width, window=None, radius=None):
    """How many pairs (query, key) attention scores, on one grid of H x W tokens, in one head: an int.

    A token that looks at itself is a pair, too.
    "global": everybody looks at everybody.
    "local": what a program scores that gathers the neighbours first, so as many pairs as local_attention_mask(height,
        width, radius) has ones; squares are cut off at the border. (By a mask alone it would be as many as "global".)
    "axial": one pass along the height, and one along the width; a token meets itself in both.
    "window": everybody looks at its own window of side w. (Shifted windows cost the same.)

    Args:
        kind: one of these four words.
        height, width: H and W in tokens.
        window: w, an int that divides H and W; None where the kind needs none.
        radius: an int from 0; None where the kind needs none.

    Returns:
        An exact whole number, above 2**31 too: 224 x 224 pixels have 2,517,630,976 global pairs.

    With these pairs, equations 1 and 2 of the Swin paper are one: a layer of width C takes 4 H W C^2 + 2 C * pairs
    multiply-adds. For 56 x 56 and C = 96: global 2,003,828,736, with windows of side 7 145,108,992. ("axial" is two
    layers, so it pays 4 H W C^2 twice.)

    Source: lecture, "computation is quadratic in the input sequence length"; Liu et al. 2021, equations 1 and 2.
    """
    ### BEGIN SOLUTION
    tokens = height * width
    if kind == "local":
        spans = [[1 + min(i, radius) + min(n - 1 - i, radius) for i in range(n)] for n in (height, width)]
        return sum(spans[0]) * sum(spans[1])
    if kind == "window":
        return tokens * window * window
    return tokens * (tokens if kind == "global" else height + width)
    ### END SOLUTION


def shifted_window_mask(height, width, window, shift):
    """Who may look at whom in shifted windows: (nW, w*w, w*w), 1 (or True) = may attend.

    The grid was rolled by `shift` up and by `shift` to the left, so what stuck out came in again at the bottom and at
    the right; then it was cut by window_partition. In the rolled grid there are two seams. The horizontal one parts the
    rows that came in at the bottom from those above, and the vertical one parts the columns that came in at the right
    from those to their left. Entry (n, p, q) is 1 where tokens p and q of window n are on the same side of both seams.

    Args:
        height, width: H and W of the grid, in tokens.
        window: w, the side of a window; it divides H and W.
        shift: an int from 0, where everything is 1, to w - 1. It need not be half a window.

    Returns:
        Any number type, or bool. No axes for the batch or the heads.

    Source: Liu et al. 2021, section 3.2 and figure 4.
    """
    ### BEGIN SOLUTION
    came_in_below = np.arange(height) >= height - shift
    came_in_right = np.arange(width) >= width - shift
    regions = 2 * came_in_below[:, None] + came_in_right
    found = window_partition(regions[None, :, :, None], window)[..., 0]
    return ops.equal(found[:, :, None], found[:, None, :])
    ### END SOLUTION


def relative_position_index(window):
    """Which row of the table of biases belongs to each pair of tokens in a window: (w*w, w*w) ints.

    Entry (p, q) is the number of the step from key q to query p: so many rows down and so many columns to the right,
    query minus key, each from -(w - 1) to w - 1. Steps are numbered row by row, as the cells of a table with 2w - 1
    rows and 2w - 1 columns: the step that goes farthest up and farthest to the left has number 0, the next one goes one
    column less to the left, and the last one has number (2w - 1)**2 - 1. Tokens are numbered row by row, too.

    Args:
        window: w, the side of a window. w = 2 gives [[4, 3, 1, 0], [5, 4, 2, 1], [7, 6, 4, 3], [8, 7, 5, 4]].

    Source: Liu et al. 2021, section 3.2, "Relative position bias".
    """
    ### BEGIN SOLUTION
    y, x = np.divmod(np.arange(window * window), window)
    down, right = y[:, None] - y, x[:, None] - x
    return (down + window - 1) * (2 * window - 1) + (right + window - 1)
    ### END SOLUTION


class SwinBlock(keras.layers.Layer):
    """A block of Swin: x (B, H, W, C) -> y (B, H, W, C).  z = x + attention(norm1(x)),  y = z + mlp(norm2(z)).

    attention: roll by (-shift, -shift) over height and width, window_partition, attention with h heads inside each
    window, wo, window_reverse, roll by (+shift, +shift).
    In a window, for head j (features j*C/h to (j+1)*C/h - 1, as in lesson 2): softmax(q k^T / sqrt(C/h) + bias_j) v,
    with bias_j[p, q] = rel_bias[relative_position_index(w)[p, q], j], and with shift > 0 only where
    shifted_window_mask is 1. The heads side by side go into wo.

    Args:
        dim: C. num_heads: h, divides C. window: w, divides H and W. mlp_dim: the hidden width of the MLP.
        shift: from 0 to w - 1.
        epsilon: of both norms.

    Sublayers:
        norm1, norm2: keras.layers.LayerNormalization(epsilon=epsilon).
        wq, wk, wv, wo: Dense(dim) each, on the block itself.
        mlp: Dense(mlp_dim, "gelu"), then Dense(dim), such as a keras.Sequential of the two.
    Weight: rel_bias ((2w - 1)**2, h), made by add_weight. These are 17 weights, and there are no others. No dropout.

    One block is only ever called with one H and one W (so its mask may be made once), which need not be equal, and with
    any B. With C = 96, 3 heads, w = 7 and mlp_dim = 384 it has 112,347 numbers to train, as the first block of Swin-T.

    Source: lecture, "Swin Transformer"; Liu et al. 2021, equations 3 and 4.
    """

    def __init__(self, dim, num_heads, window, shift, mlp_dim, epsilon=1e-6, **kwargs):
        super().__init__(**kwargs)
        ### BEGIN SOLUTION
        self.num_heads, self.window, self.shift = num_heads, window, shift
        self.norm1, self.norm2 = (keras.layers.LayerNormalization(epsilon=epsilon) for _ in range(2))
        self.wq, self.wk, self.wv, self.wo = (keras.layers.Dense(dim) for _ in range(4))
        self.mlp = keras.Sequential([keras.layers.Dense(mlp_dim, "gelu"), keras.layers.Dense(dim)])
        start = keras.initializers.TruncatedNormal(stddev=0.02)
        self.rel_bias = self.add_weight(shape=((2 * window - 1) ** 2, num_heads), initializer=start, name="rel_bias")
        ### END SOLUTION

    def call(self, x, training=None):
        """x (B, H, W, C) -> (B, H, W, C)."""
        ### BEGIN SOLUTION
        _, height, width, dim = x.shape
        rolled = ops.roll(self.norm1(x), (-self.shift, -self.shift), axis=(1, 2))
        windows, size = window_partition(rolled, self.window), self.window**2
        allowed = ops.convert_to_tensor(shifted_window_mask(height, width, self.window, self.shift))[:, None]
        shape = (-1, allowed.shape[0], size, self.num_heads, dim // self.num_heads)  # B, nW, w*w, h, C/h
        projected = (ops.reshape(project(windows), shape) for project in (self.wq, self.wk, self.wv))
        q, k, v = (ops.swapaxes(part, 2, 3) for part in projected)
        bias = ops.take(self.rel_bias, relative_position_index(self.window), axis=0)
        scores = ops.matmul(q, ops.swapaxes(k, -2, -1)) / shape[-1] ** 0.5 + ops.transpose(bias, (2, 0, 1))
        weights = ops.softmax(ops.where(allowed, scores, -1e9))
        found = ops.reshape(ops.swapaxes(ops.matmul(weights, v), 2, 3), (-1, size, dim))
        found = window_reverse(self.wo(found), self.window, height, width)
        h = x + ops.roll(found, (self.shift, self.shift), axis=(1, 2))
        return h + self.mlp(self.norm2(h))
        ### END SOLUTION


def patch_merging(x, kernel):
    """Make one token of each 2 by 2: x (B, H, W, C), kernel (4C, 2C) -> (B, H/2, W/2, 2C).

    The four tokens of a block side by side, C features each, times the kernel. Their order is Swin's, as (row, column)
    in the block: (0, 0), (1, 0), (0, 1), (1, 1), so down before right. No norm, no bias, no activation. (Swin norms the
    4C features first; here you do not.)

    Args:
        x: float tensor (B, H, W, C), H and W even.
        kernel: float tensor (4C, 2C).

    Source: Liu et al. 2021, section 3.1, "patch merging".
    """
    ### BEGIN SOLUTION
    quarters = [x[:, down::2, right::2] for right in (0, 1) for down in (0, 1)]
    return ops.matmul(ops.concatenate(quarters, axis=-1), kernel)
    ### END SOLUTION


def who_reads_whom(kind, layer):
    """Who is read by whom in one layer, on a grid of 12 x 16 tokens: (192, 192), True where row p reads column q.

    It asks your own functions.

    Args:
        kind: "local", radius 1; "axial", along the height in layers 1 and 3 and along the width in layer 2; "window",
            of side 4; "shifted", the same, but shifted by 2 in layer 2.
        layer: 1, 2 or 3.
    """
    if kind == "local":
        return np.array(ops.convert_to_numpy(local_attention_mask(12, 16, 1)), bool)
    if kind == "axial":
        lamps = np.eye(192, dtype="float32").reshape(1, 12, 16, 192)  # token p lights lamp p
        lit = axial_attention(lamps, 2 if layer == 2 else 1, lambda t: ops.mean(t, axis=1, keepdims=True) + 0 * t)
        return ops.convert_to_numpy(lit).reshape(192, 192) > 0
    shift = 2 if kind == "shifted" and layer == 2 else 0
    numbers = np.roll(np.arange(192).reshape(1, 12, 16, 1), (-shift, -shift), axis=(1, 2))
    members = ops.convert_to_numpy(window_partition(numbers, 4))[..., 0]
    reads = np.zeros((192, 192), bool)
    reads[members[:, :, None], members[:, None]] = ops.convert_to_numpy(shifted_window_mask(12, 16, 4, shift))
    return reads


def figure():
    """The numbers behind your plots, and two answers: -> dict of arrays and numbers.

    "pairs" (4, 5): attention_pairs, row by row "global", "local" with radius 3, "axial" and "window" with side 7, on
        square grids with sides of 14, 28, 56, 112 and 224 tokens.
    "reach" (4, 3, 12, 16): 1 for each token of a grid of 12 x 16 that can change the output of the token in row 5,
        column 9, else 0: for "local", "axial", "window" and "shifted", after 1, 2 and 3 layers. who_reads_whom(kind,
        layer) is the table of one layer; layer 1 works first.
    "answer_1": a number. "answer_2": six numbers, each 0 or 1. The questions stand in the text above.
    """
    ### BEGIN SOLUTION
    options = {"global": {}, "local": {"radius": 3}, "axial": {}, "window": {"window": 7}}
    sides = (14, 28, 56, 112, 224)
    reach = np.zeros((4, 3, 12, 16), int)
    for row, kind in enumerate(("local", "axial", "window", "shifted")):
        for count in (1, 2, 3):
            reached = np.arange(192) == 5 * 16 + 9
            for layer in range(count, 0, -1):
                reached = who_reads_whom(kind, layer)[reached].any(axis=0)
            reach[row, count - 1] = reached.reshape(12, 16)
    costs = [4 * 112**2 * 96**2 + 2 * 96 * attention_pairs(kind, 112, 112, 7) for kind in ("global", "window")]
    return {
        "pairs": np.array([[attention_pairs(kind, n, n, **more) for n in sides] for kind, more in options.items()]),
        "reach": reach,
        "answer_1": costs[0] / costs[1],
        "answer_2": np.array([0, 0, 1, 1, 1, 1]),
    }
    ### END SOLUTION
