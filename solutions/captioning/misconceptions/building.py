"""What wrong variants are built with: the layers of the lesson in steps that can be replaced."""

from __future__ import annotations

import keras

from solutions.captioning import reference
from solutions.registry import Registry


class Block(keras.layers.Layer):
    """The right block; a wrong one overrides a step, or how a part is made."""

    def __init__(self, dim, num_heads, mlp_dim, dropout=0.0, epsilon=1e-6, **kwargs):
        super().__init__(**kwargs)
        self.self_attn = self.attention(dim, num_heads, dropout)
        self.cross_attn = self.second_attention(dim, num_heads, dropout)
        self.norm1, self.norm2, self.norm3 = self.norms(epsilon)
        self.mlp = self.feed_forward(dim, mlp_dim, dropout)

    def build(self, *shapes):
        """Nothing: the sublayers build themselves at their first call, and Keras need not trace this one."""

    def attention(self, dim, heads, dropout):
        return keras.layers.MultiHeadAttention(heads, key_dim=dim // heads, dropout=dropout)

    def second_attention(self, dim, heads, dropout):
        return self.attention(dim, heads, dropout)

    def norms(self, epsilon):
        return [keras.layers.LayerNormalization(epsilon=epsilon) for _ in range(3)]

    def feed_forward(self, dim, hidden, dropout):
        dense = keras.layers.Dense
        return keras.Sequential([dense(hidden, activation="gelu"), keras.layers.Dropout(dropout), dense(dim)])

    def look(self, attention, asking, read, mask, training):
        return attention(asking, read, attention_mask=mask, return_attention_scores=True, training=training)

    def look_back(self, x, mask, training):
        return self.look(self.self_attn, x, x, mask, training)

    def look_out(self, h, memory, mask, training):
        return self.look(self.cross_attn, h, memory, mask, training)

    def think(self, h, training):
        return self.mlp(h, training=training)

    def steps(self, x, memory, masks, training):
        found, own = self.look_back(x, masks[0], training)
        h1 = self.norm1(x + found)
        seen, cross = self.look_out(h1, memory, masks[1], training)
        h2 = self.norm2(h1 + seen)
        return self.norm3(h2 + self.think(h2, training)), own, cross

    def finish(self, y, own, cross, wanted):
        return (y, own, cross) if wanted else y

    def call(self, x, memory, self_mask=None, memory_mask=None, return_weights=False, training=None):
        return self.finish(*self.steps(x, memory, (self_mask, memory_mask), training), return_weights)


def flow(rule):
    """The steps that follow from rule(block, x, back, out, mlp), of which back(h) and out(h) are the attentions."""

    def steps(self, x, memory, masks, training):
        seen = {}

        def back(h):
            heard, seen["own"] = self.look_back(h, masks[0], training)
            return heard

        def out(h):
            looked, seen["cross"] = self.look_out(h, memory, masks[1], training)
            return looked

        y = rule(self, x, back, out, lambda h: self.think(h, training))
        return y, seen["own"], seen["cross"]

    return steps


class Model(reference.CaptioningTransformer):
    """The right model; a wrong one overrides a step."""

    kind = Block

    def __init__(self, vocab_size, max_length, dim=64, num_heads=4, mlp_dim=None, decoder_depth=2, **others):
        sizes = {"dim": dim, "num_heads": num_heads, "mlp_dim": mlp_dim}
        super().__init__(vocab_size, max_length, decoder_depth=0, **sizes, **others)
        del self.blocks
        self.dim, self.vocab_size, self.max_length = dim, vocab_size, max_length
        self.blocks = self.stack(decoder_depth, dim, num_heads, mlp_dim or self.hidden(dim))

    def hidden(self, dim):
        return 2 * dim

    def stack(self, depth, dim, heads, hidden):
        return [self.kind(dim, heads, hidden) for _ in range(depth)]

    def remember(self, images):
        return self.encoder(images)

    def mask(self, tokens):
        return reference.causal_mask(tokens.shape[1])

    def memory_mask(self, tokens, memory):
        return None

    def places(self, tokens):
        return self.pos_embed[:, : tokens.shape[1]]

    def embed(self, tokens):
        return self.token_embed(tokens) + self.places(tokens)

    def through(self, x, memory, tokens, training):
        for block in self.blocks:
            x = block(
                x, memory, self_mask=self.mask(tokens), memory_mask=self.memory_mask(tokens, memory), training=training
            )
        return x

    def finish(self, x):
        return self.head(x)

    def call(self, images, token_ids, training=None):
        return self.finish(self.through(self.embed(token_ids), self.remember(images), token_ids, training))


def variant(known, base, name, hint, twin=None, **steps):
    """Register a layer or model with some steps replaced."""
    return known.wrong(hint, twin)(type(name, (base,), steps))


def block_registry():
    """An empty list of mistakes in DecoderBlock."""
    return Registry("DecoderBlock")


def model_registry():
    """An empty list of mistakes in CaptioningTransformer."""
    return Registry("CaptioningTransformer")
