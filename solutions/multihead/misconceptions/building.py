"""What wrong variants are built with: wrong ways to cut and join, and the layer in steps that can be replaced."""

from __future__ import annotations

from keras import ops

from solutions.multihead import reference
from solutions.registry import Registry


def cut(x, num_heads):
    """The features of each token cut into heads, the axes still in their old order: (B, T, h, E)."""
    return ops.reshape(x, (*x.shape[:2], num_heads, x.shape[2] // num_heads))


def plain_split(x, num_heads):
    """(B, T, D) -> (B, h, T, E) by reshape alone: a head holds pieces of other tokens."""
    return ops.reshape(x, (x.shape[0], num_heads, x.shape[1], x.shape[2] // num_heads))


def interleaved(x, num_heads):
    """(B, T, D) -> (B, h, T, E), head j with every h-th feature."""
    pieces = ops.reshape(x, (*x.shape[:2], x.shape[2] // num_heads, num_heads))
    return ops.transpose(pieces, (0, 3, 1, 2))


def plain_merge(x):
    """(B, h, T, E) -> (B, T, D) by reshape alone."""
    batch, heads, tokens, width = x.shape
    return ops.reshape(x, (batch, tokens, heads * width))


def taking_turns(x):
    """(B, h, T, E) -> (B, T, D), the inverse of `interleaved`."""
    batch, heads, tokens, width = x.shape
    return ops.reshape(ops.transpose(x, (0, 2, 3, 1)), (batch, tokens, heads * width))


class Steps(reference.MultiHeadAttention):
    """The right layer; a wrong one overrides one step."""

    def project(self, query, source):
        return self.wq(query), self.wk(source), self.wv(source)

    def split(self, x):
        return reference.split_heads(x, self.num_heads)

    def merge(self, x):
        return reference.merge_heads(x)

    def score(self, q, k):
        return dots(q, k) / root(q.shape[-1])

    def close(self, scores, mask):
        return ops.where(allowed(mask), scores, -1e9)

    def normalise(self, scores):
        return ops.softmax(scores, axis=-1)

    def weigh(self, scores, mask):
        return self.normalise(scores if mask is None else self.close(scores, mask))

    def fade(self, weights, training):
        return self.drop(weights, training=training)

    def blend(self, weights, v, training):
        return ops.matmul(self.fade(weights, training), v)

    def finish(self, output, training):
        return self.wo(output)

    def call(self, query, key_value=None, mask=None, return_weights=False, training=None):
        source = query if key_value is None else key_value
        q, k, v = (self.split(x) for x in self.project(query, source))
        weights = self.weigh(self.score(q, k), mask)
        output = self.finish(self.merge(self.blend(weights, v, training)), training)
        return (output, weights) if return_weights else output


def new_registry():
    """An empty list of mistakes in MultiHeadAttention."""
    return Registry("MultiHeadAttention")


def layer_variant(known, name, hint, twin=None, **steps):
    """Register a layer with some steps replaced."""
    return known.wrong(hint, twin)(type(name, (Steps,), steps))


def dots(q, k):
    """All dot products, without any scale."""
    return ops.einsum("...id,...jd->...ij", q, k)


def root(n):
    """Square root of a length."""
    return float(n) ** 0.5


def allowed(mask):
    """The mask as bool."""
    return ops.cast(mask, "bool")


def as_float(mask):
    """The mask as 1.0 and 0.0."""
    return ops.cast(mask, "float32")
