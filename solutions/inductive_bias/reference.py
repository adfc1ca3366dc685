"""What convolutions, pooling and patches assume about pictures: the reference answers of lesson 08.

B images in a batch, H W C pixels, D width, N tokens, K classes, n training images.
The lines between the solution marks never leave this folder; the docstrings are what students are told.
"""

import dataclasses

import keras
import numpy as np
from keras import ops
from vitlab import training


def shift_image(images, dy, dx):
    """Move pictures: (B, H, W, C) -> the same shape. What leaves at one edge comes in at the opposite one.

    out[b, (y + dy) mod H, (x + dx) mod W] = images[b, y, x]: a positive dy moves the picture down, a positive dx moves
    it to the right.

    Args:
        images: any number type; the values are kept, and `images` itself is not changed.
        dy, dx: ints of either sign, 0, or larger than the side.

    Source: lecture, "Translation equivariance".
    """
    ### BEGIN SOLUTION
    return ops.roll(images, (dy, dx), axis=(1, 2))
    ### END SOLUTION


def equivariance_error(f, images, dy, dx, out_stride=1):
    """How much it matters whether a picture is moved before or after f: one number, 0 or more.

    The largest |f(T x) - T' f(x)| over all images x, positions and channels. T moves a picture by dy and dx, as
    shift_image does; T' moves the output just as far, counted in rows and columns of its own. Nothing is divided by
    how large the output is.

    Args:
        f: function (B, H, W, C) -> (B, H / out_stride, W / out_stride, C').
        images: (B, H, W, C) floats.
        dy, dx: pixels of the picture, ints of either sign; multiples of out_stride, so that the output moves by whole
            rows and columns.
        out_stride: how many pixels of the picture lie between two neighbours in the output; divides H and W.

    Source: lecture, "Translation equivariance is achieved by the convolution operation".
    """
    ### BEGIN SOLUTION
    moved_before = f(shift_image(images, dy, dx))
    moved_after = shift_image(f(images), dy // out_stride, dx // out_stride)
    return ops.max(ops.abs(ops.subtract(moved_before, moved_after)))
    ### END SOLUTION


class CircularConv2D(keras.layers.Layer):
    """A convolution on a picture without an edge: beyond the last column comes the first one again, rows likewise.

    out[b, y, x] = sum over i and j of images[b, (y + i - k // 2) mod H, (x + j - k // 2) mod W] @ conv.kernel[i, j]
    + conv.bias. As in keras.layers.Conv2D the kernel is not flipped. Stride 1, no activation.

    Args:
        filters: channels of the output.
        kernel_size: k, one odd int, 1 <= k <= min(H, W).

    Attributes:
        conv: e.g. keras.layers.Conv2D, with conv.kernel (k, k, C, filters) and conv.bias (filters,). Nothing else has
            weights.

    Source: lecture, "A closer look at spatial dimensions".
    """

    def __init__(self, filters, kernel_size, **kwargs):
        super().__init__(**kwargs)
        ### BEGIN SOLUTION
        self.conv, self.reach = keras.layers.Conv2D(filters, kernel_size, padding="valid"), kernel_size // 2
        ### END SOLUTION

    def call(self, images):
        """(B, H, W, C) -> (B, H, W, filters), with the same H and W."""
        ### BEGIN SOLUTION
        height, width = images.shape[1:3]
        rows = np.arange(-self.reach, height + self.reach) % height
        columns = np.arange(-self.reach, width + self.reach) % width
        return self.conv(ops.take(ops.take(images, rows, axis=1), columns, axis=2))
        ### END SOLUTION


def invariance_rate(f, images, shifts):
    """How often a classifier keeps its choice when a picture is moved: one number from 0 to 1.

    The share of the B * len(shifts) pairs (image, shift) in which argmax f(shift_image(images, dy, dx)) is the
    argmax f(images) of the same image. There are no labels: what f says of the unmoved image is the standard.

    Args:
        f: function (B, H, W, C) -> logits (B, K). Two logits of an image are never equally large.
        images: (B, H, W, C) floats.
        shifts: list of (dy, dx), or an int array (M, 2), at least one. Each counts as often as it is listed, and (0, 0)
            counts too.

    Source: lecture, "Translation invariance is achieved by the pooling layer"; Zhang 2019, section 4.
    """

    ### BEGIN SOLUTION
    def choice(moved):
        return ops.convert_to_numpy(ops.argmax(f(moved), axis=-1))

    standard = choice(images)
    return np.mean([choice(shift_image(images, int(dy), int(dx))) == standard for dy, dx in shifts])
    ### END SOLUTION


class BlurPool2D(keras.layers.Layer):
    """Blur, then take every stride-th pixel: (B, H, W, C) -> (B, H / stride, W / stride, C), each channel by itself.

    The blur is a correlation with the 3 x 3 filter [1, 2, 1]^T [1, 2, 1] / 16, for every stride, and the picture has no
    edge: rows and columns go on at the opposite side. Of the blurred picture row 0 stays and every stride-th one after
    it, columns likewise. No weights at all, not even some that are not trained: the filter is a constant.

    Args:
        stride: an int >= 1 that divides H and W; 1 blurs only.

    Source: lecture, "TResNet", figure 2; Zhang 2019, "Making Convolutional Networks Shift-Invariant Again".
    """

    def __init__(self, stride=2, **kwargs):
        super().__init__(**kwargs)
        ### BEGIN SOLUTION
        self.stride = stride
        ### END SOLUTION

    def call(self, images):
        """(B, H, W, C) -> (B, H / stride, W / stride, C), H and W at least 3."""
        ### BEGIN SOLUTION
        blurred = images
        for axis in (1, 2):
            blurred = (ops.roll(blurred, 1, axis) + 2 * blurred + ops.roll(blurred, -1, axis)) / 4
        return blurred[:, :: self.stride, :: self.stride]
        ### END SOLUTION


def dense_as_1x1_conv(x, kernel, bias):
    """A Dense layer at every pixel, computed as a convolution: (B, H, W, C) -> (B, H, W, D) = x @ kernel + bias.

    Args:
        x: (B, H, W, C) floats.
        kernel: (C, D), the kernel of a Dense layer.
        bias: (D,), its bias.

    ops.conv can do the work, or the convolution of a Conv2D. Dense, EinsumDense and all products of matrices
    (ops.matmul, dot, tensordot, einsum, the operator @, NumPy's and TensorFlow's) are switched off.

    Source: lecture, "ConvNet vs Transformer": MLPs (= 1x1 convs) only mix the channels, per location.
    """
    ### BEGIN SOLUTION
    return ops.conv(x, kernel[None, None], strides=1, padding="valid") + bias
    ### END SOLUTION


class HybridEmbedding(keras.layers.Layer):
    """Tokens from m convolutions: (B, H, W, C) -> (B, (H / 2^m)(W / 2^m), dim).

    The picture goes through the convolutions of the stem one after the other, with a relu after each of them; then
    through proj at every position. The positions are the tokens, row by row, from left to right and then down. No norm,
    no position embeddings, no class token, no pooling.

    Args:
        dim: width of a token.
        stem_filters: 1 to 3 ints, the channels of the m convolutions; 2^m divides H and W.

    Attributes:
        stem: list of keras.layers.Conv2D(f, 3, strides=2, padding="same"), one for each f: stem[i].kernel
            (3, 3, C_in, f) and stem[i].bias (f,).
        proj: Dense(dim): proj.kernel (last f, dim), proj.bias (dim,), no activation.

    Source: lecture, "Two types of ViT: hybrid ViT"; Dosovitskiy et al. 2021, section 3.1.
    """

    def __init__(self, dim, stem_filters=(32, 64), **kwargs):
        super().__init__(**kwargs)
        ### BEGIN SOLUTION
        halving = {"strides": 2, "padding": "same", "activation": "relu"}
        self.stem = [keras.layers.Conv2D(f, 3, **halving) for f in stem_filters]
        self.proj = keras.layers.Dense(dim)
        ### END SOLUTION

    def call(self, images):
        """(B, H, W, C) -> (B, (H / 2^m)(W / 2^m), dim)."""
        ### BEGIN SOLUTION
        maps = images
        for convolution in self.stem:
            maps = convolution(maps)
        _, rows, columns, width = maps.shape
        return self.proj(ops.reshape(maps, (-1, rows * columns, width)))
        ### END SOLUTION


def data_scaling_curve(build_fn, data, sizes, seeds, steps=400, batch_size=50):
    """How good a model becomes with few and with many training images: -> dict {size: [one accuracy for each seed]}.

    For each size and each seed: a new model = build_fn(seed). Then exactly `steps` calls of
    model.train_on_batch(x, y), the same number for every size, each with batch_size rows of x_train[:size] and
    y_train[:size]. Each pass of size / batch_size calls uses each of these rows once, in any order. Then the accuracy
    is the share of all test images for which the largest of model.predict(x_test, verbose=0) is the right one. The test
    images are used for nothing else, and predict is not called before the last step.

    Args:
        build_fn: function seed -> a compiled model.
        data: ((x_train, y_train), (x_test, y_test)), arrays; labels (n,) ints.
        sizes: ints; batch_size divides each, and each divides steps * batch_size.
        seeds: ints.
        steps: calls of train_on_batch for each model.
        batch_size: rows in each.

    Returns:
        Sizes as keys, in the order of `sizes`; accuracies from 0 to 1, in the order of `seeds`.

    Source: lecture, "Scaling with Data"; Dosovitskiy et al. 2021, figure 4.
    """
    ### BEGIN SOLUTION
    (images, labels), (unseen, truth) = data

    def accuracy(size, seed):
        model, random = build_fn(seed), np.random.default_rng(seed)
        passes = [random.permutation(size) for _ in range(steps * batch_size // size)]
        for rows in np.concatenate(passes).reshape(steps, batch_size):
            model.train_on_batch(images[rows], labels[rows])
        return np.mean(np.argmax(model.predict(unseen, verbose=0), axis=-1) == truth)

    return {size: [accuracy(size, seed) for seed in seeds] for size in sizes}
    ### END SOLUTION


def build_small_cnn(num_classes=10, width=32):
    """A small convolutional network, compiled: images (B, 32, 32, 3) -> logits (B, K).

    Four convolutions, each normalised and with max pooling between them, and the mean over all positions at the end.
    """
    layers, model = keras.layers, keras.Sequential([keras.Input((32, 32, 3))])
    for i, filters in enumerate((width, width, 2 * width, 2 * width)):
        model.add(layers.Conv2D(filters, 3, padding="same", use_bias=False))
        model.add(layers.BatchNormalization())
        model.add(layers.Activation("relu"))
        model.add(layers.MaxPooling2D() if i < 3 else layers.GlobalAveragePooling2D())
    model.add(layers.Dense(num_classes))
    model.compile(keras.optimizers.Adam(2e-3), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return model


class LearnedPositionEmbedding(keras.layers.Layer):
    """From lesson 3: tokens (B, N, dim) plus one learned vector for each position, the weight embeddings (N, dim)."""

    def __init__(self, num_tokens, dim, **kwargs):
        super().__init__(**kwargs)
        self.embeddings = self.add_weight(shape=(num_tokens, dim), initializer="random_normal", name="embeddings")

    def call(self, tokens):
        """tokens (B, N, dim) -> the same shape."""
        return tokens + self.embeddings


def small_vit(
    embedding="patches", image_size=32, num_classes=10, dim=48, depth=2, num_heads=4, mlp_dim=96, positions=True
):
    """The Vision Transformer of lesson 4 from Keras's layers, with the mean of its tokens in place of CLS.

    Images (B, H, W, 3) in [0, 1] -> logits (B, K). Tokens are one for each square of 8 x 8 pixels, made in one of two
    ways.

    Args:
        embedding: "patches", the naive ViT: one matrix for each patch. "hybrid": your HybridEmbedding, with three
            convolutions.
        positions: False leaves out the position embeddings.
        image_size, num_classes, dim, depth, num_heads, mlp_dim: as in lesson 4.
    """
    layers, size, count = keras.layers, {"num_heads": num_heads, "key_dim": dim // num_heads}, (image_size // 8) ** 2
    images = keras.Input((image_size, image_size, 3))
    if embedding == "hybrid":
        tokens = HybridEmbedding(dim, (8, 16, 32), name="embedding")(images)
    else:
        cut = layers.Permute((1, 3, 2, 4))(layers.Reshape((image_size // 8, 8, image_size // 8, 24))(images))
        tokens = layers.Dense(dim, name="patches")(layers.Reshape((count, 192))(cut))
    tokens = LearnedPositionEmbedding(count, dim, name="positions")(tokens) if positions else tokens
    for i in range(depth):
        normed = layers.LayerNormalization(epsilon=1e-6, name=f"norm1_{i}")(tokens)
        tokens = layers.add([tokens, layers.MultiHeadAttention(**size, name=f"attention_{i}")(normed, normed)])
        hidden = layers.LayerNormalization(epsilon=1e-6, name=f"norm2_{i}")(tokens)
        hidden = layers.Dense(mlp_dim, activation="gelu", name=f"fc1_{i}")(hidden)
        tokens = layers.add([tokens, layers.Dense(dim, name=f"fc2_{i}")(hidden)])
    average = layers.GlobalAveragePooling1D()(layers.LayerNormalization(epsilon=1e-6, name="norm")(tokens))
    return keras.Model(images, layers.Dense(num_classes, name="head")(average))


def few_pictures(data):
    """(recipe, sizes): a budget that trains long on few pictures, and the arguments for small_vit.

    data: as train_hybrid gets them.
    """
    recipe = training.budget(dataset=data)
    recipe = dataclasses.replace(recipe, images=min(500, recipe.images), epochs=4 * recipe.epochs, batch_size=50)
    taken = ("image_size", "num_classes", "dim", "depth", "num_heads", "mlp_dim")
    return recipe, {"embedding": "hybrid", **{name: recipe.model[name] for name in taken}}


def train_hybrid(data, seed):
    """Train a hybrid ViT on few pictures: -> (model, history).

    Args:
        data: ((x_train, y_train), (x_test, y_test)): images (n, 32, 32, 3) float32 in [0, 1], labels (n,) ints.
        seed: an int for keras.utils.set_random_seed, so that the same seed gives the same model; and for training.fit.

    Returns:
        model: small_vit(**sizes), trained under recipe; recipe and sizes from few_pictures(data).
        history: what training.fit returns.

    Source: lecture, "Two types of ViT: performance comparison".
    """
    ### BEGIN SOLUTION
    keras.utils.set_random_seed(seed)
    recipe, sizes = few_pictures(data)
    model = small_vit(**sizes)
    return model, training.fit(model, data, recipe, seed)
    ### END SOLUTION


PERIODS = (2, 3, 4, 6, 8, 12, 16, 24)


def noise(count=40, side=24, seed=8):
    """Pictures of random grey pixels, the same on every machine: (count, side, side, 1) float32 from 0 to 1."""
    return np.random.RandomState(seed).uniform(size=(count, side, side, 1)).astype("float32")


def stripes(period, side=48):
    """A picture of upright stripes, `period` pixels from one bright line to the next: (1, side, side, 1), 0 to 1."""
    row = 0.5 + 0.5 * np.cos(2 * np.pi * np.arange(side) / period)
    return np.broadcast_to(row[None, None, :, None], (1, side, side, 1)).astype("float32")


def zero_padded(images):
    """A blur with zero padding, as many convolutional networks have it: (B, H, W, 1) -> (B, H, W, 1)."""
    return ops.conv(images, np.full((3, 3, 1, 1), 1 / 9, "float32"), padding="same")


def figure():
    """The numbers behind your plots, and two answers: -> dict of arrays and numbers.

    With images = noise(), pictures of random pixels:
    "border" (24, 24): |f(shift_image(images, 5, 3)) - shift_image(f(images), 5, 3)| for f = zero_padded, the largest
        over the images at each place.
    "unchanged" (6,): for shifts to the right by 0, 1, 2, 3, 4 and 5 pixels, the share of places at which ops.max_pool,
        2 x 2, of the moved pictures is the same, to 1e-6, as that of the unmoved ones.
    "contrast" (2, 8): the largest number minus the smallest one, for each period of PERIODS. Row 0: of
        stripes(period)[:, ::2, ::2]. Row 1: of what BlurPool2D(2) makes of stripes(period).
    "answer_1": a number. "answer_2": five codes, each 0 or 1. The questions stand in the text above.
    """
    ### BEGIN SOLUTION
    images, pooled = noise(), []
    moved, still = zero_padded(shift_image(images, 5, 3)), shift_image(zero_padded(images), 5, 3)
    for dx in range(6):
        same = ops.max_pool(shift_image(images, 0, dx), 2) - ops.max_pool(images, 2)
        pooled.append(np.mean(np.abs(ops.convert_to_numpy(same)) < 1e-6))
    pairs = [(stripes(p)[:, ::2, ::2], ops.convert_to_numpy(BlurPool2D(2)(stripes(p)))) for p in PERIODS]
    return {
        "border": ops.max(ops.abs(moved - still), axis=(0, 3)),
        "unchanged": np.array(pooled),
        "contrast": np.transpose([[np.ptp(one), np.ptp(other)] for one, other in pairs]),
        "answer_1": 1 / 7,
        "answer_2": np.array([0, 1, 1, 0, 0]),
    }
    ### END SOLUTION
