# %%
import keras
import numpy as np
from keras import ops
from vitlab import scenes


# %%
def causal_mask(length):
    return np.array([[1] * (t + 1) + [0] * (length - t - 1) for t in range(length)])


# %%
def padding_mask(token_ids, pad_id=0):
    rows = ops.convert_to_numpy(token_ids).tolist()
    return np.array([[[[int(token != pad_id) for token in row]]] for row in rows])


# %%
class DecoderBlock(keras.layers.Layer):
    """The three formulas as one loop over (what is added, its norm)."""

    def __init__(self, dim, num_heads, mlp_dim, dropout=0.0, epsilon=1e-6, **kwargs):
        super().__init__(**kwargs)
        self.self_attn, self.cross_attn = [
            keras.layers.MultiHeadAttention(num_heads, key_dim=dim // num_heads) for _ in range(2)
        ]
        self.norm1, self.norm2, self.norm3 = [keras.layers.LayerNormalization(epsilon=epsilon) for _ in range(3)]
        self.mlp = keras.Sequential(
            [keras.layers.Dense(mlp_dim, activation="gelu"), keras.layers.Dense(dim), keras.layers.Dropout(dropout)]
        )

    def call(self, x, memory, self_mask=None, memory_mask=None, return_weights=False, training=None):
        wanted = {"return_attention_scores": True, "training": training}
        parts = (
            (self.norm1, lambda h: self.self_attn(h, h, attention_mask=self_mask, **wanted)),
            (self.norm2, lambda h: self.cross_attn(h, memory, attention_mask=memory_mask, **wanted)),
            (self.norm3, lambda h: (self.mlp(h, training=training), None)),
        )
        weights = []
        for norm, part in parts:
            found, its_weights = part(x)
            x = norm(x + found)
            weights.append(its_weights)
        return (x, weights[0], weights[1]) if return_weights else x


# %%
def shift_captions(captions, pad_id=0):
    rows = ops.convert_to_numpy(captions)
    inputs = np.stack([rows[:, t] for t in range(rows.shape[1] - 1)], axis=1)
    targets = np.stack([rows[:, t] for t in range(1, rows.shape[1])], axis=1)
    weights = np.array([[float(word != pad_id) for word in row] for row in targets], dtype="float32")
    return inputs, targets, weights


# %%
def masked_token_loss(logits, targets, weights):
    logits = ops.cast(logits, "float32")
    shifted = logits - ops.stop_gradient(ops.max(logits, axis=-1, keepdims=True))
    log_p = shifted - ops.log(ops.sum(ops.exp(shifted), axis=-1, keepdims=True))
    targets = ops.cast(targets, "int32")
    vocabulary = range(logits.shape[-1])
    chosen = sum(ops.where(ops.equal(targets, v), log_p[..., v], 0.0) for v in vocabulary)
    weights = ops.cast(weights, "float32")
    return -ops.sum(weights * chosen) / ops.maximum(1.0, ops.sum(weights))


# %%
class CaptioningTransformer(keras.Model):
    def __init__(
        self, vocab_size, max_length, dim=64, num_heads=4, encoder_depth=2, decoder_depth=2, patch_size=8,
        image_size=32, mlp_dim=None, encoder=None, **kwargs,
    ):  # fmt: skip
        super().__init__(**kwargs)
        if mlp_dim is None:
            mlp_dim = dim + dim
        size = dict(dim=dim, num_heads=num_heads, mlp_dim=mlp_dim)
        self.blocks = [DecoderBlock(name=f"decoder_{i}", **size) for i in range(decoder_depth)]
        self.head = keras.layers.Dense(vocab_size, name="head")
        self.token_embed = keras.layers.Embedding(vocab_size, dim, name="token_embed")
        self.pos_embed = self.add_weight(shape=(1, max_length, dim), initializer="random_uniform", name="pos_embed")
        if encoder is None:
            encoder = vit_trunk(image_size=image_size, patch_size=patch_size, depth=encoder_depth, **size)
        self.encoder = encoder

    def call(self, images, token_ids, training=None):
        count = token_ids.shape[1]
        positions = ops.stack([self.pos_embed[:, t] for t in range(count)], axis=1)
        mask = ops.convert_to_tensor([[s <= t for s in range(count)] for t in range(count)], dtype="bool")
        memory = self.encoder(images)
        x = [self.token_embed(token_ids) + positions]
        x += [block(x.pop(), memory, self_mask=mask, training=training) for block in self.blocks[:1]]
        for block in self.blocks[1:]:
            x = [block(x[0], memory, self_mask=mask, training=training)]
        return self.head(x[0])


# %%
def finish(model, image, caption, end_id, max_length, pad_id):
    """A caption that has begun, as a list, and its end."""
    if len(caption) == max_length:
        return caption
    if caption[-1] in (end_id, pad_id):
        return finish(model, image, [*caption, pad_id], end_id, max_length, pad_id)
    logits = ops.convert_to_numpy(model(image, ops.convert_to_tensor([caption], dtype="int32"), training=False))
    return finish(model, image, [*caption, int(np.argmax(logits[0, -1]))], end_id, max_length, pad_id)


def greedy_decode(model, images, start_id, end_id, max_length, pad_id=0):
    return np.array(
        [finish(model, images[n : n + 1], [start_id], end_id, max_length, pad_id) for n in range(len(images))]
    )


# %%
def figure():
    random = np.random.RandomState(5)
    x, memory = [random.normal(size=(1, n, 12)).astype("float32") for n in (6, 5)]
    x2, memory2 = [np.stack([[row if t != 2 else -row for t, row in enumerate(a[0])]])[0:1] for a in (x, memory)]
    block = DecoderBlock(12, 3, 24)
    mask = causal_mask(6) == 1
    reach = [
        len([t for t in range(6) if float(ops.max(ops.abs((after - before)[0, t]))) > 1e-6])
        for after, before in (
            (block(x2, memory, self_mask=mask), block(x, memory, self_mask=mask)),
            (block(x2, memory), block(x, memory)),
            (block(x, memory2, self_mask=mask), block(x, memory, self_mask=mask)),
        )
    ]
    wrong = [sum(a != b for a, b in zip(scenes.numbers_of(p), scenes.numbers_of(q))) for p, q in scenes.EXAMPLES]
    return {
        "reach": reach,
        "whole": [float(np.prod([p] * 9)) for p in (0.9, 0.95, 0.99)],
        "wrong_words": [int(n) for n in wrong],
        "grades": [0 if n == 0 else 1 if n == 1 else 2 for n in wrong],
        "answer_1": sum(2 * (4 * 512**2 + 4 * 512) + 3 * (512 + 512) + 2_099_712 for _ in range(6)),
        "answer_2": [int(c) for c in "10011"],
    }
