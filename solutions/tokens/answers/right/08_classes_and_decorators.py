# %%
import functools
from dataclasses import dataclass

import keras
from keras import ops


def batched(function):
    """Let a function for one picture work on a batch."""

    @functools.wraps(function)
    def for_all(batch, *args, **kwargs):
        return ops.stack([function(batch[k], *args, **kwargs) for k in range(batch.shape[0])])

    return for_all


@dataclass(frozen=True)
class Grid:
    rows: int
    columns: int
    side: int

    @classmethod
    def of(cls, height, width, side):
        return cls(height // side, width // side, side)

    @property
    def patches(self):
        return self.rows * self.columns


class Linear(keras.layers.Layer):
    """My own Dense, as in lesson 1."""

    def __init__(self, width, **kwargs):
        super().__init__(**kwargs)
        self.width = width

    def build(self, shape):
        self.kernel = self.add_weight(shape=(shape[-1], self.width), initializer="glorot_uniform", name="kernel")
        self.bias = self.add_weight(shape=(self.width,), initializer="zeros", name="bias")

    def call(self, x):
        return x @ self.kernel + self.bias


# %%
@batched
def patchify(image, patch_size):
    grid = Grid.of(image.shape[0], image.shape[1], patch_size)
    c = image.shape[2]
    x = ops.reshape(image, (grid.rows, patch_size, grid.columns, patch_size * c))
    return ops.reshape(ops.swapaxes(x, 1, 2), (grid.patches, patch_size * patch_size * c))


# %%
@batched
def unpatchify(patches, patch_size, height, width):
    grid = Grid.of(height, width, patch_size)
    x = ops.reshape(patches, (grid.rows, grid.columns, patch_size, -1))
    return ops.reshape(ops.swapaxes(x, 1, 2), (height, width, -1))


# %%
class PatchEmbedding(keras.layers.Layer):
    def __init__(self, patch_size, dim, **kwargs):
        super().__init__(**kwargs)
        self.cut = functools.partial(patchify, patch_size=patch_size)
        self.proj = Linear(dim)

    def call(self, images):
        return self.proj(self.cut(images))


# %%
class LearnedPositionEmbedding(keras.layers.Layer):
    def __init__(self, num_positions, dim, **kwargs):
        super().__init__(**kwargs)
        self.num_positions, self.dim = num_positions, dim
        self.embeddings = self.add_weight(
            shape=(num_positions, dim), initializer=keras.initializers.TruncatedNormal(stddev=0.02)
        )

    def call(self, x):
        rows = ops.take(self.embeddings, ops.arange(ops.shape(x)[1]), axis=0)
        return ops.add(x, ops.expand_dims(rows, 0))

    def get_config(self):
        return {**super().get_config(), "num_positions": self.num_positions, "dim": self.dim}
