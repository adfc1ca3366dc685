"""What the lessons' cases are made of: random arrays of sizes that no swapped axis fits, and calls to switch off."""

from __future__ import annotations

import numpy as np

FUSED_ATTENTION = (
    "keras.ops.dot_product_attention",
    "keras.ops.nn.dot_product_attention",
    "keras.src.ops.nn.dot_product_attention",
    "keras.layers.Attention",
    "keras.layers.AdditiveAttention",
    "keras.layers.MultiHeadAttention",
    "keras.layers.GroupQueryAttention",
    "jax.nn.dot_product_attention",
    "torch.nn.functional.scaled_dot_product_attention",
)


def normal(rng, *shape):
    """Standard normal float32 numbers."""
    return rng.standard_normal(shape).astype("float32")


def sizes(rng, count):
    """`count` distinct primes from 3 to 13, in random order."""
    return [int(prime) for prime in rng.permutation([3, 5, 7, 11, 13])[:count]]


def random_mask(rng, *shape):
    """A bool mask, about half allowed; each row has at least one allowed and one forbidden entry."""
    mask = rng.random(shape) < 0.5
    allowed = rng.integers(0, shape[-1], (*shape[:-1], 1))
    forbidden = (allowed + rng.integers(1, shape[-1], allowed.shape)) % shape[-1]
    np.put_along_axis(mask, allowed, True, axis=-1)
    np.put_along_axis(mask, forbidden, False, axis=-1)
    return mask
