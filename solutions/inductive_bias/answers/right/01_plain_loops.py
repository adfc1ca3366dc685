# %%
import keras
import numpy as np
from keras import ops


# %%
def shift_image(images, dy, dx):
    pictures = ops.convert_to_numpy(images)
    count, height, width, _ = pictures.shape
    out = np.empty_like(pictures)
    for b in range(count):
        for y in range(height):
            for x in range(width):
                out[b, (y + dy) % height, (x + dx) % width] = pictures[b, y, x]
    return out


# %%
def equivariance_error(f, images, dy, dx, out_stride=1):
    first = ops.convert_to_numpy(f(shift_image(images, dy, dx)))
    second = ops.convert_to_numpy(shift_image(f(images), dy // out_stride, dx // out_stride))
    worst = 0.0
    for a, b in zip(first.ravel().tolist(), second.ravel().tolist()):
        if abs(a - b) > worst:
            worst = abs(a - b)
    return worst


# %%
class CircularConv2D(keras.layers.Layer):
    def __init__(self, filters, kernel_size, **kwargs):
        super().__init__(**kwargs)
        self.k = kernel_size
        self.conv = keras.layers.Conv2D(filters, kernel_size)

    def build(self, input_shape):
        self.conv.build(input_shape)

    def call(self, images):
        images = ops.convert_to_numpy(images)
        kernel, bias = ops.convert_to_numpy(self.conv.kernel), ops.convert_to_numpy(self.conv.bias)
        count, height, width, _ = images.shape
        out = np.zeros((count, height, width, len(bias)), "float32")
        for y in range(height):
            for x in range(width):
                for i in range(self.k):
                    for j in range(self.k):
                        row, column = (y + i - self.k // 2) % height, (x + j - self.k // 2) % width
                        out[:, y, x] += images[:, row, column] @ kernel[i, j]
                out[:, y, x] += bias
        return ops.convert_to_tensor(out)


# %%
def invariance_rate(f, images, shifts):
    standard = ops.convert_to_numpy(f(images))
    kept, asked = 0, 0
    for dy, dx in shifts:
        logits = ops.convert_to_numpy(f(shift_image(images, int(dy), int(dx))))
        for b in range(len(logits)):
            asked += 1
            if logits[b].argmax() == standard[b].argmax():
                kept += 1
    return kept / asked


# %%
class BlurPool2D(keras.layers.Layer):
    def __init__(self, stride=2, **kwargs):
        super().__init__(**kwargs)
        self.stride = stride

    def call(self, images):
        images = ops.convert_to_numpy(images)
        count, height, width, channels = images.shape
        s, weights = self.stride, (1, 2, 1)
        out = np.zeros((count, height // s, width // s, channels), "float32")
        for y in range(height // s):
            for x in range(width // s):
                for i in (-1, 0, 1):
                    for j in (-1, 0, 1):
                        pixel = images[:, (y * s + i) % height, (x * s + j) % width]
                        out[:, y, x] += weights[i + 1] * weights[j + 1] / 16 * pixel
        return ops.convert_to_tensor(out)


# %%
def dense_as_1x1_conv(x, kernel, bias):
    kernel = ops.expand_dims(ops.expand_dims(kernel, 0), 0)
    return ops.conv(x, kernel) + bias


# %%
class HybridEmbedding(keras.layers.Layer):
    def __init__(self, dim, stem_filters=(32, 64), **kwargs):
        super().__init__(**kwargs)
        self.stem = []
        for filters in stem_filters:
            self.stem.append(keras.layers.Conv2D(filters, 3, strides=2, padding="same"))
        self.proj = keras.layers.Dense(dim)

    def call(self, images):
        x = images
        for layer in self.stem:
            x = ops.relu(layer(x))
        rows = []
        for y in range(x.shape[1]):
            for column in range(x.shape[2]):
                rows.append(self.proj(x[:, y, column]))
        return ops.stack(rows, axis=1)


# %%
def data_scaling_curve(build_fn, data, sizes, seeds, steps=400, batch_size=50):
    (x_train, y_train), (x_test, y_test) = data
    result = {}
    for size in sizes:
        result[size] = []
        for seed in seeds:
            model = build_fn(seed)
            begin = 0
            for _ in range(steps):
                model.train_on_batch(x_train[begin : begin + batch_size], y_train[begin : begin + batch_size])
                begin += batch_size
                if begin >= size:
                    begin = 0
            said = model.predict(x_test, verbose=0)
            right = 0
            for i in range(len(y_test)):
                if said[i].argmax() == y_test[i]:
                    right += 1
            result[size].append(right / len(y_test))
    return result


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
    before = ops.convert_to_numpy(zero_padded(shift_image(images, 5, 3)))
    after = ops.convert_to_numpy(shift_image(zero_padded(images), 5, 3))
    border = np.zeros((24, 24))
    for y in range(24):
        for x in range(24):
            border[y, x] = max(abs(before[b, y, x, 0] - after[b, y, x, 0]) for b in range(40))

    still = ops.convert_to_numpy(ops.max_pool(images, 2))
    unchanged = []
    for dx in range(6):
        moved = ops.convert_to_numpy(ops.max_pool(shift_image(images, 0, dx), 2))
        same = 0
        for a, b in zip(still.ravel(), moved.ravel()):
            same += abs(float(a) - float(b)) <= 1e-6
        unchanged.append(same / still.size)

    contrast = [[], []]
    for period in PERIODS:
        picture = stripes(period)
        skipped = picture[:, ::2, ::2]
        blurred = ops.convert_to_numpy(BlurPool2D(2)(picture))
        contrast[0].append(skipped.max() - skipped.min())
        contrast[1].append(blurred.max() - blurred.min())
    return {
        "border": border,
        "unchanged": np.array(unchanged),
        "contrast": np.array(contrast),
        "answer_1": 0.1429,
        "answer_2": [0, 1, 1, 0, 0],
    }
