# %%
import keras
import numpy as np
from keras import ops


# %%
def permutation(side, step, dtype):
    """Matrix with a 1 at [(i + step) mod side, i]."""
    return np.roll(np.eye(side, dtype=dtype), step, axis=0)


def shift_image(images, dy, dx):
    images = ops.convert_to_numpy(images)
    _, height, width, _ = images.shape
    down, across = permutation(height, dy, images.dtype), permutation(width, dx, images.dtype)
    return np.einsum("qx,bpxc->bpqc", across, np.einsum("py,byxc->bpxc", down, images))


# %%
def equivariance_error(f, images, dy, dx, out_stride=1):
    a = ops.convert_to_numpy(f(shift_image(images, dy, dx)))
    b = ops.convert_to_numpy(shift_image(f(images), dy // out_stride, dx // out_stride))
    return float(np.linalg.norm((a - b).reshape(-1), ord=np.inf))


# %%
class CircularConv2D(keras.layers.Layer):
    def __init__(self, filters, kernel_size, **kwargs):
        super().__init__(**kwargs)
        self.k = kernel_size
        self.conv = keras.layers.Conv2D(filters, kernel_size)

    def build(self, input_shape):
        self.conv.build(input_shape)
        self.built = True

    def call(self, images):
        height, width = images.shape[1:3]
        steps = [self.k // 2 - i for i in range(self.k)]
        rows = np.stack([permutation(height, step, "float32") for step in steps])
        columns = np.stack([permutation(width, step, "float32") for step in steps])
        seen = ops.einsum("ipy,byxc->bipxc", rows, images)
        seen = ops.einsum("jqx,bipxc->bijpqc", columns, seen)
        return ops.einsum("bijpqc,ijcd->bpqd", seen, self.conv.kernel) + self.conv.bias


# %%
def invariance_rate(f, images, shifts):
    def one_hot(x):
        logits = ops.convert_to_numpy(f(x))
        return (logits == logits.max(axis=-1, keepdims=True)).astype("float64")

    standard = one_hot(images)
    moved = np.stack([one_hot(shift_image(images, dy, dx)) for dy, dx in np.asarray(shifts)])
    return np.einsum("bk,sbk->", standard, moved) / (moved.shape[0] * moved.shape[1])


# %%
class BlurPool2D(keras.layers.Layer):
    def __init__(self, stride=2, **kwargs):
        super().__init__(**kwargs)
        self.stride = stride

    def matrix(self, side):
        near = [permutation(side, step, "float32") for step in (-1, 0, 0, 1)]
        return sum(near)[:: self.stride] / 4

    def call(self, images):
        return ops.einsum("py,byxc,qx->bpqc", self.matrix(images.shape[1]), images, self.matrix(images.shape[2]))


# %%
def dense_as_1x1_conv(x, kernel, bias):
    """With the bias as the weights of one more channel, which is 1 everywhere."""
    x, kernel, bias = (ops.convert_to_numpy(array) for array in (x, kernel, bias))
    x = np.concatenate([x, np.ones_like(x[..., :1])], axis=-1)
    kernel = np.vstack([kernel, bias[None]])
    return ops.conv(x, kernel.reshape(1, 1, *kernel.shape))


# %%
class HybridEmbedding(keras.layers.Layer):
    def __init__(self, dim, stem_filters=(32, 64), **kwargs):
        super().__init__(**kwargs)
        self.stem = [keras.layers.Conv2D(f, 3, strides=2, padding="same") for f in stem_filters]
        self.proj = keras.layers.Dense(dim)

    def build(self, input_shape):
        shape = tuple(input_shape)
        for layer in self.stem:
            layer.build(shape)
            shape = layer.compute_output_shape(shape)
        self.tokens, self.width = shape[1] * shape[2], shape[3]
        self.proj.build((shape[0], self.tokens, self.width))

    def call(self, images):
        for layer in self.stem:
            images = ops.maximum(layer(images), 0.0)
        flat = ops.reshape(images, (-1, self.tokens, self.width))
        return ops.einsum("bnc,cd->bnd", flat, self.proj.kernel) + self.proj.bias


# %%
def data_scaling_curve(build_fn, data, sizes, seeds, steps=400, batch_size=50):
    (x_train, y_train), (x_test, y_test) = data
    table = np.zeros((len(sizes), len(seeds)))
    for s, size in enumerate(sizes):
        for t, seed in enumerate(seeds):
            model, rng = build_fn(seed), np.random.RandomState(seed)
            for step in range(steps):
                place = step % (size // batch_size)
                if place == 0:
                    order = rng.permutation(size).reshape(-1, batch_size)
                model.train_on_batch(x_train[order[place]], y_train[order[place]])
            said = model.predict(x_test, verbose=0)
            confusion = np.zeros((max(said.shape[-1], y_test.max() + 1),) * 2)
            np.add.at(confusion, (y_test, said.argmax(-1)), 1)
            table[s, t] = np.einsum("kk->", confusion) / len(y_test)
    return {size: list(row) for size, row in zip(sizes, table)}


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
    one = ops.convert_to_numpy(zero_padded(shift_image(images, 5, 3)))[..., 0]
    other = shift_image(zero_padded(images), 5, 3)[..., 0]

    def pooled(pictures):
        return pictures.reshape(40, 12, 2, 12, 2).max(axis=(2, 4))

    moved = np.stack([pooled(shift_image(images, 0, dx)) for dx in range(6)])
    contrast = np.zeros((2, len(PERIODS)))
    for i, period in enumerate(PERIODS):
        picture = stripes(period)
        for j, small in enumerate((picture[:, ::2, ::2], ops.convert_to_numpy(BlurPool2D()(picture)))):
            contrast[j, i] = small.max() - small.min()
    return dict(
        border=np.max(np.abs(one - other), axis=0),
        unchanged=(np.abs(moved - moved[:1]) < 1e-6).reshape(6, -1).mean(axis=1),
        contrast=contrast,
        answer_1=1 / (2 * 4 - 1),
        answer_2=(0, 1, 1, 0, 0),
    )
