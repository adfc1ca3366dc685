# exercise: EncoderBlock
# mistake: post-norm: the norm is on the output of the box and not on the sum
# %%
import keras
import numpy as np
from keras import ops


# %%
class EncoderBlock(keras.layers.Layer):
    def __init__(self, dim, num_heads, mlp_dim, norm_first, activation="gelu", dropout=0.0, epsilon=1e-6, **kwargs):
        super().__init__(**kwargs)
        self.norm_first = norm_first
        self.attn = keras.layers.MultiHeadAttention(num_heads, key_dim=dim // num_heads)
        self.norm1 = LayerNorm(epsilon)
        self.norm2 = LayerNorm(epsilon)
        self.mlp = FeedForward(dim, mlp_dim, activation, dropout)

    def call(self, x, mask=None, return_weights=False, training=None):
        if self.norm_first:
            n = self.norm1(x)
            a, weights = self.attn(n, n, attention_mask=mask, return_attention_scores=True, training=training)
            h = x + a
            y = h + self.mlp(self.norm2(h), training=training)
        else:
            a, weights = self.attn(x, x, attention_mask=mask, return_attention_scores=True, training=training)
            h = x + self.norm1(a)
            y = h + self.norm2(self.mlp(h, training=training))
        if return_weights:
            return y, weights
        return y
