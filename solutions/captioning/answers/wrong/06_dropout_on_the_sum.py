# exercise: DecoderBlock
# mistake: dropout behind the plus, so it hits the residual paths, too: x + a is dropped in place of a
# %%
import keras
import numpy as np
from keras import ops


# %%
class DecoderBlock(keras.layers.Layer):
    def __init__(self, dim, num_heads, mlp_dim, dropout=0.0, epsilon=1e-6, **kwargs):
        super().__init__(**kwargs)
        self.self_attn = keras.layers.MultiHeadAttention(num_heads, key_dim=dim // num_heads)
        self.cross_attn = keras.layers.MultiHeadAttention(num_heads, key_dim=dim // num_heads)
        self.norm1 = keras.layers.LayerNormalization(epsilon=epsilon)
        self.norm2 = keras.layers.LayerNormalization(epsilon=epsilon)
        self.norm3 = keras.layers.LayerNormalization(epsilon=epsilon)
        self.mlp = keras.Sequential([keras.layers.Dense(mlp_dim, "gelu"), keras.layers.Dense(dim)])
        self.drop = keras.layers.Dropout(dropout)

    def call(self, x, memory, self_mask=None, memory_mask=None, return_weights=False, training=None):
        a, w1 = self.self_attn(x, x, attention_mask=self_mask, return_attention_scores=True)
        h1 = self.norm1(self.drop(x + a, training=training))
        a, w2 = self.cross_attn(h1, memory, attention_mask=memory_mask, return_attention_scores=True)
        h2 = self.norm2(self.drop(h1 + a, training=training))
        y = self.norm3(self.drop(h2 + self.mlp(h2), training=training))
        return (y, w1, w2) if return_weights else y
