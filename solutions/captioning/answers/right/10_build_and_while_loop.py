# %%
import keras
import numpy as np
from keras import ops
from vitlab import scenes


# %%
def causal_mask(length):
    return ops.logical_not(ops.triu(ops.ones((length, length), dtype="bool"), k=1))


# %%
def padding_mask(token_ids, pad_id=0):
    token_ids = ops.convert_to_tensor(token_ids)
    return ops.cast(ops.swapaxes(token_ids[:, :, None, None], 1, 3) != pad_id, "float16")


# %%
class DecoderBlock(keras.layers.Layer):
    """Dropout by keras.random, on the hidden numbers of the MLP and on what is added."""

    def __init__(self, dim, num_heads, mlp_dim, dropout=0.0, epsilon=1e-6, **kwargs):
        super().__init__(**kwargs)
        self.rate = dropout
        self.seed = keras.random.SeedGenerator()
        self.self_attn = keras.layers.MultiHeadAttention(num_heads, key_dim=dim // num_heads)
        self.cross_attn = keras.layers.MultiHeadAttention(num_heads, key_dim=dim // num_heads)
        self.norm1 = keras.layers.LayerNormalization(epsilon=epsilon)
        self.norm2 = keras.layers.LayerNormalization(epsilon=epsilon)
        self.norm3 = keras.layers.LayerNormalization(epsilon=epsilon)
        inputs = keras.Input((None, dim))
        hidden = keras.layers.Dense(mlp_dim, "gelu")(inputs)
        self.mlp = keras.Model(inputs, keras.layers.Dense(dim)(hidden))

    def build(self, x_shape, memory_shape=None):
        self.self_attn.build(x_shape, x_shape)
        self.cross_attn.build(x_shape, memory_shape or x_shape)
        for norm in (self.norm1, self.norm2, self.norm3):
            norm.build(x_shape)
        self.built = True

    def thinned(self, found, training):
        if training and self.rate > 0:
            return keras.random.dropout(found, self.rate, seed=self.seed)
        return found

    def call(self, x, memory, self_mask=None, memory_mask=None, return_weights=False, training=None):
        found, self_weights = self.self_attn(x, x, attention_mask=self_mask, return_attention_scores=True)
        h1 = self.norm1(x + self.thinned(found, training))
        found, cross_weights = self.cross_attn(h1, memory, attention_mask=memory_mask, return_attention_scores=True)
        h2 = self.norm2(h1 + self.thinned(found, training))
        y = self.norm3(h2 + self.thinned(self.mlp(h2), training))
        return (y, self_weights, cross_weights) if return_weights else y


# %%
def shift_captions(captions, pad_id=0):
    captions = ops.convert_to_tensor(captions)
    columns = ops.unstack(captions, axis=1)
    targets = ops.stack(columns[1:], axis=1)
    return ops.stack(columns[:-1], axis=1), targets, ops.sign(ops.abs(ops.cast(targets - pad_id, "float32")))


# %%
def masked_token_loss(logits, targets, weights):
    p_of_target = ops.take_along_axis(
        ops.log_softmax(ops.cast(logits, "float32")), ops.expand_dims(ops.cast(targets, "int32"), -1), axis=-1
    )
    weights = ops.cast(weights, "float32")
    share = weights / ops.maximum(ops.sum(weights), 1.0)
    return -ops.sum(share * ops.squeeze(p_of_target, -1))


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
        self.pos_embed = keras.Variable(
            keras.initializers.RandomNormal(stddev=0.02), shape=(1, max_length, dim), dtype="float32", name="pos_embed"
        )
        self.blocks = [DecoderBlock(dim, num_heads, mlp_dim) for _ in range(decoder_depth)]
        self.head = keras.layers.Dense(vocab_size)

    def call(self, images, token_ids, training=None):
        memory = self.encoder(images)
        count = token_ids.shape[1]
        x = self.token_embed(token_ids) + ops.take(self.pos_embed, ops.arange(count), axis=1)
        mask = ops.reshape(ops.cast(causal_mask(count), "bool"), (1, 1, count, count))
        for block in self.blocks:
            x = block(x, memory, self_mask=mask, training=training)
        return self.head(x)


# %%
def greedy_decode(model, images, start_id, end_id, max_length, pad_id=0):
    """A fixed width, and ops.while_loop, which stops when all captions have ended."""
    count = len(images)
    start = ops.full((count, 1), start_id, dtype="int32")
    rows = ops.concatenate([start, ops.full((count, max_length - 1), pad_id, dtype="int32")], axis=1)

    def goes_on(t, rows, ended):
        return ops.logical_and(t < max_length, ops.logical_not(ops.all(ended)))

    def step(t, rows, ended):
        logits = model(images, rows[:, :-1], training=False)
        newest = ops.take(ops.convert_to_tensor(logits), t - 1, axis=1)
        word = ops.cast(ops.argmax(newest, axis=-1), "int32")
        word = ops.where(ended, ops.full_like(word, pad_id), word)
        here = ops.equal(ops.arange(max_length), t)[None]
        rows = ops.where(here, word[:, None], rows)
        return t + 1, rows, ops.logical_or(ended, ops.equal(word, end_id))

    state = (ops.convert_to_tensor(1, dtype="int32"), rows, ops.zeros((count,), dtype="bool"))
    return ops.while_loop(goes_on, step, state)[1]


# %%
def figure():
    keras.utils.set_random_seed(3)
    x, memory = keras.random.uniform((1, 6, 12)), keras.random.uniform((1, 5, 12))
    third_word = ops.one_hot([2], 6)[..., None]
    third_token = ops.one_hot([2], 5)[..., None]
    noise = keras.random.normal((1, 1, 12))
    new_x, new_memory = x + third_word * noise, memory + third_token * noise
    block, mask = DecoderBlock(12, 3, 24), ops.cast(causal_mask(6), "bool")

    def counted(after, before):
        return ops.count_nonzero(ops.max(ops.abs(after - before), axis=-1) > 1e-6)

    plain = block(x, memory, self_mask=mask)
    wrong = ops.stack(
        [
            ops.count_nonzero(ops.not_equal(ops.array(scenes.numbers_of(a)), ops.array(scenes.numbers_of(b))))
            for a, b in scenes.EXAMPLES
        ]
    )
    return {
        "reach": ops.stack(
            [
                counted(block(new_x, memory, self_mask=mask), plain),
                counted(block(new_x, memory), block(x, memory)),
                counted(block(x, new_memory, self_mask=mask), plain),
            ]
        ),
        "whole": ops.power(ops.array([0.9, 0.95, 0.99]), 9),
        "wrong_words": wrong,
        "grades": ops.minimum(wrong, 2),
        "answer_1": 6 * 4_204_032,
        "answer_2": ops.array([1, 0, 0, 1, 1]),
    }
