# exercise: CaptioningTransformer
# mistake: the causal mask is handed to the first block only; the others look into the future
# %%
import keras
import numpy as np
from keras import ops


# %%
class CaptioningTransformer(keras.Model):
    def __init__(
        self, vocab_size, max_length, dim=64, num_heads=4, encoder_depth=2, decoder_depth=2, patch_size=8,
        image_size=32, mlp_dim=None, encoder=None, **kwargs,
    ):  # fmt: skip
        super().__init__(**kwargs)
        if mlp_dim is None:
            mlp_dim = 2 * dim
        if encoder is None:
            encoder = vit_trunk(image_size, patch_size, dim, encoder_depth, num_heads, mlp_dim)
        self.encoder = encoder
        self.token_embed = keras.layers.Embedding(vocab_size, dim)
        self.pos_embed = self.add_weight(shape=(1, max_length, dim), initializer="random_normal", name="pos_embed")
        self.blocks = [DecoderBlock(dim, num_heads, mlp_dim) for _ in range(decoder_depth)]
        self.head = keras.layers.Dense(vocab_size)

    def call(self, images, token_ids, training=None):
        memory = self.encoder(images)
        count = token_ids.shape[1]
        x = self.token_embed(token_ids) + self.pos_embed[:, :count]
        mask = ops.cast(causal_mask(count), "bool")
        for block in self.blocks:
            x = block(x, memory, self_mask=mask, training=training)
            mask = None
        return self.head(x)
