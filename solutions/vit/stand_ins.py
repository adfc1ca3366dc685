"""Right answers over Keras's public API, used in place of a failed exercise when a later one calls it.

They travel into the sandbox as text, so they hold nothing that Keras's documentation does not.
"""

STAND_INS = {
    "LayerNorm": """
import keras


class LayerNorm(keras.layers.LayerNormalization):
    def __init__(self, epsilon=1e-6, **kwargs):
        super().__init__(epsilon=epsilon, **kwargs)
""",
    "FeedForward": """
import keras


class FeedForward(keras.layers.Layer):
    def __init__(self, dim, hidden_dim, activation="gelu", dropout=0.0, **kwargs):
        super().__init__(**kwargs)
        self.fc1, self.fc2 = keras.layers.Dense(hidden_dim, activation), keras.layers.Dense(dim)
        self.steps = keras.Sequential([self.fc1, keras.layers.Dropout(dropout), self.fc2])

    def call(self, x, training=None):
        return self.steps(x, training=training)
""",
    "EncoderBlock": """
import keras


class Hidden(keras.layers.Layer):
    def __init__(self, dim, mlp_dim, activation, dropout):
        super().__init__()
        self.fc1, self.fc2 = keras.layers.Dense(mlp_dim, activation), keras.layers.Dense(dim)
        self.steps = keras.Sequential([self.fc1, keras.layers.Dropout(dropout), self.fc2])

    def call(self, x, training=None):
        return self.steps(x, training=training)


class EncoderBlock(keras.layers.Layer):
    def __init__(self, dim, num_heads, mlp_dim, norm_first, activation="gelu", dropout=0.0, epsilon=1e-6, **kwargs):
        super().__init__(**kwargs)
        self.attn = keras.layers.MultiHeadAttention(num_heads, dim // num_heads, dropout=dropout)
        self.norm1 = keras.layers.LayerNormalization(epsilon=epsilon)
        self.norm2 = keras.layers.LayerNormalization(epsilon=epsilon)
        self.mlp, same = Hidden(dim, mlp_dim, activation, dropout), keras.layers.Identity()
        self.before = [self.norm1, self.norm2] if norm_first else [same, same]
        self.after = [same, same] if norm_first else [self.norm1, self.norm2]

    def call(self, x, mask=None, return_weights=False, training=None):
        seen = self.before[0](x)
        found, weights = self.attn(seen, seen, attention_mask=mask, return_attention_scores=True, training=training)
        x = self.after[0](keras.layers.add([x, found]))
        x = self.after[1](keras.layers.add([x, self.mlp(self.before[1](x), training=training)]))
        return (x, weights) if return_weights else x
""",
    "vit_param_count": """
def vit_param_count(image_size, patch_size, num_classes, dim, depth, mlp_dim, extra_tokens=1, channels=3):
    import keras

    def size(layer, *shapes):
        layer.build(*shapes)
        return layer.count_params()

    tokens = (image_size // patch_size) * (image_size // patch_size) + extra_tokens
    row = (1, dim)
    norm = size(keras.layers.LayerNormalization(), row)
    attention = size(keras.layers.MultiHeadAttention(1, dim), (1, 1, dim), (1, 1, dim))
    mlp = size(keras.layers.Dense(mlp_dim), row) + size(keras.layers.Dense(dim), (1, mlp_dim))
    patches = size(keras.layers.Conv2D(dim, patch_size), (1, image_size, image_size, channels))
    heads = extra_tokens * size(keras.layers.Dense(num_classes), row)
    return patches + (extra_tokens + tokens) * dim + depth * (2 * norm + attention + mlp) + norm + heads
""",
    "warmup_cosine": """
def warmup_cosine(step, base_lr, warmup_steps, total_steps):
    import keras
    import numpy as np
    schedule = keras.optimizers.schedules.CosineDecay(
        0.0 if warmup_steps else base_lr, total_steps - warmup_steps,
        warmup_target=base_lr if warmup_steps else None, warmup_steps=warmup_steps,
    )
    steps = np.asarray(keras.ops.convert_to_numpy(step))
    rates = [float(schedule(float(one))) for one in steps.ravel()]
    return np.reshape(np.array(rates, "float32"), steps.shape)
""",
}
