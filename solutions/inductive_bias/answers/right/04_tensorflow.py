# %%
import keras
import numpy as np
import tensorflow as tf
from keras import ops


# %%
def shift_image(images, dy, dx):
    return tf.roll(tf.convert_to_tensor(images), shift=[dy, dx], axis=[1, 2])


# %%
def equivariance_error(f, images, dy, dx, out_stride=1):
    a = tf.convert_to_tensor(f(shift_image(images, dy, dx)))
    b = shift_image(f(images), dy // out_stride, dx // out_stride)
    return tf.reduce_max(tf.abs(a - b)).numpy()


# %%
class CircularConv2D(keras.layers.Layer):
    def __init__(self, filters, kernel_size, **kwargs):
        super().__init__(**kwargs)
        self.filters, self.kernel_size = filters, kernel_size
        self.conv = keras.layers.Conv2D(filters, kernel_size, padding="valid", name="conv")

    def call(self, images):
        half = self.kernel_size // 2
        height, width = images.shape[1], images.shape[2]
        images = tf.gather(images, tf.range(-half, height + half) % height, axis=1)
        images = tf.gather(images, tf.range(-half, width + half) % width, axis=2)
        return self.conv(images)


# %%
def invariance_rate(f, images, shifts):
    standard = tf.argmax(f(images), axis=-1)
    total = tf.constant(0.0)
    for dy, dx in shifts:
        now = tf.argmax(f(shift_image(images, dy, dx)), axis=-1)
        total += tf.reduce_mean(tf.cast(now == standard, tf.float32))
    return float(total / len(shifts))


# %%
class BlurPool2D(keras.layers.Layer):
    def __init__(self, stride=2, **kwargs):
        super().__init__(**kwargs)
        self.stride = stride
        line = tf.constant([1.0, 2.0, 1.0]) / 4.0
        self.filter = tf.tensordot(line, line, axes=0)

    def call(self, images):
        around = tf.concat([images[:, -1:], images, images[:, :1]], axis=1)
        around = tf.concat([around[:, :, -1:], around, around[:, :, :1]], axis=2)
        kernel = tf.tile(self.filter[:, :, tf.newaxis, tf.newaxis], [1, 1, images.shape[-1], 1])
        return tf.nn.depthwise_conv2d(around, kernel, strides=[1, self.stride, self.stride, 1], padding="VALID")


# %%
def dense_as_1x1_conv(x, kernel, bias):
    kernel = tf.convert_to_tensor(kernel)[tf.newaxis, tf.newaxis, :, :]
    return tf.nn.bias_add(ops.conv(tf.convert_to_tensor(x), kernel, padding="valid"), tf.convert_to_tensor(bias))


# %%
class HybridEmbedding(keras.layers.Layer):
    def __init__(self, dim, stem_filters=(32, 64), **kwargs):
        super().__init__(**kwargs)
        self.stem = [keras.layers.Conv2D(f, 3, 2, "same") for f in stem_filters]
        self.proj = keras.layers.Dense(dim)
        self.relu = keras.layers.ReLU()
        self.flat = keras.layers.Reshape((-1, dim))

    def call(self, images):
        for layer in self.stem:
            images = self.relu(layer(images))
        return self.flat(self.proj(images))


# %%
def data_scaling_curve(build_fn, data, sizes, seeds, steps=400, batch_size=50):
    (x_train, y_train), (x_test, y_test) = data
    result = {}
    for size in sizes:
        accuracies = []
        for seed in seeds:
            model = build_fn(seed)
            rows = tf.data.Dataset.range(size).shuffle(size, seed=seed, reshuffle_each_iteration=True).repeat()
            for batch in rows.batch(batch_size).take(steps).as_numpy_iterator():
                model.train_on_batch(x_train[batch], y_train[batch])
            best = tf.argmax(model.predict(x_test, verbose=0), axis=-1)
            accuracies.append(tf.reduce_mean(tf.cast(best == tf.cast(y_test, tf.int64), tf.float32)).numpy())
        result[size] = accuracies
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
    images = tf.constant(noise())
    gap = tf.abs(zero_padded(shift_image(images, 5, 3)) - shift_image(zero_padded(images), 5, 3))

    def pooled(dx):
        return tf.nn.max_pool2d(shift_image(images, 0, dx), 2, 2, "VALID")

    same = [tf.reduce_mean(tf.cast(tf.abs(pooled(dx) - pooled(0)) <= 1e-6, tf.float32)) for dx in range(6)]

    def spread(picture):
        return tf.reduce_max(picture) - tf.reduce_min(picture)

    rows = [(spread(stripes(p)[:, ::2, ::2]), spread(BlurPool2D(2)(stripes(p)))) for p in PERIODS]
    return {
        "border": tf.reduce_max(gap, axis=[0, -1]),
        "unchanged": tf.stack(same),
        "contrast": tf.transpose(tf.convert_to_tensor(rows)),
        "answer_1": tf.constant(1.0 / 7.0),
        "answer_2": tf.constant([0, 1, 1, 0, 0]),
    }
