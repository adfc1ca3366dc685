# exercise: DecoderBlock
# mistake: the norm first, inside the residual, as in the encoder block of lesson 4
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
        n = self.norm1(x)
        a, w1 = self.self_attn(n, n, attention_mask=self_mask, return_attention_scores=True)
        h1 = x + self.drop(a, training=training)
        a, w2 = self.cross_attn(self.norm2(h1), memory, attention_mask=memory_mask, return_attention_scores=True)
        h2 = h1 + self.drop(a, training=training)
        y = h2 + self.drop(self.mlp(self.norm3(h2)), training=training)
        return (y, w1, w2) if return_weights else y
