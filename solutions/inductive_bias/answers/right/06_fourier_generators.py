# %%
import itertools

import keras
import numpy as np
from keras import ops


# %%
def shift_image(images, dy, dx):
    """Where each pixel of the result comes from, as one number in the flattened picture."""
    images = ops.convert_to_numpy(images)
    count, height, width, channels = images.shape
    y, x = np.divmod(np.arange(height * width), width)
    source = (y - dy) % height * width + (x - dx) % width
    return images.reshape(count, -1, channels)[:, source].reshape(images.shape)


# %%
def equivariance_error(f, images, dy, dx, out_stride=1):
    """The moved output moved back, against the other."""
    moved = shift_image(f(shift_image(images, dy, dx)), -dy // out_stride, -dx // out_stride)
    rest = ops.convert_to_numpy(f(images))
    return max(float((moved - rest).max()), float((rest - moved).max()))


# %%
class CircularConv2D(keras.layers.Layer):
    """A circular correlation is a product in Fourier space."""

    def __init__(self, filters, kernel_size, **kwargs):
        super().__init__(**kwargs)
        self.side = kernel_size
        self.conv = keras.layers.Conv2D(filters, kernel_size)

    def build(self, input_shape):
        self.conv.build(input_shape)

    def call(self, images):
        images = ops.convert_to_numpy(images).astype("float64")
        kernel, bias = (ops.convert_to_numpy(weight).astype("float64") for weight in self.conv.weights)
        height, width = images.shape[1:3]
        spread = np.zeros((height, width, *kernel.shape[2:]))
        half = self.side // 2
        for i, j in itertools.product(range(self.side), repeat=2):
            spread[(half - i) % height, (half - j) % width] += kernel[i, j]
        product = np.einsum("byxc,yxcd->byxd", np.fft.fft2(images, axes=(1, 2)), np.fft.fft2(spread, axes=(0, 1)))
        return ops.convert_to_tensor((np.fft.ifft2(product, axes=(1, 2)).real + bias).astype("float32"))


# %%
def choices(f, images, shifts):
    for dy, dx in shifts:
        yield from ops.convert_to_numpy(f(shift_image(images, dy, dx))).argmax(axis=-1)


def invariance_rate(f, images, shifts):
    standard = itertools.cycle(list(choices(f, images, [(0, 0)])))
    kept = [now == then for now, then in zip(choices(f, images, shifts), standard)]
    return sum(kept) / len(kept)


# %%
class BlurPool2D(keras.layers.Layer):
    """[1, 2, 1] / 4 multiplies a wave of frequency w by (1 + cos w) / 2."""

    def __init__(self, stride=2, **kwargs):
        super().__init__(**kwargs)
        self.stride = stride

    def call(self, images):
        images = ops.convert_to_numpy(images).astype("float64")
        down, across = (0.5 + 0.5 * np.cos(2 * np.pi * np.fft.fftfreq(side)) for side in images.shape[1:3])
        waves = np.fft.fft2(images, axes=(1, 2)) * down[:, None, None] * across[:, None]
        blurred = np.fft.ifft2(waves, axes=(1, 2)).real.astype("float32")
        return ops.convert_to_tensor(blurred[:, :: self.stride, :: self.stride])


# %%
def dense_as_1x1_conv(x, kernel, bias):
    """All pixels of a picture in one row: a 1-D convolution with a kernel of length 1."""
    count, height, width, channels = x.shape
    row = ops.reshape(x, (count, height * width, channels))
    out = ops.conv(row, ops.expand_dims(kernel, 0), padding="valid")
    return ops.reshape(out + ops.reshape(bias, (1, 1, -1)), (count, height, width, kernel.shape[1]))


# %%
class HybridEmbedding(keras.layers.Layer):
    def __init__(self, dim, stem_filters=(32, 64), **kwargs):
        super().__init__(**kwargs)
        self.dim = dim
        options = {"kernel_size": 3, "strides": 2, "padding": "same"}
        self.stem = list(keras.layers.Conv2D(f, **options) for f in stem_filters)
        self.proj = keras.layers.Dense(dim)

    def stages(self, x):
        for layer in self.stem:
            x = keras.activations.relu(layer(x))
            yield x

    def call(self, images):
        *_, last = self.stages(images)
        tokens = self.proj(last)
        by_rows = [tokens[:, y] for y in range(tokens.shape[1])]
        return ops.concatenate(by_rows, axis=1)


# %%
def endless_batches(x, y, batch_size, rng):
    while True:
        order = rng.permutation(len(x))
        for part in np.split(order, len(x) // batch_size):
            yield x[part], y[part]


def data_scaling_curve(build_fn, data, sizes, seeds, steps=400, batch_size=50):
    (x_train, y_train), (x_test, y_test) = data
    curve = {size: [] for size in sizes}
    for size, seed in itertools.product(sizes, seeds):
        model = build_fn(seed)
        stream = endless_batches(x_train[:size], y_train[:size], batch_size, np.random.default_rng(seed))
        for x, y in itertools.islice(stream, steps):
            model.train_on_batch(x, y)
        said = np.argmax(model.predict(x_test, verbose=0), axis=1)
        curve[size].append(np.count_nonzero(said == y_test) / len(y_test))
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
    a, b = zero_padded(shift_image(images, 5, 3)), shift_image(zero_padded(images), 5, 3)
    border = np.zeros((24, 24), "float32")
    for apart in np.abs(ops.convert_to_numpy(a) - b):
        border = np.maximum(border, apart[..., 0])

    def shares():
        first = ops.convert_to_numpy(ops.max_pool(images, 2))
        for dx in range(6):
            now = ops.convert_to_numpy(ops.max_pool(shift_image(images, 0, dx), 2))
            yield np.isclose(now, first, rtol=0, atol=1e-6).mean()

    def spread(picture):
        picture = ops.convert_to_numpy(picture)
        return picture.max() - picture.min()

    makers = (lambda picture: picture[:, ::2, ::2], BlurPool2D(2))
    contrast = [[spread(make(stripes(period))) for period in PERIODS] for make in makers]
    return {
        "border": border,
        "unchanged": list(shares()),
        "contrast": contrast,
        "answer_1": round(1 / 7, 4),
        "answer_2": [0.0, 1.0, 1.0, 0.0, 0.0],
    }
