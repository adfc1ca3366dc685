"""From arrays to batches: a tf.data pipeline that feeds Keras on any backend."""

import keras
import numpy as np


def pipeline(images, labels, batch_size, shuffle=False, flip=False, crop=0, seed=0):
    """Batches (images float32 in [0, 1], labels) for fit, evaluate and predict, made while the model computes.

    The arrays stay in memory as they are (uint8 is smallest), and what is shuffled are the numbers of the images. The
    same arguments give the same batches again, and every epoch has another order.

    Args:
        images: array (n, H, W, C), uint8 from 0 to 255 or float from 0 to 1.
        labels: array (n,) or (n, K).
        batch_size: how many images there are in a batch, at least 1.
        shuffle: for training: another order in every epoch. All batches are then full; the few images that are left
            over at the end of an epoch are others each time.
        flip: mirror about half of the images left to right. Not for digits.
        crop: shift each image by up to this many pixels in both directions; its mirrored edge fills the gap.
        seed: any int of up to 63 bits.

    Returns:
        A tf.data.Dataset.

    Raises:
        ValueError: there are not as many labels as images, or a number is out of range.
        ImportError: TensorFlow, which makes the batches on every backend, is not installed.
    """
    check_arguments(images, labels, batch_size, crop)
    tf = tensorflow()
    with tf.device("cpu"):
        images, labels = tf.convert_to_tensor(images), tf.convert_to_tensor(labels)
    rows = tf.data.Dataset.range(len(images))
    if shuffle:
        rows = rows.shuffle(len(images), seed=seed)
    rows = rows.batch(batch_size, drop_remainder=shuffle and len(images) >= batch_size)
    batches = rows.map(lambda chosen: (pixels(tf, tf.gather(images, chosen)), tf.gather(labels, chosen)))
    if flip or crop:
        draws = tf.data.Dataset.random(seed=seed, rerandomize_each_iteration=True)
        batches = tf.data.Dataset.zip((batches, draws)).map(
            lambda batch, draw: (augmented(tf, batch[0], flip, crop, tf.stack([draw, seed])), batch[1]),
            num_parallel_calls=tf.data.AUTOTUNE,
        )
    return batches.prefetch(tf.data.AUTOTUNE)


def epochs(images, labels, batch_size, steps, numbers, flip=False, crop=0, seed=0):
    """Shuffled batches of several epochs, one epoch after the other, for a training that may go on in the middle.

    What an epoch holds follows from its number and the seed alone: range(3, 5) gives what range(5) gives from the
    fourth epoch on. All else is as in pipeline with shuffle=True.

    Args:
        images, labels, batch_size, flip, crop: as in pipeline.
        steps: batches in an epoch, at most as many as there are full ones.
        numbers: range of the epochs' numbers.
        seed: an int from 0 to 2**32 - 1.

    Returns:
        A tf.data.Dataset of len(numbers) * steps batches.

    Raises:
        ValueError, ImportError: as in pipeline.
    """
    check_arguments(images, labels, batch_size, crop)
    tf = tensorflow()
    with tf.device("cpu"):
        images, labels = tf.convert_to_tensor(images), tf.convert_to_tensor(labels)

    def epoch(number):
        order = tf.random.experimental.stateless_shuffle(tf.range(len(images)), tf.stack([seed, -1 - number]))
        rows = tf.data.Dataset.from_tensor_slices(order).batch(batch_size, drop_remainder=len(images) >= batch_size)
        return rows.take(steps).enumerate(number * 2**32).map(batch, num_parallel_calls=tf.data.AUTOTUNE)

    def batch(draw, chosen):
        chosen_images = pixels(tf, tf.gather(images, chosen))
        return augmented(tf, chosen_images, flip, crop, tf.stack([seed, draw])), tf.gather(labels, chosen)

    numbers = tf.data.Dataset.range(numbers.start, numbers.stop)
    return numbers.flat_map(epoch).prefetch(tf.data.AUTOTUNE)


def check_arguments(images, labels, batch_size, crop):
    """Raise ValueError where a pipeline cannot be made of these."""
    if np.ndim(images) != 4 or len(images) != len(labels):
        raise ValueError(
            f"Expected images (n, H, W, C) and as many labels. Received: {np.shape(images)} and {np.shape(labels)}."
        )
    if batch_size < 1:
        raise ValueError(f"Expected a batch_size of at least 1. Received: {batch_size}.")
    if not 0 <= crop < min(np.shape(images)[1:3]):
        raise ValueError(f"Expected crop from 0 to below the side of an image. Received: {crop}.")


def tensorflow():
    """TensorFlow; on another backend it leaves the GPUs alone, which that backend needs for itself."""
    try:
        import tensorflow as tf
    except ImportError as error:
        raise ImportError(
            "Expected TensorFlow, which makes the batches on every backend: pip install tensorflow-cpu. "
            "Or hand the arrays themselves to fit: data.as_floats(images), labels."
        ) from error
    if keras.backend.backend() != "tensorflow":
        tf.config.set_visible_devices([], "GPU")
    return tf


def pixels(tf, images):
    """float32 in [0, 1], whether they came as uint8 or as floats."""
    return tf.cast(images, "float32") / 255 if images.dtype == tf.uint8 else tf.cast(images, "float32")


def augmented(tf, images, flip, crop, seed):
    """The images (B, H, W, C) of a batch, each mirrored and shifted at random."""
    count, height, width, _ = tf.unstack(tf.shape(images))
    draws = tf.random.stateless_uniform((count, 3), seed)
    if flip:
        images = tf.where(draws[:, 0, None, None, None] < 0.5, tf.reverse(images, [2]), images)
    if crop:
        padded = tf.pad(images, [[0, 0], [crop, crop], [crop, crop], [0, 0]], "SYMMETRIC")
        corners = tf.cast(draws[:, 1:] * (2 * crop + 1), "int32")
        images = tf.gather(padded, corners[:, :1] + tf.range(height), axis=1, batch_dims=1)
        images = tf.gather(images, corners[:, 1:] + tf.range(width), axis=2, batch_dims=1)
    return images
