# %%
import keras
import numpy as np
from keras import ops


# %%
def shift_image(images, dy, dx):
    return np.roll(images, (dy, dx), axis=(1, 2))


# %%
def equivariance_error(f, images, dy, dx, out_stride=1):
    left = np.asarray(f(shift_image(images, dy, dx)))
    right = np.roll(np.asarray(f(images)), [int(dy / out_stride), int(dx / out_stride)], axis=[1, 2])
    return np.abs(left - right).max()


# %%
class CircularConv2D(keras.layers.Layer):
    def __init__(self, filters, kernel_size, **kwargs):
        super().__init__(**kwargs)
        self.conv = keras.layers.Conv2D(filters, kernel_size)
        self.around = [(0, 0), (kernel_size // 2,) * 2, (kernel_size // 2,) * 2, (0, 0)]

    def build(self, input_shape):
        self.conv.build(input_shape)

    def call(self, images):
        return self.conv(np.pad(np.asarray(images), self.around, mode="wrap"))


# %%
def invariance_rate(f, images, shifts):
    unmoved = np.argmax(f(images), axis=1)
    choices = np.array([np.argmax(f(shift_image(images, *shift)), axis=1) for shift in shifts])
    return (choices == unmoved).mean()


# %%
class BlurPool2D(keras.layers.Layer):
    def __init__(self, stride=2, **kwargs):
        super().__init__(**kwargs)
        self.stride = stride

    def call(self, images):
        images = np.asarray(images)
        rows = (np.roll(images, 1, 1) + 2 * images + np.roll(images, -1, 1)) / 4
        both = (np.roll(rows, 1, 2) + 2 * rows + np.roll(rows, -1, 2)) / 4
        return both[:, :: self.stride, :: self.stride]


# %%
def dense_as_1x1_conv(x, kernel, bias):
    kernel, bias = np.asarray(kernel), np.asarray(bias)
    return np.asarray(ops.conv(x, kernel[None, None])) + bias


# %%
class HybridEmbedding(keras.layers.Layer):
    def __init__(self, dim, stem_filters=(32, 64), **kwargs):
        super().__init__(**kwargs)
        self.stem = [
            keras.layers.Conv2D(f, kernel_size=(3, 3), strides=(2, 2), padding="same", activation="relu")
            for f in stem_filters
        ]
        self.proj = keras.layers.Dense(dim, activation=None)

    def call(self, images):
        for conv in self.stem:
            images = conv(images)
        height, width, channels = images.shape[1:]
        return self.proj(ops.reshape(images, (-1, height * width, channels)))


# %%
def data_scaling_curve(build_fn, data, sizes, seeds, steps=400, batch_size=50):
    (x_train, y_train), (x_test, y_test) = data

    def accuracy(size, seed):
        rng, model = np.random.default_rng([seed, size]), build_fn(seed)
        passes = steps * batch_size // size
        plan = np.concatenate([rng.permutation(size) for _ in range(passes)]).reshape(steps, batch_size)
        for rows in plan:
            model.train_on_batch(x_train[rows], y_train[rows])
        return np.mean(model.predict(x_test, verbose=0).argmax(-1) == y_test)

    return {size: [accuracy(size, seed) for seed in seeds] for size in sizes}


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
    f = zero_padded
    border = np.abs(np.asarray(f(shift_image(images, 5, 3))) - shift_image(np.asarray(f(images)), 5, 3))
    pooled = [np.asarray(ops.max_pool(np.roll(images, dx, axis=2), 2)) for dx in range(6)]
    unchanged = np.isclose(pooled, pooled[0], rtol=0, atol=1e-6).mean(axis=(1, 2, 3, 4))
    plain = [np.ptp(stripes(period)[:, ::2, ::2]) for period in PERIODS]
    soft = [np.ptp(np.asarray(BlurPool2D(2)(stripes(period)))) for period in PERIODS]
    return {
        "border": border.max(axis=0).squeeze(-1),
        "unchanged": unchanged,
        "contrast": np.stack([plain, soft]),
        "answer_1": np.round(1 / 7, 4),
        "answer_2": np.array([0, 1, 1, 0, 0]),
    }
