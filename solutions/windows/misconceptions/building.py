"""What wrong variants are built with: cutting and joining in any order, and the block in steps to be replaced."""

from __future__ import annotations

import keras
import numpy as np
from keras import ops

from solutions.registry import Registry
from solutions.windows import reference

ROWS_FIRST = "brcyxk"
"""The axes of a cut grid in the text's order: image, row and column of windows, row and column in it, channel."""


def cut(x, window, order=ROWS_FIRST):
    """(B, H, W, C) -> (B * nW, w*w, C), the six axes of the cut grid in another order."""
    b, height, width, dim = x.shape
    pieces = ops.reshape(x, (b, height // window, window, width // window, window, dim))
    return ops.reshape(ops.transpose(pieces, ["brycxk".index(axis) for axis in order]), (-1, window * window, dim))


def join(windows, window, height, width, order=ROWS_FIRST):
    """(B * nW, w*w, C) -> (B, H, W, C), where the windows' axes come in another order."""
    count, dim = windows.shape[0] * window * window // (height * width), windows.shape[-1]
    lengths = {"b": count, "r": height // window, "c": width // window, "y": window, "x": window, "k": dim}
    pieces = ops.reshape(windows, [lengths[axis] for axis in order])
    back = ops.transpose(pieces, [order.index(axis) for axis in "brycxk"])
    return ops.reshape(back, (count, height, width, dim))


def places(height, width):
    """Row and column of each token of a grid, two arrays (H*W,)."""
    return np.divmod(np.arange(height * width), width)


def numbers(array):
    """A tensor as a NumPy array."""
    return ops.convert_to_numpy(array)


def regions_to_mask(regions, window):
    """(nW, w*w, w*w): where two tokens of a window have the same number in a table (H, W) of regions."""
    found = numbers(cut(np.asarray(regions)[None, :, :, None], window))[..., 0]
    return found[:, :, None] == found[:, None]


def sides(height, width, shift):
    """Which rows and which columns of the rolled grid came in from the other end, (H, 1) and (1, W)."""
    return (np.arange(height) >= height - shift)[:, None], (np.arange(width) >= width - shift)[None]


class Block(reference.SwinBlock):
    """The right block; a wrong one overrides a step, or how a part is made."""

    def __init__(self, dim, num_heads, window, shift, mlp_dim, epsilon=1e-6, **kwargs):
        keras.layers.Layer.__init__(self, **kwargs)
        self.num_heads, self.window, self.shift = num_heads, window, shift
        self.norm1, self.norm2 = self.norms(epsilon)
        self.wq, self.wk, self.wv, self.wo = self.projections(dim)
        self.mlp = keras.Sequential(self.hidden(mlp_dim, dim))
        self.rel_bias = self.add_weight(shape=self.bias_shape(), name="rel_bias")

    def build(self, input_shape):
        """Nothing: the sublayers build themselves at their first call, and Keras need not trace this one."""

    def norms(self, epsilon):
        return [keras.layers.LayerNormalization(epsilon=epsilon) for _ in range(2)]

    def projections(self, dim):
        return [keras.layers.Dense(dim) for _ in range(4)]

    def hidden(self, mlp_dim, dim):
        return [keras.layers.Dense(mlp_dim, "gelu"), keras.layers.Dense(dim)]

    def bias_shape(self):
        return (2 * self.window - 1) ** 2, self.num_heads

    def there(self, x):
        return ops.roll(x, (-self.shift, -self.shift), axis=(1, 2))

    def back(self, x):
        return ops.roll(x, (self.shift, self.shift), axis=(1, 2))

    def part(self, x):
        return cut(x, self.window)

    def whole(self, windows, height, width):
        return join(windows, self.window, height, width)

    def split(self, x):
        count, size, dim = x.shape
        return ops.transpose(ops.reshape(x, (count, size, self.num_heads, dim // self.num_heads)), (0, 2, 1, 3))

    def merge(self, x):
        count, heads, size, width = x.shape
        return ops.reshape(ops.transpose(x, (0, 2, 1, 3)), (count, size, heads * width))

    def project(self, windows):
        return self.wq(windows), self.wk(windows), self.wv(windows)

    def places(self):
        return reference.relative_position_index(self.window)

    def bias(self):
        return ops.transpose(ops.take(self.rel_bias, self.places(), axis=0), (2, 0, 1))

    def dots(self, q, k):
        return ops.matmul(q, ops.swapaxes(k, -2, -1)) / float(q.shape[-1]) ** 0.5

    def score(self, q, k):
        return self.dots(q, k) + self.bias()

    def mask(self, height, width):
        return ops.convert_to_tensor(reference.shifted_window_mask(height, width, self.window, self.shift))

    def stretch(self, mask, count):
        """The mask (nW, w*w, w*w) for all windows of a batch: (B * nW, 1, w*w, w*w)."""
        return ops.tile(mask, (count // mask.shape[0], 1, 1))[:, None]

    def close(self, scores, mask):
        return ops.where(mask, scores, -1e9)

    def weigh(self, scores, mask):
        return ops.softmax(self.close(scores, mask) if self.shift else scores)

    def blend(self, weights, v):
        return ops.matmul(weights, v)

    def finish(self, merged):
        return self.wo(merged)

    def inside(self, windows, height, width):
        q, k, v = (self.split(part) for part in self.project(windows))
        mask = self.stretch(self.mask(height, width), q.shape[0])
        return self.finish(self.merge(self.blend(self.weigh(self.score(q, k), mask), v)))

    def attend(self, x):
        _, height, width, _ = x.shape
        return self.back(self.whole(self.inside(self.part(self.there(x)), height, width), height, width))

    def call(self, x, training=None):
        h = x + self.attend(self.norm1(x))
        return h + self.mlp(self.norm2(h))


def block_registry():
    """An empty list of mistakes in SwinBlock."""
    return Registry("SwinBlock")


def block_variant(known, name, hint, twin=None, **steps):
    """Register a block with some steps replaced."""
    return known.wrong(hint, twin)(type(name, (Block,), steps))
