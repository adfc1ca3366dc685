"""What wrong variants are built with: the layers of the lesson in steps that can be replaced."""

from __future__ import annotations

import keras
from keras import ops

from solutions.registry import Registry
from solutions.vit import reference


class Mlp(reference.FeedForward):
    """The right MLP, which Keras need not trace before its first call."""

    def build(self, input_shape):
        """Nothing: the sublayers build themselves at their first call."""


class Block(reference.EncoderBlock):
    """The right block; a wrong one overrides a step, or how a part is made."""

    def __init__(self, dim, num_heads, mlp_dim, norm_first, activation="gelu", dropout=0.0, epsilon=1e-6, **kwargs):
        keras.layers.Layer.__init__(self, **kwargs)
        self.norm_first = norm_first
        self.norm1, self.norm2 = self.norms(epsilon)
        self.attn = self.attention(dim, num_heads, dropout)
        self.mlp = self.feed_forward(dim, mlp_dim, activation, dropout)

    def build(self, input_shape):
        """Nothing: the sublayers build themselves at their first call, and Keras need not trace this one."""

    def norms(self, epsilon):
        return reference.LayerNorm(epsilon), reference.LayerNorm(epsilon)

    def attention(self, dim, heads, dropout):
        return keras.layers.MultiHeadAttention(heads, key_dim=dim // heads, dropout=dropout)

    def feed_forward(self, dim, hidden, activation, dropout):
        return Mlp(dim, hidden, activation, dropout)

    def attend(self, asking, mask, training):
        return self.attn(asking, asking, attention_mask=mask, return_attention_scores=True, training=training)

    def think(self, h, training):
        return self.mlp(h, training=training)

    def post(self, x, mask, training):
        attended, weights = self.attend(x, mask, training)
        h = self.norm1(x + attended)
        return self.norm2(h + self.think(h, training)), weights

    def pre(self, x, mask, training):
        attended, weights = self.attend(self.norm1(x), mask, training)
        h = x + attended
        return h + self.think(self.norm2(h), training), weights

    def finish(self, y, weights, wanted):
        return (y, weights) if wanted else y

    def call(self, x, mask=None, return_weights=False, training=None):
        y, weights = (self.pre if self.norm_first else self.post)(x, mask, training)
        return self.finish(y, weights, return_weights)


class Model(reference.VisionTransformer):
    """The right model; a wrong one overrides a step."""

    kind = Block

    def __init__(self, dim=64, depth=4, num_heads=4, mlp_dim=128, dropout=0.0, num_classes=10, **others):
        sizes = {"dim": dim, "num_heads": num_heads, "mlp_dim": mlp_dim, "dropout": dropout}
        super().__init__(depth=0, num_classes=num_classes, **sizes, **others)
        del self.blocks
        self.blocks = self.stack(depth, **sizes)

    def stack(self, depth, **sizes):
        return [self.kind(norm_first=True, **sizes) for _ in range(depth)]

    def cut(self, images):
        return ops.reshape(self.patch_embed(images), (-1, self.patches, self.dim))

    def front(self, patches):
        return ops.broadcast_to(self.cls_token, (patches.shape[0], 1, self.dim))

    def place(self, patches):
        return ops.concatenate([self.front(patches), patches], axis=1) + self.pos_embed

    def enter(self, images, training):
        return self.drop(self.place(self.cut(images)), training=training)

    def through(self, tokens, training):
        features, attentions = [], []
        for block in self.blocks:
            tokens, weights = block(tokens, return_weights=True, training=training)
            features.append(tokens)
            attentions.append(weights)
        return features, attentions

    def read(self, tokens):
        return tokens[:, 0] if self.pool == "cls" else ops.mean(tokens[:, 1:], axis=1)

    def finish(self, tokens):
        return self.head(self.read(self.norm(tokens)))

    def show(self, features, attentions):
        return features, attentions

    def forward_features(self, images, training=None):
        return self.show(*self.through(self.enter(images, training), training))

    def call(self, images, training=None):
        return self.finish(self.through(self.enter(images, training), training)[0][-1])


def variant(known, base, name, hint, twin=None, **steps):
    """Register a layer or model with some steps replaced."""
    return known.wrong(hint, twin)(type(name, (base,), steps))


def block_registry():
    """An empty list of mistakes in EncoderBlock."""
    return Registry("EncoderBlock")


def model_registry():
    """An empty list of mistakes in VisionTransformer."""
    return Registry("VisionTransformer")
