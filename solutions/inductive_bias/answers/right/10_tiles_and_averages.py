# %%
import math

import keras
import numpy as np
from keras import ops


# %%
def shift_image(images, dy, dx):
    """A cut-out of four copies of the picture."""
    height, width = images.shape[1], images.shape[2]
    top, left = -dy % height, -dx % width
    tiled = ops.tile(images, (1, 2, 2, 1))
    return tiled[:, top : top + height, left : left + width, :]


# %%
def equivariance_error(f, images, dy, dx, out_stride=1):
    """Image by image."""
    errors = []
    for i in range(len(images)):
        image = images[i : i + 1]
        a = f(shift_image(image, dy, dx))
        b = shift_image(f(image), dy // out_stride, dx // out_stride)
        errors.append(float(ops.max(ops.abs(ops.subtract(a, b)))))
    return max(errors)


# %%
class CircularConv2D(keras.layers.Layer):
    """The usual convolution on nine copies, of which the middle one is kept."""

    def __init__(self, filters, kernel_size, **kwargs):
        super().__init__(**kwargs)
        self.conv = keras.layers.Conv2D(filters, kernel_size, padding="same")

    def call(self, images):
        height, width = images.shape[1], images.shape[2]
        return self.conv(ops.tile(images, (1, 3, 3, 1)))[:, height : 2 * height, width : 2 * width]


# %%
def invariance_rate(f, images, shifts):
    changed = 0
    standard = ops.convert_to_numpy(ops.top_k(f(images), 1)[1])[:, 0]
    for shift in shifts:
        dy, dx = shift
        now = ops.convert_to_numpy(ops.top_k(f(shift_image(images, dy, dx)), 1)[1])[:, 0]
        changed += np.count_nonzero(now - standard)
    return 1 - changed / (len(shifts) * len(standard))


# %%
class BlurPool2D(keras.layers.Layer):
    """[1, 2, 1] / 4 is [1, 1] / 2 twice, which is what average pooling does."""

    def __init__(self, stride=2, **kwargs):
        super().__init__(**kwargs)
        self.stride = int(stride)
        self.average = keras.layers.AveragePooling2D(2, strides=1, padding="valid")
        self.skip = keras.layers.MaxPooling2D(1, strides=self.stride)

    def call(self, images):
        height, width = images.shape[1], images.shape[2]
        around = ops.tile(images, (1, 3, 3, 1))[:, height - 1 : 2 * height + 1, width - 1 : 2 * width + 1]
        return self.skip(self.average(self.average(around)))


# %%
def dense_as_1x1_conv(x, kernel, bias):
    """Each output channel by a convolution of its own."""
    channels, units = kernel.shape
    maps = [ops.conv(x, ops.reshape(kernel[:, d], (1, 1, channels, 1))) + bias[d] for d in range(units)]
    return ops.concatenate(maps, axis=-1)


# %%
class HybridEmbedding(keras.layers.Layer):
    def __init__(self, dim, stem_filters=(32, 64), **kwargs):
        super().__init__(**kwargs)
        self.dim = dim
        self.stem = []
        self.stem.extend(
            keras.layers.Conv2D(f, 3, strides=(2, 2), padding="same", activation=None, use_bias=True)
            for f in stem_filters
        )
        self.proj = keras.layers.Dense(dim, use_bias=True)

    def call(self, images):
        x = images
        for i in range(len(self.stem)):
            x = self.stem[i](x)
            x = ops.where(x > 0, x, ops.zeros_like(x))
        x = self.proj(x)
        count = math.prod(x.shape[1:-1])
        return ops.reshape(x, (ops.shape(x)[0], count, self.dim))


# %%
def data_scaling_curve(build_fn, data, sizes, seeds, steps=400, batch_size=50):
    (x_train, y_train), (x_test, y_test) = data
    curve = {}
    for size in sizes:
        x, y = x_train[:size].copy(), y_train[:size].copy()
        scores = []
        for seed in seeds:
            model = build_fn(seed)
            rng = np.random.default_rng()
            done = 0
            while done < steps:
                shuffled = rng.permutation(size)
                for xs, ys in zip(
                    np.array_split(x[shuffled], size // batch_size), np.array_split(y[shuffled], size // batch_size)
                ):
                    model.train_on_batch(ops.convert_to_tensor(xs), ops.convert_to_tensor(ys))
                    done += 1
            logits = ops.convert_to_tensor(model.predict(x_test, verbose=0))
            scores.append(np.mean(ops.convert_to_numpy(ops.in_top_k(ops.cast(y_test, "int32"), logits, k=1))))
        curve[size] = np.array(scores)
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
    numbers = {"answer_1": math.comb(7, 7) / 7, "answer_2": [0, 1, 1, 0, 0]}
    apart = [
        ops.abs(zero_padded(shift_image(image[None], 5, 3)) - shift_image(zero_padded(image[None]), 5, 3))[0, :, :, 0]
        for image in images
    ]
    numbers["border"] = ops.max(ops.stack(apart), axis=0)

    pooled = [ops.convert_to_numpy(ops.max_pool(shift_image(images, 0, dx), 2)).round(6) for dx in range(6)]
    numbers["unchanged"] = [float(np.mean(one == pooled[0])) for one in pooled]

    numbers["contrast"] = np.empty((2, 8), "float32")
    for column, period in enumerate(PERIODS):
        picture = stripes(period)
        numbers["contrast"][0, column] = np.ptp(picture[:, ::2, ::2])
        numbers["contrast"][1, column] = np.ptp(ops.convert_to_numpy(BlurPool2D(2)(picture)))
    return numbers
