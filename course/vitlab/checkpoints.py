"""Three small networks trained on CIFAR-10, to look into: they come with vitlab, made by tools/make_checkpoints.py."""

import json
from functools import cache
from importlib.resources import files

import keras
import numpy as np
from keras import ops

from vitlab.data import as_floats
from vitlab.looking import attention_of

NAMES = ("cnn", "vit", "mixer")
LAYERS = 7
"""How many layers of each network `features` shows."""
SIDE, PATCH = 32, 4
PATCHES = (SIDE // PATCH) ** 2
WIDTH, HEADS = 64, 4
"""Of the tokens of the ViT and the Mixer."""
CONVOLUTIONS = (16, 16, 32, 32, 64, 64)
AT_ONCE = 250


def load(name, trained=True):
    """One of the three networks: a built keras.Model, images (B, 32, 32, 3) float32 in [0, 1] -> logits (B, 10).

    Args:
        name: "cnn", six convolutions; "vit" and "mixer", six blocks each, 64 tokens of 4 by 4 pixels.
        trained: False leaves it as it was before its training, with random weights, the same ones each time.

    Raises:
        ValueError: there is no such network.
    """
    if name not in NAMES:
        raise ValueError(f"Expected one of {', '.join(NAMES)}. Received: {name!r}.")
    if not trained:
        keras.utils.set_random_seed(11)
    model = NETWORKS[name]()
    if trained:
        arrays = stored(f"checkpoint_{name}.arrays")
        model.set_weights([arrays[str(i)].astype("float32") for i in range(len(model.weights))])
    return model


def about(name):
    """How a network was made: a dict with seed, recipe, data, versions and accuracies."""
    return json.loads(str(stored(f"checkpoint_{name}.arrays")["note"]))


def pictures():
    """A hundred test images of CIFAR-10, ten of each class: -> (images (100, 32, 32, 3) uint8, labels (100,) int32).

    They come with vitlab, so that there is always something to look at. None of the networks was trained on them.
    """
    arrays = stored("photographs.arrays")
    return arrays["images"].copy(), arrays["labels"].astype("int32")


@cache
def stored(name):
    """The arrays of a file that comes with vitlab: an .npz by another name.

    Sandboxes leave .npz files of vitlab's out, since the fixtures hold answers; these they may read.
    """
    with files("vitlab.data").joinpath(name).open("rb") as file, np.load(file, allow_pickle=False) as arrays:
        return dict(arrays)


def predict(model, images):
    """Class numbers (n,) of images (n, 32, 32, 3), uint8 or floats in [0, 1]."""
    return run(model, images).argmax(axis=-1).astype("int32")


def features(model, images):
    """What each layer makes of some images: -> list of 7 arrays (n, ...), from the first layer to the last.

    CNN: the maps (n, H, W, C) behind each convolution, and their mean over the places at the end. ViT and Mixer: the
    tokens (n, T, 64) that go into the first block, and those that leave each of the six blocks.

    Args:
        model: one of the networks.
        images: (n, 32, 32, 3), uint8 from 0 to 255 or floats from 0 to 1.
    """
    seen = keras.Model(model.input, [model.get_layer(f"layer_{i + 1}").output for i in range(LAYERS)])
    return run(seen, images)


def attention(model, images):
    """The attention weights of the ViT: -> list of 6 arrays (n, 4, 65, 65), the first layer first, CLS in front.

    Args:
        model: the ViT.
        images: as in features.

    Raises:
        ValueError: the network has no attention.
    """
    layers = [layer for layer in model.layers if isinstance(layer, keras.layers.MultiHeadAttention)]
    if not layers:
        raise ValueError('Expected a network with attention, which is the one called "vit". This one has none.')
    parts = [attention_of(layers, lambda part=part: model(part, training=False)) for part in parts_of(images)]
    return [np.concatenate(layer) for layer in zip(*parts, strict=True)]


def run(model, images):
    """A model's output for images in parts, as an array; a list of arrays if it has several outputs."""
    found = [model(part, training=False) for part in parts_of(images)]
    if not isinstance(found[0], (list, tuple)):
        return np.concatenate([ops.convert_to_numpy(part) for part in found])
    return [np.concatenate([ops.convert_to_numpy(part) for part in layer]) for layer in zip(*found, strict=True)]


def parts_of(images):
    """Images as floats in [0, 1], at most 250 at once."""
    images = as_floats(images) if images.dtype == np.uint8 else np.asarray(images, "float32")
    return [images[start : start + AT_ONCE] for start in range(0, len(images), AT_ONCE)]


def convolutional():
    """A CNN: six convolutions 3 by 3, half the height and width after each two; then the mean over all places."""
    images = maps = keras.Input((SIDE, SIDE, 3))
    for i, channels in enumerate(CONVOLUTIONS):
        maps = keras.layers.Conv2D(channels, 3, padding="same", use_bias=False)(maps)
        maps = keras.layers.ReLU(name=f"layer_{i + 1}")(keras.layers.BatchNormalization()(maps))
        if i % 2 == 1 and i + 1 < len(CONVOLUTIONS):
            maps = keras.layers.MaxPooling2D()(maps)
    means = keras.layers.GlobalAveragePooling2D(name=f"layer_{LAYERS}")(maps)
    return keras.Model(images, keras.layers.Dense(10)(means), name="cnn")


class Front(keras.layers.Layer):
    """Puts a learned token in front of the patches and adds a learned table: (B, N, D) -> (B, N + 1, D)."""

    def build(self, input_shape):
        """Make token and table."""
        _, count, width = input_shape
        small = keras.initializers.RandomNormal(stddev=0.02)
        self.token = self.add_weight(shape=(1, 1, width), initializer=small, name="token")
        self.table = self.add_weight(shape=(count + 1, width), initializer=small, name="table")

    def call(self, patches):
        """Patches (B, N, D) -> (B, N + 1, D)."""
        front = ops.broadcast_to(self.token, (ops.shape(patches)[0], 1, self.token.shape[-1]))
        return ops.concatenate([front, patches], 1) + self.table


def patches_of(images):
    """Images -> tokens (B, 64, 64), one for each patch."""
    maps = keras.layers.Conv2D(WIDTH, PATCH, strides=PATCH)(images)
    return keras.layers.Reshape((PATCHES, WIDTH))(maps)


def normed(tokens):
    """A LayerNorm of its own."""
    return keras.layers.LayerNormalization(epsilon=1e-6)(tokens)


def two_layers(x, hidden):
    """An MLP on the last axis, which keeps its width."""
    return keras.layers.Dense(x.shape[-1])(keras.layers.Dense(hidden, activation="gelu")(x))


def add(x, y, name=None):
    """The sum of two tensors, as a layer that can be found by its name."""
    return keras.layers.Add(name=name)([x, y])


def transformer():
    """A ViT with six blocks of four heads, as in lesson 4; its answer is read from CLS."""
    images = keras.Input((SIDE, SIDE, 3))
    tokens = Front(name="layer_1")(patches_of(images))
    for i in range(LAYERS - 1):
        x = normed(tokens)
        tokens = add(tokens, keras.layers.MultiHeadAttention(HEADS, WIDTH // HEADS)(x, x))
        tokens = add(tokens, two_layers(normed(tokens), 2 * WIDTH), f"layer_{i + 2}")
    return keras.Model(images, keras.layers.Dense(10)(normed(tokens)[:, 0]), name="vit")


def mixer():
    """A Mixer with six blocks: an MLP over the tokens in place of attention; its answer is read from their mean."""
    images = keras.Input((SIDE, SIDE, 3))
    tokens = keras.layers.Activation("linear", name="layer_1")(patches_of(images))
    for i in range(LAYERS - 1):
        turned = keras.layers.Permute((2, 1))(normed(tokens))
        tokens = add(tokens, keras.layers.Permute((2, 1))(two_layers(turned, WIDTH // 2)))
        tokens = add(tokens, two_layers(normed(tokens), 2 * WIDTH), f"layer_{i + 2}")
    means = keras.layers.GlobalAveragePooling1D()(normed(tokens))
    return keras.Model(images, keras.layers.Dense(10)(means), name="mixer")


NETWORKS = {"cnn": convolutional, "vit": transformer, "mixer": mixer}
