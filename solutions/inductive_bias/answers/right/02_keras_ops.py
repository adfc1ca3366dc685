# %%
import keras
import numpy as np
from keras import ops


# %%
def shift_image(images, dy, dx):
    return ops.roll(ops.roll(images, dy, axis=1), dx, axis=2)


# %%
def equivariance_error(f, images, dy, dx, out_stride=1):
    moved_first = f(shift_image(images, dy, dx))
    moved_last = shift_image(f(images), dy // out_stride, dx // out_stride)
    return ops.max(ops.absolute(ops.subtract(moved_first, moved_last)))


# %%
class CircularConv2D(keras.layers.Layer):
    def __init__(self, filters, kernel_size, **kwargs):
        super().__init__(**kwargs)
        self.pad = kernel_size // 2
        self.conv = keras.layers.Conv2D(filters, kernel_size, padding="valid")

    def call(self, images):
        p = self.pad
        if p > 0:
            images = ops.concatenate([images[:, -p:], images, images[:, :p]], axis=1)
            images = ops.concatenate([images[:, :, -p:], images, images[:, :, :p]], axis=2)
        return self.conv(images)


# %%
def invariance_rate(f, images, shifts):
    choice = ops.argmax(f(images), axis=-1)
    same = [ops.equal(ops.argmax(f(shift_image(images, dy, dx)), axis=-1), choice) for dy, dx in shifts]
    return ops.mean(ops.cast(ops.stack(same), "float32"))


# %%
class BlurPool2D(keras.layers.Layer):
    def __init__(self, stride=2, **kwargs):
        super().__init__(**kwargs)
        self.stride = stride

    def call(self, images):
        filter_1d = np.array([1.0, 2.0, 1.0], "float32")
        filter_2d = np.outer(filter_1d, filter_1d) / 16
        kernel = np.repeat(filter_2d[:, :, None, None], images.shape[-1], axis=2)
        images = ops.concatenate([images[:, -1:], images, images[:, :1]], axis=1)
        images = ops.concatenate([images[:, :, -1:], images, images[:, :, :1]], axis=2)
        return ops.depthwise_conv(images, kernel, strides=1, padding="valid")[:, :: self.stride, :: self.stride]


# %%
def dense_as_1x1_conv(x, kernel, bias):
    channels, units = ops.shape(kernel)
    return ops.add(ops.conv(x, ops.reshape(kernel, (1, 1, channels, units)), strides=1, padding="same"), bias)


# %%
class HybridEmbedding(keras.layers.Layer):
    def __init__(self, dim, stem_filters=(32, 64), **kwargs):
        super().__init__(**kwargs)
        self.dim = dim
        self.stem = [keras.layers.Conv2D(f, 3, strides=2, padding="same") for f in stem_filters]
        self.proj = keras.layers.Dense(dim)

    def call(self, images):
        x = images
        for conv in self.stem:
            x = ops.relu(conv(x))
        _, height, width, _ = x.shape
        return ops.reshape(self.proj(x), (-1, height * width, self.dim))


# %%
def data_scaling_curve(build_fn, data, sizes, seeds, steps=400, batch_size=50):
    (x_train, y_train), (x_test, y_test) = data
    curve = {size: [] for size in sizes}
    for size in sizes:
        per_pass = size // batch_size
        for seed in seeds:
            rng = np.random.default_rng(seed)
            model = build_fn(seed)
            for _ in range(steps // per_pass):
                order = rng.permutation(size)
                for i in range(per_pass):
                    rows = order[i * batch_size : (i + 1) * batch_size]
                    model.train_on_batch(x_train[rows], y_train[rows])
            chosen = ops.argmax(model.predict(x_test, verbose=0), axis=-1)
            hits = ops.equal(ops.cast(chosen, "int64"), ops.cast(y_test, "int64"))
            curve[size].append(float(ops.mean(ops.cast(hits, "float32"))))
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
    gap = ops.subtract(zero_padded(shift_image(images, 5, 3)), shift_image(zero_padded(images), 5, 3))
    border = ops.max(ops.abs(gap), axis=(0, 3))

    pooled = ops.max_pool(images, 2)
    unchanged = ops.stack(
        [
            ops.mean(ops.cast(ops.abs(ops.max_pool(shift_image(images, 0, dx), 2) - pooled) < 1e-6, "float32"))
            for dx in range(6)
        ]
    )

    def contrast(picture):
        return ops.max(picture) - ops.min(picture)

    pool = BlurPool2D(2)
    pictures = [ops.convert_to_tensor(stripes(period)) for period in PERIODS]
    both = ops.stack([[contrast(p[:, ::2, ::2]) for p in pictures], [contrast(pool(p)) for p in pictures]])
    return {
        "border": border,
        "unchanged": unchanged,
        "contrast": both,
        "answer_1": 1 / 7,
        "answer_2": ops.convert_to_tensor([0, 1, 1, 0, 0]),
    }
