"""Mistakes in what DecoderBlock is made of: attentions, norms, MLP, and their arguments."""

from __future__ import annotations

import keras

from solutions.captioning.misconceptions.building import Block, block_registry

KNOWN = block_registry()
SHARED = "Some of your layers are one and the same under several names. Count in the drawing: attentions, and norms."


def parts_variant(name, hint, twin=None, **steps):
    """Register a block with other parts."""
    return KNOWN.wrong(hint, twin)(type(name, (Block,), steps))


def mlp(hidden, dim, dropout, activation="gelu", last=None):
    """Two Dense layers with dropout between them."""
    dense = keras.layers.Dense
    return keras.Sequential([dense(hidden, activation), keras.layers.Dropout(dropout), dense(dim, last)])


parts_variant(
    "epsilon_of_keras",
    "Keras's own epsilon is 0.001. Which one does the block receive, and does it get to the norms?",
    norms=lambda self, epsilon: [keras.layers.LayerNormalization() for _ in range(3)],
)
parts_variant(
    "epsilon_always_the_default",
    "Your block is right as long as nobody passes an epsilon of their own. Does it get to the norms?",
    norms=lambda self, epsilon: [keras.layers.LayerNormalization(epsilon=1e-6) for _ in range(3)],
)
parts_variant(
    "one_norm_under_three_names",
    SHARED,
    norms=lambda self, epsilon: [keras.layers.LayerNormalization(epsilon=epsilon)] * 3,
)
parts_variant(
    "one_attention_under_two_names",
    SHARED,
    second_attention=lambda self, dim, heads, dropout: self.self_attn,
)
parts_variant(
    "every_head_as_wide_as_the_word",
    "key_dim is the width of one head, not of all together.",
    attention=lambda self, dim, heads, dropout: keras.layers.MultiHeadAttention(heads, key_dim=dim, dropout=dropout),
)
parts_variant(
    "heads_and_width_swapped",
    "num_heads heads, each dim // num_heads wide. Which argument of Keras's layer gets which of the two?",
    attention=lambda self, dim, heads, dropout: keras.layers.MultiHeadAttention(dim // heads, heads, dropout=dropout),
)
parts_variant(
    "one_head_for_the_memory",
    "Both attentions have num_heads heads. How many has your second?",
    second_attention=lambda self, dim, heads, dropout: keras.layers.MultiHeadAttention(1, dim, dropout=dropout),
)
parts_variant(
    "attention_without_biases",
    "The text asks for attention with its biases. What has to be left as it is in Keras's layer?",
    attention=lambda self, dim, heads, dropout: keras.layers.MultiHeadAttention(
        heads, key_dim=dim // heads, dropout=dropout, use_bias=False
    ),
)
parts_variant(
    "hidden_as_wide_as_the_word",
    "The MLP has a hidden width of its own, mlp_dim. Where does it come into yours?",
    feed_forward=lambda self, dim, hidden, dropout: mlp(dim, dim, dropout),
)
parts_variant(
    "hidden_four_times_as_wide",
    "Four times D is what many papers use. Here the hidden width is an argument, mlp_dim.",
    feed_forward=lambda self, dim, hidden, dropout: mlp(4 * dim, dim, dropout),
)
parts_variant(
    "relu",
    "Which activation does the text name for the MLP?",
    feed_forward=lambda self, dim, hidden, dropout: mlp(hidden, dim, dropout, "relu"),
)
parts_variant(
    "gelu_by_tanh",
    'There are two gelus: the exact one, and one made of a tanh. The text means Keras\'s "gelu".',
    feed_forward=lambda self, dim, hidden, dropout: mlp(
        hidden, dim, dropout, lambda x: keras.activations.gelu(x, approximate=True)
    ),
)
parts_variant(
    "no_activation",
    "Two matrices in a row are one matrix. What stands between them?",
    feed_forward=lambda self, dim, hidden, dropout: mlp(hidden, dim, dropout, None),
)
parts_variant(
    "activation_at_the_end",
    "Can your MLP ever take something away from a word? There is no activation behind its second Dense.",
    feed_forward=lambda self, dim, hidden, dropout: mlp(hidden, dim, dropout, "gelu", "gelu"),
)
parts_variant(
    "nothing_drops",
    "With training=True and a high rate the block should fall silent. Where does your block use its rate?",
    attention=lambda self, dim, heads, dropout: keras.layers.MultiHeadAttention(heads, key_dim=dim // heads),
    feed_forward=lambda self, dim, hidden, dropout: mlp(hidden, dim, 0.0),
)


@KNOWN.wrong("Your parts are there under other names. The text calls them self_attn, cross_attn, norm1 to norm3, mlp.")
class other_names(Block):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.attn1, self.attn2 = self.self_attn, self.cross_attn
        del self.self_attn, self.cross_attn

    def look_back(self, x, mask, training):
        return self.look(self.attn1, x, x, mask, training)

    def look_out(self, h, memory, mask, training):
        return self.look(self.attn2, h, memory, mask, training)
