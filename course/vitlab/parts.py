"""Callables that a question hands to a student's code, written as plain data so that they can cross the wire.

{"$part": "mixer", "mix": array, "kernel": array} becomes a function. They hold nothing that an exercise asks for.
"""

import keras
import numpy as np
from keras import ops

MARK = "$part"


def mixer(mix, kernel):
    """A layer over a set of tokens: x (B, N, D) -> tanh(mix x kernel) (B, N, D').

    Args:
        mix: tensor (N, N); row i says how much of each token goes into output i.
        kernel: tensor (D, D').
    """

    def layer(x):
        return ops.tanh(ops.matmul(mix, ops.matmul(x, kernel)))

    return layer


def series(kernel):
    """A layer over sequences of any length, one by one: x (B, T, C) -> tanh(mix x kernel) (B, T, C).

    How much of token j goes into output i depends on both places, so no order of the tokens is like another.

    Args:
        kernel: tensor (C, C).
    """

    def layer(x):
        x = ops.convert_to_tensor(x)
        places = ops.arange(x.shape[1], dtype="float32")
        mix = ops.sin((places[:, None] + 1) * (places + 2))
        return ops.tanh(ops.matmul(mix, ops.matmul(x, kernel)))

    return layer


class Seer(keras.layers.Layer):
    """An encoder without weights: images (B, H, W, C) -> tokens (B, S, D), which depend on every pixel."""

    def __init__(self, kernel):
        """kernel: tensor (H*W*C, S, D)."""
        super().__init__()
        self.kernel = kernel

    def call(self, images, training=None):
        """Images (B, H, W, C) -> (B, S, D)."""
        pixels = ops.reshape(images, (-1, self.kernel.shape[0]))
        return ops.tanh(ops.tensordot(pixels, self.kernel, axes=1))


def teller(captions, lost, vocabulary):
    """A model that knows one caption for each picture: (images, token_ids (B, T)) -> logits (B, T, V).

    It is causal: place t depends on the words up to t. As long as they are the picture's caption, its next word is the
    likeliest; after any other word it is at a loss. Which caption it is stands in the picture's first pixel.

    Args:
        captions: int tensor (K, L + 1), one row for each kind of picture: T may be up to L.
        lost: int tensor (L,), the likeliest word at each place once it is at a loss.
        vocabulary: V.
    """

    def model(images, token_ids, training=None):
        tokens = ops.cast(token_ids, "int32")
        kinds = ops.cast(images[:, 0, 0, 0] * captions.shape[0], "int32")
        told, count = ops.take(captions, kinds, axis=0), tokens.shape[1]
        known = ops.cumprod(ops.cast(tokens == told[:, :count], "int32"), axis=1)
        words = ops.where(known == 1, told[:, 1 : count + 1], lost[:count])
        places = ops.cast(ops.arange(1, count + 1), "float32")[:, None]
        return 3 * ops.one_hot(words, vocabulary) + ops.sin(places * ops.arange(vocabulary, dtype="float32"))

    return model


def classifier(shape, hidden, classes, drop=0.0):
    """A small model that behaves otherwise in training: images (B, *shape) -> logits (B, classes).

    Its layers with weights are called norm (a BatchNormalization), hidden and head (Dense).

    Args:
        shape: of one image, as a list. hidden: width of its hidden layer. classes: K.
        drop: a rate of dropout in front of the head.
    """
    images = keras.Input(tuple(shape))
    flat = keras.layers.BatchNormalization(name="norm")(keras.layers.Flatten()(images))
    x = keras.layers.Dropout(drop)(keras.layers.Dense(hidden, "tanh", name="hidden")(flat))
    return keras.Model(images, keras.layers.Dense(classes, name="head")(x))


def mapper(rows, columns, channels):
    """A function of pictures: (B, H, W, C) -> tanh of (B, H', W', C'), which mixes rows, columns and channels.

    Args:
        rows: tensor (H', H); row i says how much of each row of the picture goes into row i of the output.
        columns: tensor (W', W), likewise.
        channels: tensor (C, C').
    """

    def function(images):
        mixed = ops.einsum("bhwc,yh,xw,cd->byxd", ops.convert_to_tensor(images), rows, columns, channels)
        return ops.tanh(mixed)

    return function


def voter(pixels, means):
    """A classifier: images (B, H, W, C) -> logits (B, K). It looks at each pixel, and at the mean of each channel.

    Args:
        pixels: tensor (H, W, C, K).
        means: tensor (C, K).
    """

    def classifier(images):
        seen = ops.convert_to_tensor(images)
        return ops.tensordot(seen, pixels, axes=3) + ops.matmul(ops.mean(seen, axis=(1, 2)), means)

    return classifier


class Learner:
    """It stands in for a compiled model and learns nothing. What it answers depends on its seed, on how many batches it
    was shown and how large they were, and on which images and labels it was shown how often; not on their order. It
    answers otherwise once it was shown something after it had been asked.

    The number of an image stands in its first pixel, in thousandths.
    """

    def __init__(self, seed, classes):
        self.seed, self.classes, self.batches, self.squares, self.shown = int(seed), classes, 0, 0, 0
        self.asked, self.shown_later = False, False

    def train_on_batch(self, x, y=None, **options):
        """Count a batch of images and labels; -> a loss that says nothing."""
        if len(x) != len(y):
            raise ValueError(f"Expected as many labels as images. Received: {len(x)} images and {len(y)} labels.")
        rows = zip(numbers_of(x), np.ravel(y), strict=True)
        self.shown += sum(stirred(1000 * int(number) + int(label)) for number, label in rows)
        self.batches, self.squares = self.batches + 1, self.squares + len(x) ** 2
        self.shown_later |= self.asked
        return 1.0

    def predict(self, x, **options):
        """Images (M, H, W, C) -> logits (M, K), which hang together with nothing but what was counted."""
        self.asked = True
        state = stirred(self.seed) + 3 * stirred(self.batches) + 5 * stirred(self.squares) + self.shown
        state += 7 * self.shown_later
        rows = [[stirred(state + 97 * int(n) + k) for k in range(self.classes)] for n in numbers_of(x)]
        return np.array(rows, "float64").astype("float32") / 2**32


def numbers_of(images):
    """The numbers (n,) that stand in the first pixels of images (n, H, W, C)."""
    return np.rint(1000 * ops.convert_to_numpy(images)[:, 0, 0, 0]).astype("int64")


def stirred(number):
    """A whole number as one below 2**32 that looks drawn at random, and is always the same."""
    number = (number * 0x9E3779B97F4A7C15 + 0x7F4A7C15) % 2**64
    number = ((number ^ (number >> 30)) * 0xBF58476D1CE4E5B9) % 2**64
    return (number ^ (number >> 31)) >> 32


def learners(classes):
    """A function seed -> a new Learner."""
    return lambda seed: Learner(seed, classes)


def arrays(value):
    """The value with NumPy arrays in place of its tensors: for exercises that promise arrays."""
    if isinstance(value, (list, tuple)):
        return tuple(arrays(item) for item in value)
    return ops.convert_to_numpy(value)


PARTS = {
    "mixer": mixer,
    "series": series,
    "seer": Seer,
    "teller": teller,
    "classifier": classifier,
    "mapper": mapper,
    "voter": voter,
    "learners": learners,
    "arrays": arrays,
}


def make_part(description):
    """The callable that a dict with the key "$part" describes; its other entries are the factory's arguments."""
    arguments = {key: value for key, value in description.items() if key != MARK}
    return PARTS[description[MARK]](**arguments)
