# %%
import functools

import keras
import numpy as np
from keras import ops
from vitlab import scenes


# %%
def gives(dtype):
    """A decorator: the result of the function in this dtype."""

    def decorate(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            return ops.cast(function(*args, **kwargs), dtype)

        return wrapper

    return decorate


def as_tensors(function):
    """A decorator: arrays become tensors before the function sees them, and plain numbers stay."""

    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        args = [a if np.ndim(a) == 0 else ops.convert_to_tensor(a) for a in args]
        return function(*args, **kwargs)

    return wrapper


@gives("float32")
def causal_mask(length):
    places = np.arange(length)
    return np.less_equal.outer(places, places).T


# %%
@gives("float32")
def padding_mask(token_ids, pad_id=0):
    return ops.expand_dims(ops.expand_dims(ops.abs(ops.subtract(token_ids, pad_id)) > 0, 1), 1)


# %%
def dropped(function):
    """A decorator for a method that computes what is added: dropout on its first result."""

    @functools.wraps(function)
    def wrapper(self, *args, training=None):
        found, weights = function(self, *args)
        return self.drop(found, training=training), weights

    return wrapper


class DecoderBlock(keras.layers.Layer):
    def __init__(self, dim, num_heads, mlp_dim, dropout=0.0, epsilon=1e-6, **kwargs):
        super().__init__(**kwargs)
        attention = functools.partial(keras.layers.MultiHeadAttention, num_heads, key_dim=dim // num_heads)
        norm = functools.partial(keras.layers.LayerNormalization, epsilon=epsilon)
        self.self_attn, self.cross_attn = attention(), attention()
        self.norm1, self.norm2, self.norm3 = norm(), norm(), norm()
        self.mlp = keras.Sequential([keras.layers.Dense(mlp_dim, keras.activations.gelu), keras.layers.Dense(dim)])
        self.drop = keras.layers.Dropout(dropout)

    @dropped
    def look_back(self, x, mask):
        return self.self_attn(query=x, value=x, attention_mask=mask, return_attention_scores=True)

    @dropped
    def look_at_picture(self, x, memory, mask):
        return self.cross_attn(query=x, value=memory, attention_mask=mask, return_attention_scores=True)

    @dropped
    def think(self, x):
        return self.mlp(x), None

    def call(self, x, memory, self_mask=None, memory_mask=None, return_weights=False, training=None):
        found, weights = self.look_back(x, self_mask, training=training)
        x = self.norm1(x + found)
        found, cross = self.look_at_picture(x, memory, memory_mask, training=training)
        x = self.norm2(x + found)
        found, _ = self.think(x, training=training)
        x = self.norm3(x + found)
        return (x, weights, cross) if return_weights else x


# %%
@as_tensors
def shift_captions(captions, pad_id=0):
    targets = captions[..., 1:]
    return captions[..., :-1], targets, ops.cast(targets != pad_id, "float32")


# %%
@as_tensors
def masked_token_loss(logits, targets, weights):
    counts = ops.cast(weights, "bool")
    surprise = keras.losses.sparse_categorical_crossentropy(targets, logits, from_logits=True)
    total = ops.sum(ops.where(counts, surprise, ops.zeros_like(surprise)))
    number = ops.sum(ops.cast(counts, surprise.dtype))
    return total / (number + ops.cast(ops.equal(number, 0), number.dtype))


# %%
class CaptioningTransformer(keras.Model):
    def __init__(
        self, vocab_size, max_length, dim=64, num_heads=4, encoder_depth=2, decoder_depth=2, patch_size=8,
        image_size=32, mlp_dim=None, encoder=None, **kwargs,
    ):  # fmt: skip
        super().__init__(**kwargs)
        mlp_dim = {None: 2 * dim}.get(mlp_dim, mlp_dim)
        make = {True: lambda: vit_trunk(image_size, patch_size, dim, encoder_depth, num_heads, mlp_dim),
                False: lambda: encoder}  # fmt: skip
        self.encoder = make[encoder is None]()
        self.token_embed = keras.layers.Embedding(vocab_size, dim)
        self.pos_embed = self.add_weight(shape=(1, max_length, dim), initializer="zeros", name="pos_embed")
        self.blocks = list(map(lambda _: DecoderBlock(dim, num_heads, mlp_dim), range(decoder_depth)))
        self.head = keras.layers.Dense(vocab_size)

    def call(self, images, token_ids, training=None):
        memory = self.encoder(images)
        count = token_ids.shape[1]
        start = ops.add(self.token_embed(token_ids), self.pos_embed[:, :count, :])
        mask = ops.cast(causal_mask(count), "bool")
        last = functools.reduce(
            lambda x, block: block(x, memory, self_mask=mask, training=training), self.blocks, start
        )
        return self.head(last)


# %%
def columns(model, images, start_id, end_id, pad_id):
    """A generator: one column of the result after the other, without an end."""
    column = np.full((len(images), 1), start_id, dtype="int32")
    rows, ended = column, np.zeros((len(images), 1), dtype=bool)
    while True:
        yield column
        logits = ops.convert_to_numpy(model(images, rows, training=False))
        column = np.where(ended, pad_id, logits[:, -1:].argmax(axis=-1)).astype("int32")
        ended = ended | (column == end_id)
        rows = np.hstack([rows, column])


def greedy_decode(model, images, start_id, end_id, max_length, pad_id=0):
    writing = columns(model, images, start_id, end_id, pad_id)
    return np.hstack([column for column, _ in zip(writing, range(max_length))])


# %%
def figure():
    random = np.random.RandomState(11)
    data = {"words": random.normal(size=(1, 6, 12)), "memory": random.normal(size=(1, 5, 12))}
    block = DecoderBlock(12, 3, 24)

    def run(data, mask):
        x, memory = (data[name].astype("float32") for name in ("words", "memory"))
        return ops.convert_to_numpy(block(x, memory, self_mask=mask))

    def count(which, mask):
        changed = {name: array.copy() for name, array in data.items()}
        changed[which][0, 2] += random.normal(size=12)
        return np.count_nonzero(np.abs(run(changed, mask) - run(data, mask)).max(axis=(0, 2)) > 1e-6)

    mask = ops.cast(causal_mask(6), "bool")
    true, told = map(lambda texts: np.stack(list(map(scenes.numbers_of, texts))), zip(*scenes.EXAMPLES))
    wrong = np.count_nonzero(true - told, axis=1)
    return dict(
        reach=np.array([count("words", mask), count("words", None), count("memory", mask)]),
        whole=functools.reduce(lambda done, _: done * np.array([0.9, 0.95, 0.99]), range(9), np.ones(3)),
        wrong_words=wrong,
        grades=np.where(wrong > 1, 2, wrong),
        answer_1=25_224_192,
        answer_2=[1, 0, 0, 1, 1],
    )
