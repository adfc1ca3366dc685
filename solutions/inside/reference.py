"""What a network has learned, measured from outside: the reference answers of lesson 11.

B images in a batch, H and W pixels, C channels, h heads, T tokens, n examples, d features.
The lines between the solution marks never leave this folder; the docstrings are what students are told.
"""

import numpy as np
from keras import ops
from vitlab import checkpoints


def mean_attention_distance(weights, grid, patch_size, num_extra_tokens=1):
    """How far each head looks, in PIXELS: attention weights (B, h, T, T) -> (h,).

    The plain mean, over all patches that ask and over all images, of the weighted mean distance to the patches that are
    looked at. Extra tokens do not count, neither as queries nor as keys: a patch's weights on patches are divided by
    their sum. The distance of two patches is Euclidean, between their places in the grid.

    Args:
        weights: float tensor (B, h, T, T), T = num_extra_tokens + rows * columns. Rows are queries, and each row sums
            to 1. In each row of a patch, at least 0.05 lies on patches.
        grid: the tuple (rows, columns) of patches, which may differ.
        patch_size: side of a patch in pixels.
        num_extra_tokens: 0, 1 (CLS) or 2 (CLS and distillation). They come first; then the patches, left to right,
            then down.

    Returns:
        (h,). With a single patch it is 0.

    Source: lecture, "Analysis: Receptive Field Size"; Dosovitskiy et al. 2021, figure 7, right.
    """
    ### BEGIN SOLUTION
    rows, columns = grid
    places = np.stack(np.divmod(np.arange(rows * columns), columns), axis=-1)
    distances = patch_size * np.linalg.norm(places[:, None] - places, axis=-1)
    patches = ops.convert_to_numpy(weights)[:, :, num_extra_tokens:, num_extra_tokens:].astype("float64")
    patches = patches / patches.sum(axis=-1, keepdims=True)
    return (patches * distances).sum(axis=-1).mean(axis=(0, 2))
    ### END SOLUTION


def attention_rollout(weights_per_layer):
    """How much of each output token comes from each input token, through all layers: -> (B, T, T).

    For each layer: A = the mean over its heads, and A' = (A + I) / 2. The rollout is the product of all A' in the order
    of the text, for each image by itself. All tokens stay, extra ones too; nothing is left out or masked.

    Args:
        weights_per_layer: a list of at least one array (B, h, T, T), the FIRST layer first. Rows are queries, and each
            sums to 1. The number of heads h may differ between layers.

    Returns:
        (B, T, T). Row i belongs to output token i, and sums to 1.

    Source: Abnar and Zuidema 2020, "Quantifying Attention Flow in Transformers", section 3.
    """
    ### BEGIN SOLUTION
    rollout = ops.eye(weights_per_layer[0].shape[-1])
    for weights in weights_per_layer:
        mean = ops.mean(ops.convert_to_tensor(weights), axis=1)
        rollout = ops.matmul((mean + ops.eye(mean.shape[-1])) / 2, rollout)
    return rollout
    ### END SOLUTION


def linear_cka(x, y):
    """How similarly two layers see the same examples: x (n, d1), y (n, d2) -> a number from 0 to 1.

    With X and Y centred (from each COLUMN its mean is subtracted), in the Frobenius norm:

    |Y^T X|^2 / (|X^T X| |Y^T Y|)

    Args:
        x, y: float tensors with the same n >= 3 examples as rows, neither of them constant. d1 and d2 may differ, and
            may be larger or smaller than n. The features are not scaled to unit variance.

    Returns:
        A scalar. It is 1 for x with itself, and the same when x and y are exchanged.

    Source: Kornblith et al. 2019, "Similarity of Neural Network Representations Revisited", section 3; lecture,
    "CNN, ViT, and MLP-Mixer??".
    """
    ### BEGIN SOLUTION
    x, y = (ops.convert_to_numpy(z).astype("float64") for z in (x, y))
    x, y = (z - z.mean(axis=0) for z in (x, y))
    shared, own_x, own_y = (np.linalg.norm(one.T @ other) for one, other in ((y, x), (x, x), (y, y)))
    return shared**2 / (own_x * own_y)
    ### END SOLUTION


def cka_matrix(features_a, features_b):
    """Each layer of one network against each layer of another: -> (len(features_a), len(features_b)).

    Entry [i, j] is the linear CKA of features_a[i] and features_b[j]. It may call your linear_cka, or do without.

    Args:
        features_a, features_b: two lists of arrays (n, ...), all with the same n examples on axis 0, and else of any
            shape: (n, T, D) for tokens, (n, H, W, C) for maps. Each is flattened to (n, everything else). There is no
            pooling, and tokens are no examples. The lists may differ in length.

    Source: Raghu et al. 2021, "Do Vision Transformers See Like Convolutional Neural Networks?", section 3.
    """
    ### BEGIN SOLUTION
    flat_a, flat_b = ([np.reshape(z, (len(z), -1)) for z in features] for features in (features_a, features_b))
    return np.array([[linear_cka(x, y) for y in flat_b] for x in flat_a])
    ### END SOLUTION


def rotated(features):
    """The same examples with at most n features, rotated: (n, ...) -> (n, k), k = min(n, everything else).

    A rotation (or a reflection) leaves all products between examples as they are, and so every CKA.
    """
    flat = np.reshape(features, (len(features), -1)).astype("float64")
    return np.linalg.qr(flat.T)[1].T


def cue_conflict(shape_images, texture_images):
    """Pictures with the SHAPE of one and the TEXTURE of another: twice (B, H, W, C) -> (B, H, W, C).

    For each picture and each channel by itself, with F the 2-D discrete Fourier transform over height and width:

    the real part of F^-1( |F(texture)| F(shape) / |F(shape)| ), then cut off below 0 and above 1, not rescaled.

    So the phase comes from one, which says where the edges are, and the amplitude from the other, which says how strong
    each frequency is.

    Args:
        shape_images, texture_images: float tensors of the same shape, values in [0, 1]. No coefficient of F(shape) is
            smaller than 0.01 in size. Picture b of the result is made of picture b of both.

    np.fft and keras.ops.fft2 are both fine; np.fft.fft2 takes the LAST two axes unless told otherwise.

    Source: after Geirhos et al. 2019; phase and amplitude: Oppenheim and Lim 1981.
    """
    ### BEGIN SOLUTION
    shape, texture = (np.fft.fft2(ops.convert_to_numpy(z), axes=(1, 2)) for z in (shape_images, texture_images))
    mixed = np.fft.ifft2(np.abs(texture) * shape / np.abs(shape), axes=(1, 2)).real
    return np.clip(mixed, 0, 1).astype("float32")
    ### END SOLUTION


def shape_bias(predictions, shape_labels, texture_labels):
    """The share of shape among the decisions for one of the two: three int arrays (n,) -> a number from 0 to 1.

    s / (s + t), where s counts the pictures that are predicted as their shape label, and t those predicted as their
    texture label. Only pictures whose two labels DIFFER count, and predictions of a third class count nowhere. It is
    one share over all pictures, no mean over classes, and no percentage.

    Args:
        predictions, shape_labels, texture_labels: class numbers, one for each picture. s + t is at least 1.

    Source: Geirhos et al. 2019; lecture, "Shape / Texture bias".
    """
    ### BEGIN SOLUTION
    predicted, shape, texture = (ops.convert_to_numpy(z) for z in (predictions, shape_labels, texture_labels))
    conflict = shape != texture
    for_shape = np.sum(conflict & (predicted == shape))
    for_texture = np.sum(conflict & (predicted == texture))
    return for_shape / (for_shape + for_texture)
    ### END SOLUTION


def fit_power_law(n, error):
    """The law by which an error falls with more data: (m,) and (m,) -> (a, b, c), error = a * n**(-b) + c.

    Args:
        n: numbers of training images, m different ones from 50 to 1,000,000, in any order.
        error: the error for each of them, above 0 and below 1.

    Returns:
        Three floats. b is positive: the larger, the faster the fall. c is the error that more data cannot remove.
        Graded on exact points: 6 to 12 of them, over at least two and a half decades, a from 0.5 to 20, b from 0.3 to
        1.2, c from 0 to 0.4. a and b are right within 5 %, c within 0.01.

    Any method that goes through the points will do. (SciPy is not there when it is graded.)

    Source: lecture, "Scaling Laws"; Hestness et al. 2017; Zhai et al. 2022.
    """
    ### BEGIN SOLUTION
    n, error = (ops.convert_to_numpy(z).astype("float64") for z in (n, error))
    exponents = np.arange(0.05, 2, 0.0005)[:, None]
    powers = n**-exponents
    spread = powers - powers.mean(axis=1, keepdims=True)
    factors = (spread @ error / (spread**2).sum(axis=1))[:, None]
    floors = error.mean() - factors * powers.mean(axis=1, keepdims=True)
    best = np.argmin(((factors * powers + floors - error) ** 2).sum(axis=1))
    return float(factors[best, 0]), float(exponents[best, 0]), float(floors[best, 0])
    ### END SOLUTION


def figure():
    """The numbers behind your plots, and two answers: -> dict of arrays and numbers.

    All of them are measured on the hundred photographs of checkpoints.pictures(), with the three trained networks.

    "distance" (6, 4): mean_attention_distance of the ViT's six layers, the first layer first. Its patches have 4 pixels
        and lie in a grid of 8 x 8; CLS comes first. The weights are checkpoints.attention(model, images).
    "cka_cnn", "cka_vit", "cka_mixer" (7, 7): cka_matrix of each network with itself.
    "cka_vit_cnn" (7, 7): the ViT's layers as rows, the CNN's as columns.
        Layers are checkpoints.features(model, images), each of them rotated by rotated(...), so that it is quick.
    "answer_1": a number. "answer_2": five numbers, each 0 or 1. The questions stand in the text above.
    """
    ### BEGIN SOLUTION
    images, _ = checkpoints.pictures()
    models = {name: checkpoints.load(name) for name in ("cnn", "vit", "mixer")}
    layers = {name: [rotated(z) for z in checkpoints.features(model, images)] for name, model in models.items()}
    weights = checkpoints.attention(models["vit"], images)
    return {
        "distance": np.stack([mean_attention_distance(layer, (8, 8), 4) for layer in weights]),
        **{f"cka_{name}": cka_matrix(own, own) for name, own in layers.items()},
        "cka_vit_cnn": cka_matrix(layers["vit"], layers["cnn"]),
        "answer_1": ((0.10 - 0.05) / 2) ** (-1 / 0.35),
        "answer_2": np.array([0, 0, 1, 1, 0]),
    }
    ### END SOLUTION
