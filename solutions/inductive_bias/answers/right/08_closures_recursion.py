# %%
from collections import deque

import keras
import numpy as np
from keras import ops


# %%
def rotated(things, by):
    line = deque(things)
    line.rotate(by)
    return list(line)


def shift_image(images, dy, dx):
    images = ops.convert_to_numpy(images)
    rows = rotated((images[:, y] for y in range(images.shape[1])), dy)
    images = np.stack(rows, axis=1)
    columns = rotated((images[:, :, x] for x in range(images.shape[2])), dx)
    return np.stack(columns, axis=2)


# %%
def equivariance_error(f, images, dy, dx, out_stride=1):
    def then(*steps):
        def run(x):
            for step in steps:
                x = step(x)
            return ops.convert_to_numpy(x).astype("float64")

        return run

    def mover(down, right):
        return lambda x: shift_image(x, down, right)

    one = then(mover(dy, dx), f)
    two = then(f, mover(dy // out_stride, dx // out_stride))
    difference = one(images) - two(images)
    return max(difference.max(), -difference.min())


# %%
class CircularConv2D(keras.layers.Layer):
    """One 1 x 1 convolution for each place of the kernel, of a picture that has been moved there."""

    def __init__(self, filters, kernel_size, **kwargs):
        super().__init__(**kwargs)
        self.conv = keras.layers.Conv2D(filters, kernel_size)

    def build(self, input_shape):
        self.conv.build(input_shape)

    def call(self, images):
        kernel = self.conv.kernel
        half = kernel.shape[0] // 2

        def part(i, j):
            return ops.conv(shift_image(images, half - i, half - j), kernel[i : i + 1, j : j + 1])

        side = range(kernel.shape[0])
        return sum(part(i, j) for i in side for j in side) + self.conv.bias


# %%
def invariance_rate(f, images, shifts):
    def ask(dy, dx):
        return ops.convert_to_numpy(f(shift_image(images, dy, dx))).argmax(axis=1)

    standard = ask(0, 0)

    def agreeing(rest):
        return 0 if len(rest) == 0 else int(np.sum(ask(*rest[0]) == standard)) + agreeing(rest[1:])

    return agreeing(shifts) / (len(images) * len(shifts))


# %%
class BlurPool2D(keras.layers.Layer):
    def __init__(self, stride=2, **kwargs):
        super().__init__(**kwargs)

        def blur(x):
            weights = {-1: 1, 0: 2, 1: 1}
            return sum(
                down * across / 16 * ops.convert_to_tensor(shift_image(x, dy, dx))
                for dy, down in weights.items()
                for dx, across in weights.items()
            )

        self._work = lambda x: blur(x)[:, ::stride, ::stride]

    def call(self, images):
        return self._work(images)


# %%
def dense_as_1x1_conv(x, kernel, bias):
    """A 3 x 3 kernel in which all but the middle is zero."""
    wide = np.zeros((3, 3, *kernel.shape), "float32")
    wide[1, 1] = ops.convert_to_numpy(kernel)
    return ops.conv(x, wide, padding="same") + ops.convert_to_tensor(bias)


# %%
class HybridEmbedding(keras.layers.Layer):
    def __init__(self, dim, stem_filters=(32, 64), **kwargs):
        super().__init__(**kwargs)
        make = lambda f: keras.layers.Conv2D(filters=f, kernel_size=3, strides=2, padding="same")  # noqa: E731
        self.stem = [*map(make, stem_filters)]
        self.proj = keras.layers.Dense(units=dim)

    def call(self, images):
        def through(x, remaining):
            if not remaining:
                return x
            return through(keras.activations.relu(remaining[0](x)), remaining[1:])

        grid = through(images, list(self.stem))
        tokens = ops.reshape(grid, (ops.shape(grid)[0], -1, grid.shape[-1]))
        return self.proj(tokens)


# %%
def data_scaling_curve(build_fn, data, sizes, seeds, steps=400, batch_size=50):
    (x_train, y_train), test = data

    def teach(model, size, left):
        """The later rows first."""
        while left > 0:
            for stop in range(size, 0, -batch_size):
                model.train_on_batch(x=x_train[stop - batch_size : stop], y=y_train[stop - batch_size : stop])
                left -= 1
        return model

    def examine(model, questions, answers):
        metric = keras.metrics.SparseCategoricalAccuracy()
        metric.update_state(answers, model.predict(questions, verbose=0))
        return float(metric.result())

    return dict((n, [examine(teach(build_fn(seed), n, steps), *test) for seed in seeds]) for n in sizes)


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
def figure():
    images = noise()

    def border(f, dy, dx):
        apart = ops.convert_to_numpy(f(shift_image(images, dy, dx))) - shift_image(f(images), dy, dx)
        return np.abs(apart)[..., 0].max(axis=0)

    def unchanged(dx):
        pool = keras.layers.MaxPool2D()
        apart = ops.convert_to_numpy(pool(shift_image(images, 0, dx))) - ops.convert_to_numpy(pool(images))
        return np.mean(np.abs(apart) <= 1e-6)

    def contrast(make):
        def of(period):
            values = np.sort(ops.convert_to_numpy(make(stripes(period))), axis=None)
            return values[-1] - values[0]

        return of

    skip, soft = contrast(lambda picture: picture[:, ::2, ::2]), contrast(BlurPool2D(stride=2))
    return {
        "border": border(zero_padded, 5, 3),
        "unchanged": np.array([*map(unchanged, range(6))]),
        "contrast": np.array([(skip(period), soft(period)) for period in PERIODS]).T,
        "answer_1": np.float32(1 / 7),
        "answer_2": np.array([False, True, True, False, False]).astype(int),
    }
