# exercise: DecoderBlock
# mistake: copy-paste: the second residual adds the block's input x again, in place of h1
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
        h1 = self.norm1(x + self.drop(a, training=training))
        a, w2 = self.cross_attn(h1, memory, attention_mask=memory_mask, return_attention_scores=True)
        h2 = self.norm2(x + self.drop(a, training=training))
        y = self.norm3(h2 + self.drop(self.mlp(h2), training=training))
        return (y, w1, w2) if return_weights else y
