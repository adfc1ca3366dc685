# %%
import keras
import numpy as np
import tensorflow as tf
from vitlab import scenes


# %%
def causal_mask(length):
    return tf.linalg.band_part(tf.ones((length, length)), -1, 0)


# %%
def padding_mask(token_ids, pad_id=0):
    token_ids = tf.convert_to_tensor(token_ids)
    return tf.expand_dims(tf.expand_dims(tf.not_equal(token_ids, tf.cast(pad_id, token_ids.dtype)), 1), 1)


# %%
class DecoderBlock(keras.layers.Layer):
    """Dropout inside the attentions, where Vaswani's code has it as well."""

    def __init__(self, dim, num_heads, mlp_dim, dropout=0.0, epsilon=1e-6, **kwargs):
        super().__init__(**kwargs)
        layers = keras.layers
        self.self_attn = layers.MultiHeadAttention(num_heads, dim // num_heads, dropout=dropout)
        self.cross_attn = layers.MultiHeadAttention(num_heads, dim // num_heads, dropout=dropout)
        self.norm1 = layers.LayerNormalization(epsilon=epsilon)
        self.norm2 = layers.LayerNormalization(epsilon=epsilon)
        self.norm3 = layers.LayerNormalization(epsilon=epsilon)
        inside = [layers.Dense(mlp_dim, activation="gelu"), layers.Dropout(dropout), layers.Dense(dim)]
        self.mlp = keras.Sequential(inside)

    def call(self, x, memory, self_mask=None, memory_mask=None, return_weights=False, training=None):
        if self_mask is not None:
            self_mask = tf.cast(self_mask, tf.bool)
        if memory_mask is not None:
            memory_mask = tf.cast(memory_mask, tf.bool)
        a, self_weights = self.self_attn(
            x, x, attention_mask=self_mask, return_attention_scores=True, training=training
        )
        h1 = self.norm1(tf.add(x, a))
        c, cross_weights = self.cross_attn(
            h1, memory, attention_mask=memory_mask, return_attention_scores=True, training=training
        )
        h2 = self.norm2(tf.add(h1, c))
        y = self.norm3(tf.add(h2, self.mlp(h2, training=training)))
        if return_weights:
            return y, self_weights, cross_weights
        return y


# %%
def shift_captions(captions, pad_id=0):
    captions = tf.convert_to_tensor(captions)
    targets = captions[:, 1:]
    return captions[:, :-1], targets, tf.cast(targets != tf.cast(pad_id, targets.dtype), tf.float32)


# %%
def masked_token_loss(logits, targets, weights):
    losses = tf.nn.sparse_softmax_cross_entropy_with_logits(
        labels=tf.cast(targets, tf.int32), logits=tf.cast(logits, tf.float32)
    )
    weights = tf.cast(weights, tf.float32)
    return tf.math.divide_no_nan(tf.reduce_sum(losses * weights), tf.reduce_sum(weights))


# %%
class CaptioningTransformer(keras.Model):
    def __init__(
        self, vocab_size, max_length, dim=64, num_heads=4, encoder_depth=2, decoder_depth=2, patch_size=8,
        image_size=32, mlp_dim=None, encoder=None, **kwargs,
    ):  # fmt: skip
        super().__init__(**kwargs)
        mlp_dim = mlp_dim or 2 * dim
        self.encoder = encoder
        if self.encoder is None:
            self.encoder = vit_trunk(image_size, patch_size, dim, encoder_depth, num_heads, mlp_dim)
        self.token_embed = keras.layers.Embedding(vocab_size, dim)
        self.pos_embed = self.add_weight(shape=(1, max_length, dim), initializer="zeros", name="pos_embed")
        self.blocks = [DecoderBlock(dim, num_heads, mlp_dim) for _ in range(decoder_depth)]
        self.head = keras.layers.Dense(vocab_size)

    def call(self, images, token_ids, training=None):
        memory = self.encoder(images)
        length = token_ids.shape[1]
        x = self.token_embed(token_ids) + tf.gather(self.pos_embed, tf.range(length), axis=1)
        mask = tf.cast(causal_mask(length), tf.bool)
        for block in self.blocks:
            x = block(x, memory, self_mask=mask, training=training)
        return self.head(x)


# %%
def greedy_decode(model, images, start_id, end_id, max_length, pad_id=0):
    rows = tf.fill((len(images), 1), tf.constant(start_id, tf.int32))
    ended = tf.zeros((len(images), 1), tf.bool)
    for _ in range(max_length - 1):
        logits = tf.convert_to_tensor(model(images, rows, training=False))
        word = tf.argmax(logits[:, -1:], axis=-1, output_type=tf.int32)
        word = tf.where(ended, tf.constant(pad_id, tf.int32), word)
        ended = tf.logical_or(ended, word == end_id)
        rows = tf.concat([rows, word], axis=1)
    return rows


# %%
def figure():
    tf.random.set_seed(0)
    x, memory = tf.random.normal((1, 6, 12)), tf.random.normal((1, 5, 12))
    x2 = tf.tensor_scatter_nd_update(x, [[0, 2]], tf.random.normal((1, 12)))
    memory2 = tf.tensor_scatter_nd_update(memory, [[0, 2]], tf.random.normal((1, 12)))
    block, mask = DecoderBlock(12, 3, 24), tf.cast(causal_mask(6), tf.bool)

    def moved(words, tokens, hidden):
        change = block(words, tokens, self_mask=hidden) - block(x, memory, self_mask=hidden)
        return tf.math.count_nonzero(tf.reduce_max(tf.abs(change), axis=-1) > 1e-6)

    true = tf.constant([list(scenes.numbers_of(a)) for a, _ in scenes.EXAMPLES])
    told = tf.constant([list(scenes.numbers_of(b)) for _, b in scenes.EXAMPLES])
    wrong = tf.math.count_nonzero(true != told, axis=1)
    return {
        "reach": tf.stack([moved(x2, memory, mask), moved(x2, memory, None), moved(x, memory2, mask)]),
        "whole": tf.pow(tf.constant([0.9, 0.95, 0.99]), 9.0),
        "wrong_words": wrong,
        "grades": tf.clip_by_value(wrong, 0, 2),
        "answer_1": 25_224_192,
        "answer_2": tf.constant([1, 0, 0, 1, 1]),
    }
