"""A small vision transformer for tests of training, over Keras's own layers."""

import keras
from keras import ops


class Block(keras.layers.Layer):
    """A pre-norm encoder block."""

    def __init__(self, dim, num_heads, mlp_dim, dropout):
        super().__init__()
        self.norm1, self.norm2 = (keras.layers.LayerNormalization(epsilon=1e-6) for _ in range(2))
        self.attn = keras.layers.MultiHeadAttention(num_heads, dim // num_heads)
        self.fc1, self.fc2 = keras.layers.Dense(mlp_dim, "gelu"), keras.layers.Dense(dim)
        self.drop = keras.layers.Dropout(dropout)

    def call(self, x, training=None):
        """x (B, T, D) -> (B, T, D)."""
        normed = self.norm1(x)
        x = x + self.attn(normed, normed)
        return x + self.drop(self.fc2(self.fc1(self.norm2(x))), training=training)


class SmallViT(keras.Model):
    """Images (B, H, W, 3) -> logits (B, K); the arguments of a budget's model."""

    def __init__(
        self, image_size, patch_size, num_classes, dim, depth, num_heads, mlp_dim, dropout=0.0, pool="cls", **kwargs
    ):
        super().__init__(**kwargs)
        self.pool, tokens = pool, 1 + (image_size // patch_size) ** 2
        self.patch_embed = keras.layers.Conv2D(dim, patch_size, strides=patch_size)
        self.cls_token = self.add_weight(shape=(1, 1, dim), initializer="zeros", name="cls_token")
        start = keras.initializers.RandomNormal(stddev=0.02)
        self.pos_embed = self.add_weight(shape=(1, tokens, dim), initializer=start, name="pos_embed")
        self.blocks = [Block(dim, num_heads, mlp_dim, dropout) for _ in range(depth)]
        self.norm = keras.layers.LayerNormalization(epsilon=1e-6)
        self.head = keras.layers.Dense(num_classes)

    def call(self, images, training=None):
        """Images as they are."""
        patches = self.patch_embed(images)
        count, dim = ops.shape(patches)[0], patches.shape[-1]
        cls = ops.broadcast_to(self.cls_token, (count, 1, dim))
        x = ops.concatenate([cls, ops.reshape(patches, (count, -1, dim))], axis=1) + self.pos_embed
        for block in self.blocks:
            x = block(x, training=training)
        x = self.norm(x)
        return self.head(x[:, 0] if self.pool == "cls" else ops.mean(x[:, 1:], axis=1))
