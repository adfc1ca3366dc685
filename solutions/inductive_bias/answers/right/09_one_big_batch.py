# %%
import keras
import numpy as np
from keras import ops


# %%
def shift_image(images, dy, dx):
    _, height, width, _ = images.shape
    rows = (np.arange(height) - dy) % height
    columns = (np.arange(width) - dx) % width
    return ops.take(ops.take(images, rows, axis=1), columns, axis=2)


# %%
def equivariance_error(f, images, dy, dx, out_stride=1):
    """f sees the moved and the unmoved pictures in one batch."""
    images = ops.convert_to_tensor(images)
    moved, still = ops.split(f(ops.concatenate([shift_image(images, dy, dx), images])), 2)
    return float(ops.amax(ops.abs(moved - shift_image(still, dy // out_stride, dx // out_stride))))


# %%
class CircularConv2D(keras.layers.Layer):
    """All windows side by side, and one product of matrices."""

    def __init__(self, filters, kernel_size, **kwargs):
        super().__init__(**kwargs)
        self.filters, self.kernel_size = filters, kernel_size
        self.conv = keras.layers.Conv2D(filters, kernel_size)

    def build(self, input_shape):
        self.conv.build((None, None, None, input_shape[-1]))

    def call(self, images):
        k = self.kernel_size
        _, height, width, channels = images.shape
        rows = (np.arange(height)[:, None] + np.arange(k) - k // 2) % height
        columns = (np.arange(width)[:, None] + np.arange(k) - k // 2) % width
        windows = ops.take(ops.take(images, rows, axis=1), columns, axis=3)
        windows = ops.transpose(windows, (0, 1, 3, 2, 4, 5))
        windows = ops.reshape(windows, (-1, height, width, k * k * channels))
        return ops.matmul(windows, ops.reshape(self.conv.kernel, (-1, self.filters))) + self.conv.bias


# %%
def invariance_rate(f, images, shifts):
    """All pairs in one batch, the unmoved images first."""
    images = ops.convert_to_tensor(images)
    batch = ops.concatenate([images] + [shift_image(images, dy, dx) for dy, dx in shifts])
    chosen = ops.reshape(ops.argmax(f(batch), axis=-1), (1 + len(shifts), -1))
    return float(ops.mean(ops.cast(chosen[1:] == chosen[:1], "float32")))


# %%
class BlurPool2D(keras.layers.Layer):
    """Only the pixels that are kept are computed."""

    def __init__(self, stride=2, **kwargs):
        super().__init__(**kwargs)
        self.stride = stride

    def line(self, images, axis):
        side = images.shape[axis]
        middle = np.arange(0, side, self.stride)
        near = [ops.take(images, (middle + step) % side, axis=axis) for step in (-1, 0, 1)]
        return 0.25 * near[0] + 0.5 * near[1] + 0.25 * near[2]

    def call(self, images):
        return self.line(self.line(images, 2), 1)


# %%
def dense_as_1x1_conv(x, kernel, bias):
    channels, units = kernel.shape
    conv = keras.layers.Conv2D(units, (1, 1))
    conv.build((None, None, None, channels))
    conv.kernel.assign(ops.reshape(kernel, (1, 1, channels, units)))
    conv.bias.assign(bias)
    return conv(x)


# %%
class HybridEmbedding(keras.layers.Layer):
    def __init__(self, dim, stem_filters=(32, 64), **kwargs):
        super().__init__(**kwargs)
        self.dim, self.stem_filters = dim, tuple(stem_filters)
        self.stem = [
            keras.layers.Conv2D(f, 3, strides=2, padding="same", name=f"stem_{i}")
            for i, f in enumerate(self.stem_filters)
        ]
        self.proj = keras.layers.Dense(dim, name="proj")
        self.act = keras.layers.Activation("relu")

    def compute_output_shape(self, input_shape):
        scale = 2 ** len(self.stem_filters)
        return (input_shape[0], (input_shape[1] // scale) * (input_shape[2] // scale), self.dim)

    def get_config(self):
        return {**super().get_config(), "dim": self.dim, "stem_filters": self.stem_filters}

    def call(self, images):
        _, count, dim = self.compute_output_shape(images.shape)
        x = images
        for conv in self.stem:
            x = self.act(conv(x))
        return ops.reshape(self.proj(x), [-1, count, dim])


# %%
def data_scaling_curve(build_fn, data, sizes, seeds, steps=400, batch_size=50):
    (x_train, y_train), (x_test, y_test) = data
    curve = {}
    for size in sizes:
        models = [build_fn(seed) for seed in seeds]
        generators = [np.random.default_rng(seed) for seed in seeds]
        orders = [None] * len(models)
        for step in range(steps):
            start = step * batch_size % size
            for i, model in enumerate(models):
                if start == 0:
                    orders[i] = generators[i].permutation(size)
                rows = np.sort(orders[i][start : start + batch_size])
                model.train_on_batch(x_train[rows], y_train[rows])
        said = np.stack([model.predict(x_test, verbose=0) for model in models])
        curve[size] = (said.argmax(axis=-1) == y_test).mean(axis=-1).tolist()
    return curve


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
    both = zero_padded(ops.concatenate([shift_image(images, 5, 3), images]))
    border = ops.max(ops.abs(both[:40] - shift_image(both[40:], 5, 3)), axis=0)[..., 0]

    pooled = ops.max_pool(ops.concatenate([shift_image(images, 0, dx) for dx in range(6)]), 2)
    pooled = ops.reshape(pooled, (6, -1))
    unchanged = ops.mean(ops.cast(ops.abs(pooled - pooled[:1]) < 1e-6, "float32"), axis=1)

    pictures = np.concatenate([stripes(period) for period in PERIODS])
    rows = [pictures[:, ::2, ::2], ops.convert_to_numpy(BlurPool2D(2)(pictures))]
    contrast = np.stack([row.max(axis=(1, 2, 3)) - row.min(axis=(1, 2, 3)) for row in rows])
    return {
        "border": ops.convert_to_numpy(border),
        "unchanged": ops.convert_to_numpy(unchanged),
        "contrast": contrast,
        "answer_1": 1 / 7,
        "answer_2": [0, 1, 1, 0, 0],
    }
