"""Right answers over Keras's public API, used in place of a failed exercise when a later one calls it.

They travel into the sandbox as text, so they hold nothing that Keras's documentation does not.
"""

STAND_INS = {
    "causal_mask": """
def causal_mask(length):
    import numpy as np
    return np.tri(length, dtype="bool")
""",
    "padding_mask": """
def padding_mask(token_ids, pad_id=0):
    import keras
    return keras.ops.expand_dims(keras.ops.not_equal(token_ids, pad_id), (1, 2))
""",
    "DecoderBlock": """
import keras


class DecoderBlock(keras.layers.Layer):
    def __init__(self, dim, num_heads, mlp_dim, dropout=0.0, epsilon=1e-6, **kwargs):
        super().__init__(**kwargs)
        sizes = {"num_heads": num_heads, "key_dim": dim // num_heads, "dropout": dropout}
        self.self_attn, self.cross_attn = [keras.layers.MultiHeadAttention(**sizes) for _ in "ab"]
        self.norm1, self.norm2, self.norm3 = [keras.layers.LayerNormalization(epsilon=epsilon) for _ in "abc"]
        self.mlp = keras.Sequential()
        self.mlp.add(keras.layers.Dense(mlp_dim, "gelu"))
        self.mlp.add(keras.layers.Dropout(dropout))
        self.mlp.add(keras.layers.Dense(dim))

    def call(self, x, memory, self_mask=None, memory_mask=None, return_weights=False, training=None):
        maps = []
        for layer, norm, read, mask in (
            (self.self_attn, self.norm1, None, self_mask), (self.cross_attn, self.norm2, memory, memory_mask)
        ):
            source = x if read is None else read
            out, scores = layer(x, source, attention_mask=mask, return_attention_scores=True, training=training)
            x = norm(keras.layers.add([x, out]))
            maps.append(scores)
        x = self.norm3(keras.layers.add([x, self.mlp(x, training=training)]))
        return (x, *maps) if return_weights else x
""",
}
