# %%
import keras
import numpy as np
from keras import ops
from vitlab import scenes


# %%
def causal_mask(length):
    return ops.cumsum(ops.eye(length), axis=0)


# %%
def padding_mask(token_ids, pad_id=0):
    words = 1 - ops.cast(ops.equal(token_ids, pad_id), "int32")
    return ops.reshape(words, (-1, 1, 1, words.shape[1]))


# %%
class DecoderBlock(keras.layers.Layer):
    """Asks for weights only where they are wanted; dropout on what each sublayer adds."""

    def __init__(self, dim, num_heads, mlp_dim, dropout=0.0, epsilon=1e-6, **kwargs):
        super().__init__(**kwargs)
        for name in ("self_attn", "cross_attn"):
            setattr(self, name, keras.layers.MultiHeadAttention(num_heads, key_dim=dim // num_heads))
        for name in ("norm1", "norm2", "norm3"):
            setattr(self, name, keras.layers.LayerNormalization(epsilon=epsilon))
        self.mlp = keras.Sequential()
        self.mlp.add(keras.layers.Dense(mlp_dim))
        self.mlp.add(keras.layers.Activation("gelu"))
        self.mlp.add(keras.layers.Dense(dim))
        self.drop1 = keras.layers.Dropout(dropout)
        self.drop2 = keras.layers.Dropout(dropout)
        self.drop3 = keras.layers.Dropout(dropout)

    def call(self, x, memory, self_mask=None, memory_mask=None, return_weights=False, training=None):
        weights = []

        def ask(layer, query, value, mask):
            if not return_weights:
                return layer(query, value, attention_mask=mask)
            found, scores = layer(query, value, attention_mask=mask, return_attention_scores=True)
            weights.append(scores)
            return found

        self_mask = None if self_mask is None else ops.cast(self_mask, "bool")
        memory_mask = None if memory_mask is None else ops.cast(memory_mask, "bool")
        h1 = self.norm1(x + self.drop1(ask(self.self_attn, x, x, self_mask), training=training))
        h2 = self.norm2(h1 + self.drop2(ask(self.cross_attn, h1, memory, memory_mask), training=training))
        y = self.norm3(h2 + self.drop3(self.mlp(h2), training=training))
        return (y, *weights) if return_weights else y


# %%
def shift_captions(captions, pad_id=0):
    length = captions.shape[1]
    inputs = ops.take(captions, ops.arange(length - 1), axis=1)
    targets = ops.take(captions, ops.arange(1, length), axis=1)
    weights = ops.where(ops.equal(targets, pad_id), ops.zeros((), "float32"), ops.ones((), "float32"))
    return inputs, targets, weights


# %%
def masked_token_loss(logits, targets, weights):
    log_p = ops.log_softmax(ops.cast(logits, "float32"), axis=-1)
    right = ops.one_hot(ops.cast(targets, "int32"), log_p.shape[-1])
    weights = ops.cast(weights, "float32")
    surprise = -ops.einsum("bt,btv,btv->", weights, right, log_p)
    return surprise / ops.maximum(ops.einsum("bt->", weights), 1.0)


# %%
class CaptioningTransformer(keras.Model):
    """Positions through a product with one-hot rows of the table."""

    def __init__(
        self, vocab_size, max_length, dim=64, num_heads=4, encoder_depth=2, decoder_depth=2, patch_size=8,
        image_size=32, mlp_dim=None, encoder=None, **kwargs,
    ):  # fmt: skip
        super().__init__(**kwargs)
        mlp_dim = 2 * dim if mlp_dim is None else mlp_dim
        self.max_length = max_length
        self.token_embed = keras.layers.Embedding(vocab_size, dim)
        self.pos_embed = self.add_weight(shape=(1, max_length, dim), initializer="uniform", name="pos_embed")
        self.blocks = [DecoderBlock(dim, num_heads, mlp_dim) for _ in range(decoder_depth)]
        self.head = keras.layers.Dense(vocab_size)
        self.encoder = (
            vit_trunk(image_size, patch_size, dim, encoder_depth, num_heads, mlp_dim) if encoder is None else encoder
        )

    def call(self, images, token_ids, training=None):
        count = token_ids.shape[1]
        memory = self.encoder(images, training=training)
        chosen = ops.eye(count, self.max_length)
        x = self.token_embed(token_ids) + ops.einsum("tl,bld->btd", chosen, ops.convert_to_tensor(self.pos_embed))
        allowed = causal_mask(count) > 0.5
        for block in self.blocks:
            x = block(x, memory, self_mask=allowed, training=training)
        return self.head(x)


# %%
def greedy_decode(model, images, start_id, end_id, max_length, pad_id=0):
    rows = np.full((len(images), max_length), pad_id, dtype="int64")
    rows[:, 0] = start_id
    going = np.ones(len(images), dtype=bool)
    for t in range(1, max_length):
        logits = ops.convert_to_numpy(model(images, rows[:, :-1], training=False))
        rows[going, t] = logits[going, t - 1].argmax(axis=-1)
        going = going & (rows[:, t] != end_id)
    return rows


# %%
def figure():
    random = np.random.default_rng(0)
    x = random.normal(size=(6, 12)).astype("float32")
    memory = random.normal(size=(5, 12)).astype("float32")
    second = (np.arange(6) == 2).astype("float32")
    noise = random.normal(size=12).astype("float32")
    new_x = x + np.einsum("t,d->td", second, noise)
    new_memory = memory + np.einsum("t,d->td", second[:5], noise)
    block = DecoderBlock(12, 3, 24)
    mask = causal_mask(6) > 0

    def rows(a, b, m):
        return ops.convert_to_numpy(block(a[None], b[None], self_mask=m))[0]

    differences = np.stack([
        rows(new_x, memory, mask) - rows(x, memory, mask),
        rows(new_x, memory, None) - rows(x, memory, None),
        rows(x, new_memory, mask) - rows(x, memory, mask),
    ])  # fmt: skip
    size = np.sqrt(np.einsum("etd,etd->et", differences, differences))
    pairs = np.array([[scenes.numbers_of(text) for text in pair] for pair in scenes.EXAMPLES])
    wrong = np.einsum("pl->p", (pairs[:, 0] != pairs[:, 1]).astype(int))
    return {
        "reach": (size > 1e-5).sum(axis=1),
        "whole": np.exp(9 * np.log([0.9, 0.95, 0.99])),
        "wrong_words": wrong,
        "grades": (wrong > 0).astype(int) + (wrong > 1),
        "answer_1": 6 * (2 * 1_050_624 + 3 * 1_024 + 2_099_712),
        "answer_2": np.array([1, 0, 0, 1, 1]),
    }
