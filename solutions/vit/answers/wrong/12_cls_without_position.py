# exercise: VisionTransformer
# mistake: positions are added to the patches (rows 1 to N), then CLS is put in front without its row 0
# %%
import keras
import numpy as np
from keras import ops


# %%
class VisionTransformer(keras.Model):
    def __init__(
        self,
        image_size=32,
        patch_size=4,
        num_classes=10,
        dim=64,
        depth=4,
        num_heads=4,
        mlp_dim=128,
        dropout=0.0,
        pool="cls",
        **kwargs,
    ):
        super().__init__(**kwargs)
        n = (image_size // patch_size) ** 2
        self.dim = dim
        self.pool = pool
        self.patch_embed = keras.layers.Conv2D(dim, patch_size, strides=patch_size)
        self.cls_token = self.add_weight(shape=(1, 1, dim), initializer="zeros", name="cls_token")
        self.pos_embed = self.add_weight(shape=(1, 1 + n, dim), initializer="random_normal", name="pos_embed")
        self.dropout = keras.layers.Dropout(dropout)
        self.blocks = [EncoderBlock(dim, num_heads, mlp_dim, norm_first=True, dropout=dropout) for _ in range(depth)]
        self.norm = LayerNorm(1e-6)
        self.head = keras.layers.Dense(num_classes)

    def call(self, images, training=None):
        features, _ = self.forward_features(images, training=training)
        x = self.norm(features[-1])
        if self.pool == "cls":
            x = x[:, 0]
        else:
            x = ops.mean(x[:, 1:], axis=1)
        return self.head(x)

    def forward_features(self, images, training=None):
        x = self.patch_embed(images)
        batch = ops.shape(images)[0]
        x = ops.reshape(x, (batch, -1, self.dim))
        cls = ops.broadcast_to(self.cls_token, (batch, 1, self.dim))
        x = x + self.pos_embed[:, 1:]
        x = ops.concatenate([cls, x], axis=1)
        x = self.dropout(x, training=training)
        features, attentions = [], []
        for block in self.blocks:
            x, weights = block(x, return_weights=True, training=training)
            features.append(x)
            attentions.append(weights)
        return features, attentions
