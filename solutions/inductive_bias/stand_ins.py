"""Right answers over public APIs, used in place of a failed exercise when a later one calls it.

They travel into the sandbox as text, so they hold nothing that NumPy's and Keras's documentation does not.
"""

STAND_INS = {
    "shift_image": """
def shift_image(images, dy, dx):
    import keras
    import numpy as np
    moved = np.roll(keras.ops.convert_to_numpy(images), (int(dy), int(dx)), axis=(1, 2))
    return keras.ops.convert_to_tensor(moved)
""",
    "BlurPool2D": """
def BlurPool2D(stride=2, **kwargs):
    import keras
    import numpy as np
    kernel = np.outer([1, 2, 1], [1, 2, 1]).astype("float32") / 16

    def pool(images, training=None):
        pixels = np.pad(keras.ops.convert_to_numpy(images), ((0, 0), (1, 1), (1, 1), (0, 0)), mode="wrap")
        each = np.repeat(kernel[:, :, None, None], pixels.shape[-1], axis=2)
        blurred = keras.ops.depthwise_conv(pixels, each, strides=1, padding="valid")
        return blurred[:, ::stride, ::stride]

    return pool
""",
}
