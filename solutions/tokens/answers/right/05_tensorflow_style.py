# %%
import keras
import tensorflow as tf


# %%
def patchify(images, patch_size):
    images = tf.convert_to_tensor(images)
    shape = tf.shape(images)
    b, rows, columns, c = shape[0], shape[1] // patch_size, shape[2] // patch_size, images.shape[3]
    cut = tf.reshape(images, tf.stack([b, rows, patch_size, columns, patch_size, c]))
    cut = tf.einsum("bhpwqc->bhwpqc", cut)
    return tf.reshape(cut, tf.stack([b, rows * columns, patch_size * patch_size * c]))


# %%
def unpatchify(patches, patch_size, height, width):
    grid = tf.reshape(patches, (-1, height // patch_size, width // patch_size, patch_size, patch_size,
                                patches.shape[-1] // (patch_size * patch_size)))
    return tf.reshape(tf.transpose(grid, perm=[0, 1, 3, 2, 4, 5]), (-1, height, width, grid.shape[-1]))


# %%
def dense_to_conv_kernel(kernel, patch_size, channels):
    by_output = tf.transpose(kernel)  # (D, P*P*C)
    return tf.stack([tf.reshape(row, (patch_size, patch_size, channels)) for row in tf.unstack(by_output)], axis=-1)


# %%
class PatchEmbedding(keras.layers.Layer):
    def __init__(self, patch_size, dim, **kwargs):
        super().__init__(**kwargs)
        self.proj = keras.layers.Dense(units=dim, activation="linear", name="proj")
        self._cut = lambda pictures: patchify(pictures, patch_size)

    def call(self, images):
        return self.proj(self._cut(images))


# %%
def sinusoidal_position_encoding(num_positions, dim, base=10000.0):
    p = tf.range(num_positions, dtype=tf.float64)
    exponents = tf.range(0, dim, 2, dtype=tf.float64) / dim
    angles = p[:, tf.newaxis] / tf.pow(tf.cast(base, tf.float64), exponents)
    both = tf.stack((tf.sin(angles), tf.cos(angles)), axis=2)
    return tf.cast(tf.reshape(both, (num_positions, dim)), tf.float32)


# %%
def position_shift_matrix(offset, dim, base=10000.0):
    def turn(i):
        b = offset / base ** (2 * i / dim)
        return tf.linalg.LinearOperatorFullMatrix(
            tf.stack([[tf.math.cos(b), tf.math.sin(b)], [-tf.math.sin(b), tf.math.cos(b)]])
        )

    return tf.linalg.LinearOperatorBlockDiag([turn(i) for i in range(dim // 2)]).to_dense()


# %%
class LearnedPositionEmbedding(keras.layers.Layer):
    def __init__(self, num_positions, dim, **kwargs):
        super().__init__(**kwargs)
        self.embeddings = self.add_weight(
            name="embeddings", shape=(num_positions, dim), initializer="random_normal", trainable=True
        )

    def call(self, x):
        rows = tf.range(tf.shape(x)[1])
        return x + tf.gather(tf.convert_to_tensor(self.embeddings), rows)[tf.newaxis]
