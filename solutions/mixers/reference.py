"""Mixers, class attention, and what modern convolutional networks answered: the reference answers of lesson 10.

B images in a batch, N patches, D width of a token, S and C hidden widths of the two MLPs, h heads, K classes.
The lines between the solution marks never leave this folder; the docstrings are what students are told.
"""

import keras
import numpy as np
from keras import ops
from vitlab import training


class MixerBlock(keras.layers.Layer):
    """One block of the MLP-Mixer: x (B, N, D) -> y (B, N, D).

    h = x + token_mlp(norm1(x)^T)^T,   y = h + channel_mlp(norm2(h)),
    where ^T swaps tokens and channels of each image: (B, N, D) <-> (B, D, N).

    Args:
        num_tokens: N, the same in every call.
        dim: D.
        token_mlp_dim: S, the hidden width of token_mlp. channel_mlp_dim: C, that of channel_mlp.
        epsilon: of both norms. Graded with other values, too, and on inputs so small that epsilon matters.

    Sublayers:
        norm1, norm2: keras.layers.LayerNormalization(epsilon=epsilon), two different ones. Both look at the D channels
            of one token, so norm1 comes before the swap.
        token_mlp: Dense(S, "gelu"), then Dense(N), on the last axis of (B, D, N): the same for all channels.
        channel_mlp: Dense(C, "gelu"), then Dense(D): the same for all tokens.
        An MLP is any layer with these four weights in this order: kernel, bias, kernel, bias. A keras.Sequential of two
        Dense is one. "gelu" is the exact one; nothing follows the second Dense.

    Twelve weights, no dropout, no positions.

    Source: lecture, "MLP-Mixer"; Tolstikhin et al. 2021, equation 1.
    """

    def __init__(self, num_tokens, dim, token_mlp_dim, channel_mlp_dim, epsilon=1e-6, **kwargs):
        super().__init__(**kwargs)
        ### BEGIN SOLUTION
        self.norm1, self.norm2 = (keras.layers.LayerNormalization(epsilon=epsilon) for _ in range(2))
        layers = keras.layers
        self.token_mlp = keras.Sequential([layers.Dense(token_mlp_dim, "gelu"), layers.Dense(num_tokens)])
        self.channel_mlp = keras.Sequential([layers.Dense(channel_mlp_dim, "gelu"), layers.Dense(dim)])
        ### END SOLUTION

    def call(self, x):
        """x (B, N, D) -> (B, N, D)."""
        ### BEGIN SOLUTION
        columns = ops.transpose(self.norm1(x), (0, 2, 1))
        h = x + ops.transpose(self.token_mlp(columns), (0, 2, 1))
        return h + self.channel_mlp(self.norm2(h))
        ### END SOLUTION


class LayerScale(keras.layers.Layer):
    """x * gamma: one number for each feature, learnt. x (..., D) -> the same shape.

    Nothing is added, and there is no residual in here: a block writes h = x + scale(branch(x)). Graded with 2, 3 and 4
    axes, and with gammas of both signs.

    Args:
        init_value: what every entry of gamma is at first.

    Its only weight, made in `build` by add_weight: gamma (D,), D the last axis of x, trainable. Let the initializer set
    it. What you assign in `build` is lost where Keras builds the layer inside a block: gamma keeps what its initializer
    gave. Keras has a LayerScale of its own inside keras.applications; the check does not let you use it.

    Source: lecture, "CaiT"; Touvron et al. 2021, "Going deeper with Image Transformers", section 2.
    """

    def __init__(self, init_value=1e-5, **kwargs):
        super().__init__(**kwargs)
        ### BEGIN SOLUTION
        self.init_value = init_value
        ### END SOLUTION

    def build(self, input_shape):
        """Make gamma. Keras calls this once, before the first call; input_shape is the shape of x."""
        ### BEGIN SOLUTION
        start = keras.initializers.Constant(self.init_value)
        self.gamma = self.add_weight(shape=(input_shape[-1],), initializer=start, name="gamma")
        ### END SOLUTION

    def call(self, x):
        """x (..., D) -> the same shape."""
        ### BEGIN SOLUTION
        return x * self.gamma
        ### END SOLUTION


class ClassAttentionBlock(keras.layers.Layer):
    """CLS collects what the patches know: (cls (B, 1, D), patches (B, N, D)) -> the new cls alone, (B, 1, D).

    u = [cls, patches], one after the other along the tokens;   z = norm1(u);
    h = cls + scale1(attn(query = row 0 of z, key = value = all of z));   y = h + scale2(mlp(norm2(h))).

    CLS is the only one that asks, and is among the 1 + N that are asked. The patches stay as they are, and are not
    returned.

    Args:
        dim: D. num_heads: h, divides D. mlp_dim: the hidden width of the MLP.
        init_value: what both gammas are at first.
        epsilon: of both norms.

    Sublayers:
        attn: keras.layers.MultiHeadAttention(num_heads, key_dim=dim // num_heads), with its biases.
        norm1, norm2: keras.layers.LayerNormalization(epsilon=epsilon).
        mlp: Dense(mlp_dim, "gelu"), then Dense(dim); as in MixerBlock, any layer with these four weights in this order.
        scale1, scale2: LayerScale(init_value), two different ones. Any layer with the one weight gamma (D,) will do.

    18 weights, no dropout, no mask. `training` may be left out of call.

    Source: lecture, "CaiT"; Touvron et al. 2021, section 3.
    """

    def __init__(self, dim, num_heads, mlp_dim, init_value=1e-5, epsilon=1e-6, **kwargs):
        super().__init__(**kwargs)
        ### BEGIN SOLUTION
        self.norm1, self.norm2 = (keras.layers.LayerNormalization(epsilon=epsilon) for _ in range(2))
        self.attn = keras.layers.MultiHeadAttention(num_heads, key_dim=dim // num_heads)
        self.scale1, self.scale2 = LayerScale(init_value), LayerScale(init_value)
        self.mlp = keras.Sequential([keras.layers.Dense(mlp_dim, "gelu"), keras.layers.Dense(dim)])
        ### END SOLUTION

    def call(self, cls, patches, training=None):
        """cls (B, 1, D), patches (B, N, D), N at least 1 -> (B, 1, D)."""
        ### BEGIN SOLUTION
        z = self.norm1(ops.concatenate([cls, patches], axis=1))
        h = cls + self.scale1(self.attn(z[:, :1], z))
        return h + self.scale2(self.mlp(self.norm2(h)))
        ### END SOLUTION


def scaled_weight_standardization(kernel, gain, epsilon=1e-4):
    """The kernel that NFNets convolve with: (kh, kw, Cin, Cout) -> the same shape.

    gain * (kernel - mean) / sqrt(max(M * var, epsilon)), for each of the Cout filters by itself. mean and var are taken
    over all M = kh * kw * Cin numbers of the filter; M is its fan-in. var is the mean square deviation: divided by M,
    not M - 1. So each filter above the floor comes out with the mean 0 and the sum of squares gain^2.

    Args:
        kernel: (kh, kw, Cin, Cout) floats, as in a Conv2D.
        gain: a number, or an array (Cout,), one for each filter.
        epsilon: a floor under M * var, not something that is added: a filter that is all the same number becomes 0.

    Source: lecture, "NFNet"; Brock et al. 2021, "Characterizing signal propagation"; the floor as in its authors' code.
    """
    ### BEGIN SOLUTION
    centred = kernel - ops.mean(kernel, axis=(0, 1, 2), keepdims=True)
    squares = ops.sum(ops.square(centred), axis=(0, 1, 2), keepdims=True)  # M * var
    return gain * centred / ops.sqrt(ops.maximum(squares, epsilon))
    ### END SOLUTION


def regnet_widths(w0, wa, wm, depth, q=8):
    """The width of every block of a RegNet, first to last: -> `depth` whole numbers, a list, a tuple or an array.

    The rule stands in the text: a line, cut into steps, in multiples of q. The blocks are j = 0, ..., depth - 1. No
    number that is rounded comes near a half.

    Args:
        w0: the first width, above 0 and a multiple of q.
        wa: the slope, 0 or more.
        wm: the ratio of two steps, above 1.
        depth: blocks, at least 1.
        q: the unit of widths.

    One width for every block, so stages show as runs of equal numbers. The later adjustment to group widths is not
    part of it.

    Source: lecture, "RegNet"; Radosavovic et al. 2020, equations 2 to 4.
    """
    ### BEGIN SOLUTION
    line = w0 + wa * np.arange(depth)
    steps = np.round(np.log(line / w0) / np.log(wm))
    return [int(width) for width in q * np.round(w0 * wm**steps / q)]
    ### END SOLUTION


def recipe_gain(table):
    """What the new recipe A1 brings each model: -> dict {model: A1 - org}, in percentage points.

    Not rounded, and negative where the old recipe was better.

    Args:
        table: a list of rows (model, A1, A2, A3, org): a name and four accuracies in per cent. org is None where
            nobody has published one; such models are left out. No name comes twice.

    Source: lecture, "ResNet strikes back!"; Wightman, Touvron and Jégou 2021.
    """
    ### BEGIN SOLUTION
    return {model: a1 - org for model, a1, _, _, org in table if org is not None}
    ### END SOLUTION


class MLPMixer(keras.Model):
    """The whole network around your MixerBlock: images (B, H, W, 3) in [0, 1] -> logits (B, K).

    patch_embed: a convolution, its map read row by row into N = (image_size // patch_size)**2 tokens. No positions, no
    CLS. blocks: a list of `depth` different MixerBlock. norm: behind the last block. The mean over the tokens goes to
    head.
    """

    def __init__(
        self,
        image_size=32,
        patch_size=4,
        num_classes=10,
        dim=64,
        depth=4,
        token_mlp_dim=32,
        channel_mlp_dim=128,
        **kwargs,
    ):
        super().__init__(**kwargs)
        tokens = (image_size // patch_size) ** 2
        self.patch_embed = keras.layers.Conv2D(dim, patch_size, strides=patch_size)
        self.flat = keras.layers.Reshape((tokens, dim))
        self.blocks = [MixerBlock(tokens, dim, token_mlp_dim, channel_mlp_dim) for _ in range(depth)]
        self.norm = keras.layers.LayerNormalization(epsilon=1e-6)
        self.head = keras.layers.Dense(num_classes)

    def call(self, images, training=None):
        x = self.flat(self.patch_embed(images))
        for block in self.blocks:
            x = block(x)
        return self.head(ops.mean(self.norm(x), axis=1))


def mixer_sizes(budget):
    """The arguments for an MLPMixer under a budget: a dict.

    As wide as the budget's Vision Transformer, with twice as many blocks: a block of the Mixer is about half as large.
    """
    kept = {name: budget.model[name] for name in ("image_size", "patch_size", "num_classes", "dim")}
    hidden = {"token_mlp_dim": budget.model["dim"] // 2, "channel_mlp_dim": budget.model["mlp_dim"]}
    return {**kept, "depth": 2 * budget.model["depth"], **hidden}


def train_mixer(data, seed):
    """Train an MLPMixer: -> (model, history).

    Args:
        data: ((x_train, y_train), (x_test, y_test)): images (n, H, W, 3) float32 in [0, 1], labels (n,) ints.
        seed: an int for keras.utils.set_random_seed, so that the same seed gives the same model; and for training.fit.

    Returns:
        model: an MLPMixer of the sizes mixer_sizes(budget), trained by training.fit under
            budget = training.budget(dataset=data) on (x_train, y_train).
        history: what training.fit returns.

    Source: Tolstikhin et al. 2021, section 3.
    """
    ### BEGIN SOLUTION
    keras.utils.set_random_seed(seed)
    recipe = training.budget(dataset=data)
    model = MLPMixer(**mixer_sizes(recipe))
    return model, training.fit(model, data, recipe, seed=seed)
    ### END SOLUTION


def cait(depth, init_value, dim=32, classes=10):
    """A small CaiT for grey digits: (B, 8, 8, 1), 16 patches of 2 by 2 -> logits (B, classes).

    `depth` blocks in which the patches attend to each other, with your LayerScale behind both branches. CLS joins only
    then, in two of your ClassAttentionBlock.

    Args:
        init_value: at which all gammas start.
    """
    layers, norm = keras.layers, lambda: keras.layers.LayerNormalization(epsilon=1e-6)
    pictures = keras.Input((8, 8, 1))
    x = layers.Reshape((16, dim))(layers.Conv2D(dim, 2, strides=2)(pictures))
    x = x + np.sin(np.arange(16)[:, None] / 1.3 ** np.arange(dim)).astype("float32")
    for _ in range(depth):
        z = norm()(x)
        x = x + LayerScale(init_value)(layers.MultiHeadAttention(4, dim // 4)(z, z))
        mlp = keras.Sequential([layers.Dense(2 * dim, "gelu"), layers.Dense(dim)])
        x = x + LayerScale(init_value)(mlp(norm()(x)))
    cls = layers.Dense(dim)(0 * x[:, :1, :1] + 1)  # learnt, and the same for every picture
    for _ in range(2):
        cls = ClassAttentionBlock(dim, 4, 2 * dim, init_value)(cls, x)
    return keras.Model(pictures, layers.Dense(classes)(norm()(cls)[:, 0]))


RSB_TABLE = [  # model, A1, A2, A3, org
    ("ResNet-18", 71.5, 70.6, 68.2, 69.8),
    ("ResNet-34", 76.4, 75.5, 73.0, 73.3),
    ("ResNet-50", 80.4, 79.8, 78.1, 76.1),
    ("ResNet-101", 81.5, 81.3, 79.8, 77.4),
    ("ResNet-152", 82.0, 81.8, 80.6, 78.3),
    ("RegNetY-4GF", 81.5, 81.3, 79.0, 79.4),
    ("RegNetY-8GF", 82.2, 82.1, 81.1, 79.9),
    ("RegNetY-16GF", 82.0, 82.2, 81.7, 80.4),
    ("RegNetY-32GF", 82.5, 82.4, 82.6, 81.0),
    ("SE-ResNet-50", 80.0, 80.1, 77.0, 76.7),
    ("SENet-154", 81.7, 81.8, 81.9, 81.3),
    ("ResNet-50-D", 80.7, 80.2, 78.7, 79.3),
    ("ResNeXt-50-32x4d", 80.5, 80.4, 79.2, 77.6),
    ("EfficientNet-B0", 77.0, 76.8, 73.0, 77.1),
    ("EfficientNet-B1", 79.2, 79.4, 74.9, 79.1),
    ("EfficientNet-B2", 80.4, 80.1, 77.5, 80.1),
    ("EfficientNet-B3", 81.4, 81.4, 79.2, 81.6),
    ("EfficientNet-B4", 81.6, 82.4, 81.2, 82.9),
    ("ViT-Ti", 74.7, 74.1, 66.7, 72.2),
    ("ViT-S", 80.6, 79.6, 73.8, 79.8),
    ("ViT-B", 80.4, 79.8, 76.0, 81.8),
    ("ECA-ResNet-50-T", 81.3, 80.9, 79.6, None),
    ("EfficientNetV2-rw-S", 82.3, 82.9, 80.9, 83.8),
    ("EfficientNetV2-rw-M", 80.6, 81.9, 82.3, 84.8),
    ("ECA-ResNet-269-D", 83.3, 83.9, 83.3, 85.0),
]
MIXER_TABLE = {  # model: ImageNet top-1 (%), images a second on a core, thousands of core-days of training
    "HaloNet": (85.8, 120, 0.10),
    "Mixer-L/16": (84.15, 105, 0.41),
    "ViT-L/16": (85.30, 32, 0.18),
    "BiT-R152x4, 21k": (85.39, 26, 0.94),
    "NFNet-F4+": (89.2, 46, 1.86),
    "Mixer-H/14": (87.94, 40, 1.01),
    "BiT-R152x4, JFT": (87.54, 26, 9.90),
    "ViT-H/14": (88.55, 15, 2.30),
    "MPL": (90.0, None, 20.48),
    "ALIGN": (88.64, 15, 14.82),
}


def random_network(depth=24, dim=64, seed=10):
    """A network before training, as numbers: (tokens (32, dim), matrices (depth, dim, dim)), float32.

    x @ matrix is about as large as x. The same on every machine.
    """
    random = np.random.RandomState(seed)
    tokens, matrices = random.normal(size=(32, dim)), random.normal(size=(depth, dim, dim)) / np.sqrt(dim)
    return tokens.astype("float32"), matrices.astype("float32")


def figure():
    """The numbers behind your plots, and two answers: -> dict of arrays and numbers.

    "signal" (3, 25): how large the tokens are after 0, 1, ..., 24 blocks: the mean of the squares of all numbers. Begin
        with x, matrices = random_network(). Each matrix is a block:
        row 0: x <- x + x @ matrix;
        row 1: x <- x + norm(x) @ matrix, with norm = keras.layers.LayerNormalization(epsilon=1e-6);
        row 2: x <- x + scale(norm(x) @ matrix), with a fresh scale = LayerScale(0.1) in each block.
    "gains" (24,): the gains of RSB_TABLE, in its order.
    "trade" (2, 2): from MIXER_TABLE, a row for Mixer-L/16 beside ViT-L/16 and one for Mixer-H/14 beside ViT-H/14: the
        Mixer's top-1 less the ViT's, and the Mixer's images a second divided by the ViT's.
    "answer_1": a number. "answer_2": five codes, each 0 or 1. The questions stand in the text above.
    """
    ### BEGIN SOLUTION
    start, matrices = random_network()
    norm, rows = keras.layers.LayerNormalization(epsilon=1e-6), []
    for branch, scaled in ((lambda x: x, False), (norm, False), (norm, True)):
        x, row = ops.convert_to_tensor(start), [np.mean(start**2)]
        for matrix in matrices:
            found = ops.matmul(branch(x), matrix)
            x = x + (LayerScale(0.1)(found) if scaled else found)
            row.append(float(ops.mean(ops.square(x))))
        rows.append(row)
    pairs = [(MIXER_TABLE[f"Mixer-{size}"], MIXER_TABLE[f"ViT-{size}"]) for size in ("L/16", "H/14")]
    return {
        "signal": np.array(rows),
        "gains": np.array(list(recipe_gain(RSB_TABLE).values())),
        "trade": np.array([(mixer[0] - vit[0], mixer[1] / vit[1]) for mixer, vit in pairs]),
        "answer_1": 8_599_236,
        "answer_2": np.array([1, 1, 0, 0, 1]),
    }
    ### END SOLUTION
