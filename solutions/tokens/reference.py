"""Images become words: the reference answers of lesson 03.

B images in a batch, H rows and W columns of pixels, C channels, P patch side in pixels, N or T tokens, D width of a
token. The lines between the solution marks never leave this folder; the docstrings are what students are told.
"""

import keras
import numpy as np
from keras import ops


def patchify(images, patch_size):
    """Cut images into square patches, one row of numbers for each: (B, H, W, C) -> (B, (H/P)(W/P), P*P*C).

    Patches are counted left to right, then down. In a patch, pixels are counted left to right, then down, and the
    C values of a pixel stand side by side. The values themselves do not change.

    Args:
        images: float tensor (B, H, W, C), with any number C of channels. H and W may differ.
        patch_size: P, the side of a patch in pixels, an int that divides H and W.

    The library's extract_patches and space_to_depth are what you build here, so they are switched off.

    Source: lecture, "Vision Transformer (ViT)"; Dosovitskiy et al. 2021, section 3.1.
    """
    ### BEGIN SOLUTION
    _, height, width, channels = images.shape
    rows, columns = height // patch_size, width // patch_size
    pieces = ops.reshape(images, (-1, rows, patch_size, columns, patch_size, channels))
    pieces = ops.transpose(pieces, (0, 1, 3, 2, 4, 5))
    return ops.reshape(pieces, (-1, rows * columns, patch_size * patch_size * channels))
    ### END SOLUTION


def unpatchify(patches, patch_size, height, width):
    """Put patches together again, the inverse of patchify: (B, (H/P)(W/P), P*P*C) -> (B, H, W, C).

    Args:
        patches: float tensor (B, (H/P)(W/P), P*P*C). The number of channels C follows from its last axis.
        patch_size: P, the side of a patch in pixels.
        height, width: H and W of the images in pixels, in this order.

    The library's depth_to_space is what you build here, so it is switched off.
    """
    ### BEGIN SOLUTION
    rows, columns = height // patch_size, width // patch_size
    channels = patches.shape[-1] // patch_size**2
    pieces = ops.reshape(patches, (-1, rows, columns, patch_size, patch_size, channels))
    pieces = ops.transpose(pieces, (0, 1, 3, 2, 4, 5))
    return ops.reshape(pieces, (-1, height, width, channels))
    ### END SOLUTION


class PatchEmbedding(keras.layers.Layer):
    """Images become tokens: (B, H, W, C) -> (B, (H/P)(W/P), dim). patchify, then one matrix for all patches.

    Args:
        patch_size: P, the side of a patch in pixels.
        dim: width of a token.

    Sublayer: proj, with `kernel` (P*P*C, dim), its rows in the order of patchify, and `bias` (dim,).
    No other weights: no activation, no norm, no positions and no class token.

    Source: Dosovitskiy et al. 2021, equation 1, the part x_p E.
    """

    def __init__(self, patch_size, dim, **kwargs):
        super().__init__(**kwargs)
        ### BEGIN SOLUTION
        self.patch_size = patch_size
        self.proj = keras.layers.Dense(dim)
        ### END SOLUTION

    def call(self, images):
        """Images (B, H, W, C) -> tokens (B, (H/P)(W/P), dim)."""
        ### BEGIN SOLUTION
        return self.proj(patchify(images, self.patch_size))
        ### END SOLUTION


def dense_to_conv_kernel(kernel, patch_size, channels):
    """The kernel of PatchEmbedding as that of a convolution: (P*P*C, D) -> (P, P, C, D), the same numbers.

    keras.layers.Conv2D(D, P, strides=P) with the result as its kernel gives the tokens of PatchEmbedding as a map
    (B, H/P, W/P, D). Keras's Conv2D correlates: it lays the kernel on the image as it is, without flipping it.

    Args:
        kernel: float tensor (P*P*C, D), rows in the order of patchify.
        patch_size: P, the side of a patch in pixels.
        channels: C, an int.
    """
    ### BEGIN SOLUTION
    return ops.reshape(kernel, (patch_size, patch_size, channels, kernel.shape[-1]))
    ### END SOLUTION


def sinusoidal_position_encoding(num_positions, dim, base=10000.0):
    """One row of sines and cosines for each position: -> (num_positions, dim) float32, without a batch axis.

    Row p, column 2i is sin(p / base^(2i/dim)), and column 2i+1 is the cosine of the same angle. Positions p and pairs i
    count from 0.

    Args:
        num_positions: how many rows, an int up to 100.
        dim: width of a row, an even int.
        base: what the lecture has as 10000.

    Source: lecture, "Positional Encoding (1-D)"; Vaswani et al. 2017, section 3.5.
    """
    ### BEGIN SOLUTION
    angles = np.arange(num_positions)[:, None] / base ** (np.arange(0, dim, 2) / dim)
    pairs = np.stack([np.sin(angles), np.cos(angles)], axis=-1)
    return pairs.reshape(num_positions, dim).astype("float32")
    ### END SOLUTION


def position_shift_matrix(offset, dim, base=10000.0):
    """The matrix that moves an encoding on by `offset` positions: -> M (dim, dim) float32.

    PE[p + offset] = M @ PE[p] for every p, with PE as in sinusoidal_position_encoding (for a whole table of rows,
    PE @ M.T). M depends on the offset and not on p.

    Args:
        offset: how many positions, an int: positive, negative or 0.
        dim: width of the encoding, an even int.
        base: as in the encoding.

    Source: Vaswani et al. 2017, section 3.5.
    """
    ### BEGIN SOLUTION
    even = np.arange(0, dim, 2)
    angles = offset / base ** (even / dim)
    matrix = np.zeros((dim, dim), "float32")
    matrix[even, even] = matrix[even + 1, even + 1] = np.cos(angles)
    matrix[even, even + 1] = np.sin(angles)
    matrix[even + 1, even] = -np.sin(angles)
    return matrix
    ### END SOLUTION


class LearnedPositionEmbedding(keras.layers.Layer):
    """Adds row t of a trainable table to token t: x (B, T, dim) -> (B, T, dim).

    Args:
        num_positions: how many rows the table has.
        dim: width of a row, and of a token.

    Weight: `self.embeddings` (num_positions, dim), made by add_weight. There is no other;
    its first values are up to you.

    Source: lecture, "Can be learned or fixed"; Dosovitskiy et al. 2021, equation 1, the part E_pos.
    """

    def __init__(self, num_positions, dim, **kwargs):
        super().__init__(**kwargs)
        ### BEGIN SOLUTION
        start = keras.initializers.RandomNormal(stddev=0.02)
        self.embeddings = self.add_weight(shape=(num_positions, dim), initializer=start, name="embeddings")
        ### END SOLUTION

    def call(self, x):
        """Tokens x (B, T, dim), T at most num_positions -> x + embeddings[t] for each token t, (B, T, dim)."""
        ### BEGIN SOLUTION
        return x + self.embeddings[: x.shape[1]]
        ### END SOLUTION


def postcard():
    """A small painted picture, the same on every machine: -> (32, 48, 3) float32 in [0, 1], 32 rows of 48 pixels."""
    y, x = np.mgrid[0:32, 0:48]
    painted = [
        (y >= 0, (0.53, 0.77, 0.94)),  # sky
        ((x - 39) ** 2 + (y - 7) ** 2 < 22, (1.0, 0.84, 0.25)),  # sun
        (30 * (y - 17) > (x - 38) ** 2, (0.47, 0.68, 0.42)),  # hill
        (y > 25, (0.36, 0.58, 0.30)),  # meadow
        ((abs(x - 13) < 8) & (y > 13) & (y < 28), (0.93, 0.87, 0.76)),  # wall
        ((abs(x - 13) < y - 3) & (y < 14), (0.74, 0.27, 0.22)),  # roof
        ((abs(x - 9) < 2) & (y > 19) & (y < 28), (0.40, 0.26, 0.18)),  # door
        ((abs(x - 17) < 2) & (abs(y - 18) < 2), (0.30, 0.42, 0.60)),  # window
    ]
    picture = np.zeros((32, 48, 3), "float32")
    for shape, colour in painted:
        picture[shape] = colour
    return picture


def tiny_vit(add_positions=None):
    """A very small transformer for grey digits (B, 8, 8, 1): 16 patches of 2 by 2 pixels -> logits (B, 10).

    add_positions: what is done to the tokens (B, 16, 64) before they meet, a function or a layer. None: nothing.
    """
    pictures = keras.Input((8, 8, 1))
    tokens = keras.layers.Conv2D(64, 2, strides=2)(pictures)
    tokens = keras.layers.Reshape((16, 64))(tokens)
    if add_positions is not None:
        tokens = add_positions(tokens)
    tokens = keras.layers.Add()([tokens, keras.layers.MultiHeadAttention(4, 16)(tokens, tokens)])
    tokens = keras.layers.Dense(128, activation="relu")(tokens)
    average = keras.layers.GlobalAveragePooling1D()(tokens)
    return keras.Model(pictures, keras.layers.Dense(10)(average))


def figure():
    """The numbers behind your plots, and two answers: -> dict of arrays and numbers.

    "tokens" (6,): how many tokens an image of 224 by 224 pixels becomes with P = 1, 2, 4, 8, 16 and 32.
    "strip" (24, 8, 8, 3): the patches of postcard() with P = 8 in the order of patchify, each a small picture again.
    "similarity" (49, 49): entry [i, j] is the dot product of the sinusoidal encodings of positions i and j, for 49
        positions and dim = 64.
    "answer_1": a number. "answer_2": two whole numbers. The questions stand in the text above.
    """
    ### BEGIN SOLUTION
    sides = np.array([1, 2, 4, 8, 16, 32])
    encoding = np.asarray(sinusoidal_position_encoding(49, 64))
    return {
        "tokens": (224 // sides) ** 2,
        "strip": ops.reshape(patchify(postcard()[None], 8), (24, 8, 8, 3)),
        "similarity": encoding @ encoding.T,
        "answer_1": 2 * np.pi * 10000 ** (510 / 512),
        "answer_2": np.array([9 * 14 + 3, (6 * 16 + 12) * 3 + 1]),
    }
    ### END SOLUTION
