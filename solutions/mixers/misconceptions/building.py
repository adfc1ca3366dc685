"""What wrong variants are built with: the layers of the lesson in steps that can be replaced."""

from __future__ import annotations

import keras
from keras import ops

from solutions.mixers import reference
from solutions.registry import Registry


class Mlp(keras.layers.Layer):
    """Dense, gelu, Dense, which Keras need not trace before its first call."""

    def __init__(self, hidden, width, activation="gelu", last=None, use_bias=True):
        super().__init__()
        self.fc1 = keras.layers.Dense(hidden, activation, use_bias=use_bias)
        self.fc2 = keras.layers.Dense(width, last, use_bias=use_bias)

    def build(self, input_shape):
        """Nothing: the sublayers build themselves at their first call."""

    def call(self, x):
        return self.fc2(self.fc1(x))


class Heads(keras.layers.Layer):
    """What keras.layers.MultiHeadAttention computes, with the same weights in the same order, and quickly made."""

    def __init__(self, num_heads, key_dim, dim):
        super().__init__()
        self.num_heads, self.key_dim = num_heads, key_dim
        shapes = [*[(dim, num_heads, key_dim), (num_heads, key_dim)] * 3, (num_heads, key_dim, dim), (dim,)]
        self.parts = [self.add_weight(shape=shape, initializer="zeros") for shape in shapes]

    def call(self, query, value, key=None):
        asked = value if key is None else key
        q, k, v = (
            ops.einsum("btd,dhe->bhte", x, self.parts[2 * i]) + self.parts[2 * i + 1][:, None]
            for i, x in enumerate((query, asked, value))
        )
        scores = ops.softmax(ops.matmul(q, ops.swapaxes(k, 2, 3)) / self.key_dim**0.5)
        return ops.einsum("bhte,hed->btd", ops.matmul(scores, v), self.parts[6]) + self.parts[7]


def turned(x):
    """Tokens and channels swapped."""
    return ops.transpose(x, (0, 2, 1))


def rough_gelu(x):
    """gelu by its approximation with tanh."""
    return ops.gelu(x, approximate=True)


def norm(epsilon):
    """Keras's norm over the channels."""
    return keras.layers.LayerNormalization(epsilon=epsilon)


class Mixer(reference.MixerBlock):
    """The right block; a wrong one overrides a step, or how a part is made."""

    def __init__(self, num_tokens, dim, token_mlp_dim, channel_mlp_dim, epsilon=1e-6, **kwargs):
        keras.layers.Layer.__init__(self, **kwargs)
        self.norm1, self.norm2 = self.norms(epsilon)
        self.token_mlp = self.of_tokens(token_mlp_dim, num_tokens)
        self.channel_mlp = self.of_channels(channel_mlp_dim, dim)

    def build(self, input_shape):
        """Nothing: the sublayers build themselves at their first call, and Keras need not trace this one."""

    def norms(self, epsilon):
        return norm(epsilon), norm(epsilon)

    def of_tokens(self, hidden, width):
        return Mlp(hidden, width)

    def of_channels(self, hidden, width):
        return Mlp(hidden, width)

    def mix(self, x):
        return turned(self.token_mlp(turned(self.norm1(x))))

    def think(self, h):
        return self.channel_mlp(self.norm2(h))

    def call(self, x):
        h = x + self.mix(x)
        return h + self.think(h)


class Asking(reference.ClassAttentionBlock):
    """The right block of CaiT; a wrong one overrides a step, or how a part is made."""

    def __init__(self, dim, num_heads, mlp_dim, init_value=1e-5, epsilon=1e-6, **kwargs):
        keras.layers.Layer.__init__(self, **kwargs)
        self.norm1, self.norm2 = self.norms(epsilon)
        self.attn = self.attention(dim, num_heads)
        self.scale1, self.scale2 = self.scales(init_value)
        self.mlp = self.feed_forward(mlp_dim, dim)

    def build(self, input_shape):
        """Nothing: the sublayers build themselves at their first call, and Keras need not trace this one."""

    def norms(self, epsilon):
        return norm(epsilon), norm(epsilon)

    def attention(self, dim, heads):
        return Heads(heads, dim // heads, dim)

    def scales(self, init_value):
        return reference.LayerScale(init_value), reference.LayerScale(init_value)

    def feed_forward(self, hidden, width):
        return Mlp(hidden, width)

    def together(self, cls, patches):
        return ops.concatenate([cls, patches], axis=1)

    def attend(self, cls, patches):
        z = self.norm1(self.together(cls, patches))
        return self.attn(z[:, :1], z)

    def first(self, cls, patches):
        return cls + self.scale1(self.attend(cls, patches))

    def second(self, h, cls):
        return h + self.scale2(self.mlp(self.norm2(h)))

    def finish(self, y, patches):
        return y

    def call(self, cls, patches, training=None):
        return self.finish(self.second(self.first(cls, patches), cls), patches)


def variant(known, base, name, hint, twin=None, **steps):
    """Register a layer with some steps replaced."""
    return known.wrong(hint, twin)(type(name, (base,), steps))


def mixer_registry():
    """An empty list of mistakes in MixerBlock."""
    return Registry("MixerBlock")


def class_registry():
    """An empty list of mistakes in ClassAttentionBlock."""
    return Registry("ClassAttentionBlock")
