# %%
import functools

import keras
import numpy as np
from keras import ops


# %%
def as_arrays(function):
    """A decorator: tensors among the arguments become NumPy arrays."""

    @functools.wraps(function)
    def wrapped(*args, **kwargs):
        args = [ops.convert_to_numpy(a) if ops.is_tensor(a) else a for a in args]
        return function(*args, **kwargs)

    return wrapped


# %%
def _turn(images, amount, axis):
    side = images.shape[axis]
    amount %= side
    head, tail = np.split(images, [side - amount], axis=axis)
    return np.concatenate([tail, head], axis=axis)


@as_arrays
def shift_image(images, dy, dx):
    return _turn(_turn(images, dy, 1), dx, 2)


# %%
class Commutator:
    """f S - S f, for one f."""

    def __init__(self, f, stride):
        self.f, self.stride = f, stride

    def __call__(self, images, dy, dx):
        inside = self.f(shift_image(images, dy, dx))
        outside = shift_image(self.f(images), dy // self.stride, dx // self.stride)
        return ops.convert_to_numpy(inside) - ops.convert_to_numpy(outside)


def equivariance_error(f, images, dy, dx, out_stride=1):
    return np.amax(np.abs(Commutator(f, out_stride)(images, dy, dx)))


# %%
class CircularPadding(keras.layers.Layer):
    """(B, H, W, C) -> (B, H + 2 width, W + 2 width, C), without weights."""

    def __init__(self, width, **kwargs):
        super().__init__(**kwargs)
        self.width = width

    def call(self, images):
        for axis in (1, 2):
            side = images.shape[axis]
            images = ops.take(images, np.arange(-self.width, side + self.width) % side, axis=axis)
        return images


class CircularConv2D(keras.layers.Layer):
    def __init__(self, filters, kernel_size, **kwargs):
        super().__init__(**kwargs)
        self.padding = CircularPadding(kernel_size // 2)
        self.conv = keras.layers.Conv2D(filters, kernel_size, activation="linear")
        self.steps = keras.Sequential([self.padding, self.conv])

    def call(self, images):
        return self.steps(images)


# %%
class Choices:
    """Remembers what f says of the unmoved images."""

    def __init__(self, f, images):
        self.f, self.images = f, images
        self.standard = self.ask(images)

    def ask(self, images):
        return ops.convert_to_numpy(ops.argmax(self.f(images), axis=-1))

    def kept(self, dy, dx):
        return np.mean(self.ask(shift_image(self.images, dy, dx)) == self.standard)


def invariance_rate(f, images, shifts):
    choices = Choices(f, images)
    return float(np.mean([choices.kept(dy, dx) for dy, dx in shifts]))


# %%
class Blur(CircularPadding):
    """The circular blur by [1, 2, 1] / 4 in both directions, channels as pictures of their own."""

    KERNEL = np.array([[1, 2, 1], [2, 4, 2], [1, 2, 1]], "float32")[:, :, None, None] / 16

    def __init__(self, **kwargs):
        super().__init__(1, **kwargs)

    def call(self, images):
        count, height, width, channels = images.shape
        padded = super().call(images)
        alone = ops.transpose(padded, (0, 3, 1, 2))
        alone = ops.reshape(alone, (count * channels, height + 2, width + 2, 1))
        alone = ops.reshape(ops.conv(alone, self.KERNEL), (count, channels, height, width))
        return ops.transpose(alone, (0, 2, 3, 1))


class BlurPool2D(Blur):
    def __init__(self, stride=2, **kwargs):
        super().__init__(**kwargs)
        self.stride = stride

    def call(self, images):
        return super().call(images)[:, :: self.stride, :: self.stride]


# %%
class PointwiseConv(keras.layers.Conv2D):
    """A Conv2D of side 1 that begins with given weights."""

    def __init__(self, kernel, bias, **kwargs):
        super().__init__(len(bias), 1, **kwargs)
        self.given = [ops.convert_to_numpy(kernel)[None, None], ops.convert_to_numpy(bias)]

    def build(self, input_shape):
        super().build(input_shape)
        self.set_weights(self.given)


def dense_as_1x1_conv(x, kernel, bias):
    return PointwiseConv(kernel, bias)(x)


# %%
class StemConv(keras.layers.Conv2D):
    def __init__(self, filters, **kwargs):
        super().__init__(filters, 3, strides=2, padding="same", **kwargs)


class HybridEmbedding(keras.layers.Layer):
    def __init__(self, dim, stem_filters=(32, 64), **kwargs):
        super().__init__(**kwargs)
        self.stem = [StemConv(filters) for filters in stem_filters]
        self.proj = keras.layers.Dense(dim)
        self.to_tokens = keras.layers.Reshape((-1, dim))

    def call(self, images):
        features = functools.reduce(lambda x, layer: ops.relu(layer(x)), self.stem, images)
        return self.to_tokens(self.proj(features))


# %%
class Batches:
    """Every pass in a new order."""

    def __init__(self, x, y, batch_size, seed):
        self.x, self.y, self.size = x, y, batch_size
        self.rng = np.random.default_rng(seed)
        self.waiting = []

    def next(self):
        if not self.waiting:
            order = self.rng.permutation(len(self.x))
            self.waiting = [order[i : i + self.size] for i in range(0, len(order), self.size)]
        rows = self.waiting.pop()
        return self.x[rows], self.y[rows]


def data_scaling_curve(build_fn, data, sizes, seeds, steps=400, batch_size=50):
    train, (x_test, y_test) = data

    def trained(size, seed):
        model = build_fn(seed)
        batches = Batches(train[0][:size], train[1][:size], batch_size, seed)
        for _ in range(steps):
            model.train_on_batch(*batches.next())
        return model

    def score(model):
        return float((np.argmax(model.predict(x_test, verbose=0), axis=-1) == y_test).mean())

    return {size: [score(trained(size, seed)) for seed in seeds] for size in sizes}


# %%
def noise(count=40, side=24, seed=8):
    """Pictures of random grey pixels, the same on every machine: (count, side, side, 1) float32 from 0 to 1."""
    return np.random.RandomState(seed).uniform(size=(count, side, side, 1)).astype("float32")


# %%
def stripes(period, side=48):
    """A picture of upright stripes, `period` pixels from one bright line to the next: (1, side, side, 1), 0 to 1."""
    row = 0.5 + 0.5 * np.cos(2 * np.pi * np.arange(side) / period)
    return np.broadcast_to(row[None, None, :, None], (1, side, side, 1)).astype("float32")


# %%
def zero_padded(images):
    """A blur with zero padding, as many convolutional networks have it: (B, H, W, 1) -> (B, H, W, 1)."""
    return ops.conv(images, np.full((3, 3, 1, 1), 1 / 9, "float32"), padding="same")


# %%
PERIODS = (2, 3, 4, 6, 8, 12, 16, 24)


# %%
def _pool(images):
    return keras.layers.MaxPooling2D(2)(images)


@as_arrays
def _contrast(picture):
    return picture.max() - picture.min()


def figure():
    images, pool = noise(), BlurPool2D(2)
    gap = Commutator(zero_padded, 1)(images, 5, 3)
    same = [ops.isclose(_pool(shift_image(images, 0, dx)), _pool(images), 0.0, 1e-6) for dx in range(6)]
    pictures = list(map(stripes, PERIODS))
    return {
        "border": np.abs(gap).max(axis=(0, -1)),
        "unchanged": np.array([ops.convert_to_numpy(one).mean() for one in same]),
        "contrast": np.array([[_contrast(p[:, ::2, ::2]) for p in pictures], [_contrast(pool(p)) for p in pictures]]),
        "answer_1": 1 / 7,
        "answer_2": [0, 1, 1, 0, 0],
    }
