"""Mistakes in what EncoderBlock is made of: norms, attention, MLP, and their arguments."""

from __future__ import annotations

import keras

from solutions.vit import reference
from solutions.vit.misconceptions.building import Block, Mlp, block_registry

KNOWN = block_registry()


def parts_variant(name, hint, **steps):
    """Register a block with other parts."""
    return KNOWN.wrong(hint)(type(name, (Block,), steps))


parts_variant(
    "epsilon_of_keras",
    "Keras's own epsilon is 0.001. Which one does the block receive, and does it get to the norms?",
    norms=lambda self, epsilon: (keras.layers.LayerNormalization(), keras.layers.LayerNormalization()),
)
parts_variant(
    "epsilon_always_the_default",
    "Your block is right as long as nobody passes an epsilon of their own. Does it get to the norms?",
    norms=lambda self, epsilon: (reference.LayerNorm(), reference.LayerNorm()),
)
parts_variant(
    "epsilon_for_the_first_norm_only",
    "norm1 gets the epsilon that was asked for. And norm2?",
    norms=lambda self, epsilon: (reference.LayerNorm(epsilon), reference.LayerNorm()),
)
parts_variant(
    "norm1_is_norm2",
    "How many LayerNorms does the drawing have? Yours are one and the same layer, under two names.",
    norms=lambda self, epsilon: (reference.LayerNorm(epsilon),) * 2,
)
parts_variant(
    "every_head_as_wide_as_the_token",
    "key_dim is the width of one head, not of all together. What was D/h in lesson 2?",
    attention=lambda self, dim, heads, dropout: keras.layers.MultiHeadAttention(heads, key_dim=dim, dropout=dropout),
)
parts_variant(
    "heads_and_width_swapped",
    "num_heads heads, each dim // num_heads wide. Which argument of Keras's layer gets which of the two?",
    attention=lambda self, dim, heads, dropout: keras.layers.MultiHeadAttention(dim // heads, heads, dropout=dropout),
)
parts_variant(
    "a_single_head",
    "How many heads were asked for, and how many has your attention got?",
    attention=lambda self, dim, heads, dropout: keras.layers.MultiHeadAttention(1, key_dim=dim, dropout=dropout),
)
parts_variant(
    "attention_without_biases",
    "The text asks for attention with its biases. What has to be left as it is in Keras's layer?",
    attention=lambda self, dim, heads, dropout: keras.layers.MultiHeadAttention(
        heads, key_dim=dim // heads, dropout=dropout, use_bias=False
    ),
)
parts_variant(
    "hidden_as_wide_as_the_token",
    "Count parameters: the MLP has 2 * D * mlp_dim weights and some biases. Where does mlp_dim come into yours?",
    feed_forward=lambda self, dim, hidden, activation, dropout: Mlp(dim, dim, activation, dropout),
)
parts_variant(
    "hidden_four_times_as_wide",
    "Four times D is what many papers use. Here the hidden width is an argument, mlp_dim.",
    feed_forward=lambda self, dim, hidden, activation, dropout: Mlp(dim, 4 * dim, activation, dropout),
)
parts_variant(
    "hidden_width_for_each_head",
    "The MLP knows nothing of heads. Its hidden width is mlp_dim, once.",
    feed_forward=lambda self, dim, hidden, activation, dropout: Mlp(
        dim, hidden * self.attn.num_heads, activation, dropout
    ),
)
parts_variant(
    "always_gelu",
    "Your block is right as long as nobody asks for another activation than gelu. Does the argument get to the MLP?",
    feed_forward=lambda self, dim, hidden, activation, dropout: Mlp(dim, hidden, dropout=dropout),
)
parts_variant(
    "always_relu",
    "Which activation does the block name if nobody chooses one? Does it get to the MLP?",
    feed_forward=lambda self, dim, hidden, activation, dropout: Mlp(dim, hidden, "relu", dropout),
)
parts_variant(
    "mlp_never_drops",
    "With training=True and a high rate the MLP should fall silent. Does the rate get to it?",
    feed_forward=lambda self, dim, hidden, activation, dropout: Mlp(dim, hidden, activation),
)


@KNOWN.wrong("The MLP should be your FeedForward, with fc1 and fc2 inside. A Sequential holds its layers elsewhere.")
class sequential_mlp(Block):
    def feed_forward(self, dim, hidden, activation, dropout):
        return keras.Sequential([keras.layers.Dense(hidden, activation=activation), keras.layers.Dense(dim)])


@KNOWN.wrong("Your parts are there under other names. The text calls them attn, norm1, norm2 and mlp.")
class other_names(reference.EncoderBlock):
    def __init__(self, dim, num_heads, mlp_dim, norm_first, activation="gelu", dropout=0.0, epsilon=1e-6, **kwargs):
        super().__init__(dim, num_heads, mlp_dim, norm_first, activation, dropout, epsilon, **kwargs)
        self.ln1, self.ln2, self.mha, self.ffn = self.norm1, self.norm2, self.attn, self.mlp
        del self.norm1, self.norm2, self.attn, self.mlp

    def call(self, x, mask=None, return_weights=False, training=None):
        asking = self.ln1(x) if self.norm_first else x
        attended, weights = self.mha(asking, asking, attention_mask=mask, return_attention_scores=True)
        h = x + attended if self.norm_first else self.ln1(x + attended)
        y = h + self.ffn(self.ln2(h)) if self.norm_first else self.ln2(h + self.ffn(h))
        return (y, weights) if return_weights else y


@KNOWN.wrong("With norm_first=True, count the LayerNorms on the way: one stands before attention. And before the MLP?")
class no_norm_before_the_mlp(Block):
    def pre(self, x, mask, training):
        attended, weights = self.attend(self.norm1(x), mask, training)
        h = x + attended
        return h + self.think(h, training) + 0 * self.norm2(h), weights


@KNOWN.wrong("With norm_first=True, count the LayerNorms on the way: one stands before the MLP. And before attention?")
class no_norm_before_attention(Block):
    def pre(self, x, mask, training):
        attended, weights = self.attend(x, mask, training)
        h = x + attended + 0 * self.norm1(x)
        return h + self.think(self.norm2(h), training), weights


@KNOWN.wrong("Count the LayerNorms in the drawing: one follows each plus. Which plus of yours has none?")
class no_norm_after_attention(Block):
    def post(self, x, mask, training):
        attended, weights = self.attend(x, mask, training)
        h = x + attended + 0 * self.norm1(x)
        return self.norm2(h + self.think(h, training)), weights


@KNOWN.wrong("Count the LayerNorms in the drawing: one follows each plus. What follows your last plus?")
class no_norm_at_the_end(Block):
    def post(self, x, mask, training):
        attended, weights = self.attend(x, mask, training)
        h = self.norm1(x + attended)
        return h + self.think(h, training) + 0 * self.norm2(h), weights
