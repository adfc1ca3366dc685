# %%
import keras
import numpy as np
from keras import ops
from vitlab import scenes


# %%
def causal_mask(length):
    return np.tri(length)


# %%
def padding_mask(token_ids, pad_id=0):
    ids = np.asarray(token_ids)
    return np.expand_dims(np.where(ids == pad_id, 0, 1), (1, 2)).astype("uint8")


# %%
def three_axes(mask, like):
    """Any of the allowed masks as bool (B, Tq, Tk), which is what Keras documents."""
    if mask is None:
        return None
    mask = ops.cast(mask, "bool")
    if len(mask.shape) == 4:
        mask = mask[:, 0]
    else:
        mask = mask[None]
    return ops.logical_and(mask, ops.ones((1, like.shape[1], 1), dtype="bool"))


class DecoderBlock(keras.layers.Layer):
    def __init__(self, dim, num_heads, mlp_dim, dropout=0.0, epsilon=1e-6, **kwargs):
        super().__init__(**kwargs)
        head = dim // num_heads
        self.self_attn = keras.layers.MultiHeadAttention(num_heads, head)
        self.cross_attn = keras.layers.MultiHeadAttention(num_heads, head)
        self.norm1 = keras.layers.LayerNormalization(axis=-1, epsilon=epsilon)
        self.norm2 = keras.layers.LayerNormalization(axis=-1, epsilon=epsilon)
        self.norm3 = keras.layers.LayerNormalization(axis=-1, epsilon=epsilon)
        self.mlp = keras.Sequential([keras.layers.Dense(mlp_dim, "gelu"), keras.layers.Dense(dim)])
        self.drop_words, self.drop_picture, self.drop_thoughts = (keras.layers.Dropout(dropout) for _ in range(3))

    def call(self, x, memory, self_mask=None, memory_mask=None, return_weights=False, training=None):
        self_mask, memory_mask = three_axes(self_mask, x), three_axes(memory_mask, x)
        found, w_self = self.self_attn(x, x, attention_mask=self_mask, return_attention_scores=True)
        h1 = self.norm1(x + self.drop_words(found, training=training))
        found, w_cross = self.cross_attn(h1, memory, attention_mask=memory_mask, return_attention_scores=True)
        h2 = self.norm2(h1 + self.drop_picture(found, training=training))
        y = self.norm3(h2 + self.drop_thoughts(self.mlp(h2), training=training))
        if return_weights:
            return y, w_self, w_cross
        return y


# %%
def shift_captions(captions, pad_id=0):
    captions = np.asarray(captions)
    inputs = np.delete(captions, -1, axis=1)
    targets = np.roll(captions, -1, axis=1)[:, :-1]
    return inputs, targets, (targets != pad_id).astype(np.float32)


# %%
def masked_token_loss(logits, targets, weights):
    logits = ops.cast(logits, "float32")
    one_hot = ops.one_hot(ops.cast(targets, "int32"), logits.shape[-1])
    losses = keras.losses.categorical_crossentropy(one_hot, logits, from_logits=True)
    weights = ops.cast(weights, "float32")
    return ops.divide_no_nan(ops.sum(ops.multiply(losses, weights)), ops.sum(weights))


# %%
class CaptioningTransformer(keras.Model):
    def __init__(
        self, vocab_size, max_length, dim=64, num_heads=4, encoder_depth=2, decoder_depth=2, patch_size=8,
        image_size=32, mlp_dim=None, encoder=None, **kwargs,
    ):  # fmt: skip
        super().__init__(**kwargs)
        self.dim = dim
        mlp_dim = 2 * dim if mlp_dim is None else mlp_dim
        if encoder is None:
            encoder = vit_trunk(image_size, patch_size, dim, encoder_depth, num_heads, mlp_dim)
        self.encoder = encoder
        self.token_embed = keras.layers.Embedding(vocab_size, dim)
        self.pos_embed = self.add_weight(shape=(1, max_length, dim), initializer="random_normal", name="pos_embed")
        self.blocks = [DecoderBlock(dim, num_heads, mlp_dim) for _ in range(decoder_depth)]
        self.head = keras.layers.Dense(vocab_size)
        # all masks that can be needed are corners of the largest one
        self.past = np.tri(max_length, dtype=bool)

    def call(self, images, token_ids, training=None):
        count = token_ids.shape[1]
        table = ops.slice(ops.convert_to_tensor(self.pos_embed), (0, 0, 0), (1, count, self.dim))
        memory = self.encoder(images)
        x = self.token_embed(token_ids) + table
        for block in self.blocks:
            x = block(x, memory, self_mask=ops.convert_to_tensor(self.past[:count, :count]), training=training)
        return self.head(x)


# %%
def greedy_decode(model, images, start_id, end_id, max_length, pad_id=0):
    """Writes to the end without a look at end_id, and wipes afterwards what stands behind it."""
    rows = np.full((len(images), 1), start_id)
    while rows.shape[1] < max_length:
        logits = ops.convert_to_numpy(model(images, rows, training=False))
        rows = np.append(rows, logits[:, -1:].argmax(axis=2), axis=1)
    is_end = rows == end_id
    behind = (np.cumsum(is_end, axis=1) - is_end) > 0
    rows[behind] = pad_id
    return rows


# %%
def figure():
    random = np.random.default_rng(8)
    x = random.normal(size=(1, 6, 12)).astype("float32")
    memory = random.normal(size=(1, 5, 12)).astype("float32")
    batch_x = np.concatenate([x, x, x])
    batch_memory = np.concatenate([memory, memory, memory])
    batch_x[1, 2] = random.normal(size=12)  # 0: as it was. 1: word 2 is new. 2: token 2 of the memory is new
    batch_memory[2, 2] = random.normal(size=12)
    block = DecoderBlock(12, 3, 24)
    masked = np.asarray(block(batch_x, batch_memory, self_mask=causal_mask(6) > 0))
    free = np.asarray(block(batch_x, batch_memory))
    change = np.stack([masked[1] - masked[0], free[1] - free[0], masked[2] - masked[0]])
    numbers = np.array([[scenes.numbers_of(true), scenes.numbers_of(told)] for true, told in scenes.EXAMPLES])
    wrong = (np.diff(numbers, axis=1)[:, 0] != 0).sum(axis=1)
    return {
        "reach": (np.abs(change).max(axis=-1) > 1e-5).sum(axis=-1),
        "whole": np.array([0.9, 0.95, 0.99]) ** 9,
        "wrong_words": wrong,
        "grades": np.clip(wrong, 0, 2),
        "answer_1": np.array(25_224_192),
        "answer_2": np.array([1, 0, 0, 1, 1], dtype=float),
    }
