"""The encoder block and the vision transformer: the reference answers of lesson 04.

B images in a batch, H and W pixels, P patch side, N patches, T tokens, D width of a token, h heads, K classes.
The lines between the solution marks never leave this folder; the docstrings are what students are told.
"""

import keras
import numpy as np
from keras import ops
from vitlab import training


class LayerNorm(keras.layers.Layer):
    """(x - mean) / sqrt(variance + epsilon) * gamma + beta, over the last axis of x (..., D).

    Each vector is normalised by itself, with its own mean and its own variance (the mean square deviation: divided by
    D, not D - 1). Graded with 2, 3 and 4 axes, and with epsilons other than the default.

    Args:
        epsilon: a small positive number. It stands inside the root.

    Weights, made in `build` by add_weight: gamma (D,), ones at first, then beta (D,), zeros at first.
    keras.layers.LayerNormalization and ops.layer_normalization are what you build here, so they are switched off.

    Source: lecture, "LayerNorm over each vector individually"; Ba et al. 2016, equation 4.
    """

    def __init__(self, epsilon=1e-6, **kwargs):
        super().__init__(**kwargs)
        ### BEGIN SOLUTION
        self.epsilon = epsilon
        ### END SOLUTION

    def build(self, input_shape):
        """Make gamma and beta. Keras calls this once, before the first call; input_shape is the shape of x."""
        ### BEGIN SOLUTION
        self.gamma = self.add_weight(shape=(input_shape[-1],), initializer="ones", name="gamma")
        self.beta = self.add_weight(shape=(input_shape[-1],), initializer="zeros", name="beta")
        ### END SOLUTION

    def call(self, x):
        """x (..., D) -> the same shape."""
        ### BEGIN SOLUTION
        centred = x - ops.mean(x, axis=-1, keepdims=True)
        variance = ops.mean(ops.square(centred), axis=-1, keepdims=True)
        return centred / ops.sqrt(variance + self.epsilon) * self.gamma + self.beta
        ### END SOLUTION


class FeedForward(keras.layers.Layer):
    """The lecture's MLP, fc2(activation(fc1(x))): (..., D) -> (..., D), each vector by itself.

    Args:
        dim: D, the width of fc2.
        hidden_dim: the width of fc1.
        activation: anything that keras.activations.get takes: a name or a function. "gelu" is the exact one. Graded
            with "gelu", "relu" and another.
        dropout: a rate, used on the way from x to the result wherever you like. It does something with training=True,
            and nothing with training=False or where training is left out.

    Sublayers: fc1 and fc2, each a Dense with kernel and bias. No residual, no norm, no activation after fc2.

    Source: lecture, "MLP over each vector individually"; Vaswani et al. 2017, section 3.3, with another activation.
    """

    def __init__(self, dim, hidden_dim, activation="gelu", dropout=0.0, **kwargs):
        super().__init__(**kwargs)
        ### BEGIN SOLUTION
        self.fc1 = keras.layers.Dense(hidden_dim, activation=activation)
        self.fc2 = keras.layers.Dense(dim)
        self.drop = keras.layers.Dropout(dropout)
        ### END SOLUTION

    def call(self, x, training=None):
        """x (..., D) -> (..., D)."""
        ### BEGIN SOLUTION
        return self.fc2(self.drop(self.fc1(x), training=training))
        ### END SOLUTION


class EncoderBlock(keras.layers.Layer):
    """One block of the encoder: x (B, T, D) -> y (B, T, D). Attention, then the MLP, each with a residual and a norm.

    norm_first=False, the lecture's drawing:  h = norm1(x + attn(x)),   y = norm2(h + mlp(h)).
    norm_first=True, the ViT of the paper:    h = x + attn(norm1(x)),   y = h + mlp(norm2(h)).
    Nothing else is normalised.

    Args:
        dim: D. num_heads: h, divides D. mlp_dim: the hidden width of the MLP.
        norm_first: which of the two orders. The cases for False weigh 15 points, those for True 10.
        activation: of the MLP.
        dropout: the rate for the MLP, and for the attention if you like; never on the residual path itself.
        epsilon: of both norms.

    Sublayers:
        attn: keras.layers.MultiHeadAttention(num_heads, key_dim=dim // num_heads), with its biases.
        norm1, norm2: your LayerNorm(epsilon) or keras.layers.LayerNormalization(epsilon=epsilon).
        mlp: your FeedForward(dim, mlp_dim, activation, dropout).

    Leave `supports_masking` alone.

    Source: lecture, "The Transformer encoder block"; Dosovitskiy et al. 2021, equations 2 and 3.
    """

    def __init__(self, dim, num_heads, mlp_dim, norm_first, activation="gelu", dropout=0.0, epsilon=1e-6, **kwargs):
        super().__init__(**kwargs)
        ### BEGIN SOLUTION
        self.norm_first = norm_first
        self.attn = keras.layers.MultiHeadAttention(num_heads, key_dim=dim // num_heads, dropout=dropout)
        self.norm1, self.norm2 = LayerNorm(epsilon), LayerNorm(epsilon)
        self.mlp = FeedForward(dim, mlp_dim, activation, dropout)
        ### END SOLUTION

    def call(self, x, mask=None, return_weights=False, training=None):
        """x (B, T, D) -> y (B, T, D), or with return_weights=True the pair (y, weights).

        Args:
            x: the tokens, which ask each other.
            mask: None, or bool, 1 = may attend, of shape (T, T), (B, 1, 1, T) or (B, 1, T, T). No row is all 0.
            return_weights: True asks for the attention weights too, (B, h, T, T), not averaged over the heads.
            training: whether dropout is active.
        """
        ### BEGIN SOLUTION
        asking = self.norm1(x) if self.norm_first else x
        options = {"attention_mask": mask, "return_attention_scores": return_weights, "training": training}
        found = self.attn(asking, asking, **options)
        attended, weights = found if return_weights else (found, None)
        if self.norm_first:
            h = x + attended
            y = h + self.mlp(self.norm2(h), training=training)
        else:
            h = self.norm1(x + attended)
            y = self.norm2(h + self.mlp(h, training=training))
        return (y, weights) if return_weights else y
        ### END SOLUTION


class VisionTransformer(keras.Model):
    """The ViT: images (B, H, W, 3) in [0, 1], used as they are -> logits (B, K), no softmax.

    With N = (image_size // patch_size) ** 2 patches, in the order of the data:
    patch_embed: keras.layers.Conv2D(dim, patch_size, strides=patch_size), kernel (P, P, 3, D) and bias (D,), its map
        read row by row into N tokens;
    cls_token: a weight (1, 1, D), put in front of the patches as row 0;
    pos_embed: a weight (1, 1 + N, D), added to all 1 + N rows (its row 0 belongs to CLS); then dropout;
    blocks: a list of `depth` different EncoderBlock(dim, num_heads, mlp_dim, norm_first=True, dropout=dropout);
    norm: LayerNorm(1e-6), on every token of the last block;
    pool: "cls" takes row 0, "mean" the mean of rows 1 to N, without CLS. CLS is there in both cases;
    head: keras.layers.Dense(num_classes).

    Args:
        image_size: H = W, in pixels. patch_size: P, divides image_size. num_classes: K.
        dim: D. depth: the number of blocks. num_heads: h, divides D. mlp_dim: the hidden width in each block.
        dropout: a rate, after the positions and in all blocks.
        pool: "cls" or "mean".

    All weights together are vit_param_count(...) numbers.

    Source: Dosovitskiy et al. 2021, equations 1 to 4.
    """

    def __init__(
        self,
        image_size=32,
        patch_size=4,
        num_classes=10,
        dim=64,
        depth=4,
        num_heads=4,
        mlp_dim=128,
        dropout=0.0,
        pool="cls",
        **kwargs,
    ):
        super().__init__(**kwargs)
        ### BEGIN SOLUTION
        self.pool, self.dim, self.patches = pool, dim, (image_size // patch_size) ** 2
        start = keras.initializers.RandomNormal(stddev=0.02)
        self.patch_embed = keras.layers.Conv2D(dim, patch_size, strides=patch_size)
        self.cls_token = self.add_weight(shape=(1, 1, dim), initializer=start, name="cls_token")
        self.pos_embed = self.add_weight(shape=(1, 1 + self.patches, dim), initializer=start, name="pos_embed")
        self.drop = keras.layers.Dropout(dropout)
        self.blocks = [EncoderBlock(dim, num_heads, mlp_dim, norm_first=True, dropout=dropout) for _ in range(depth)]
        self.norm = LayerNorm(1e-6)
        self.head = keras.layers.Dense(num_classes)
        ### END SOLUTION

    def call(self, images, training=None):
        """Images (B, H, W, 3) -> logits (B, K)."""
        ### BEGIN SOLUTION
        features, _ = self.forward_features(images, training=training)
        tokens = self.norm(features[-1])
        return self.head(tokens[:, 0] if self.pool == "cls" else ops.mean(tokens[:, 1:], axis=1))
        ### END SOLUTION

    def forward_features(self, images, training=None):
        """What happens inside: images (B, H, W, 3) -> the pair (features, attentions), two lists with an entry a block.

        features[i] (B, 1 + N, D): what block i returns, before the last norm.
        attentions[i] (B, h, 1 + N, 1 + N): the attention weights of block i.
        It must work on a model that was only called before, as in model(images).
        """
        ### BEGIN SOLUTION
        patches = ops.reshape(self.patch_embed(images), (-1, self.patches, self.dim))
        front = ops.broadcast_to(self.cls_token, (ops.shape(patches)[0], 1, self.dim))
        tokens = ops.concatenate([front, patches], axis=1) + self.pos_embed
        tokens, features, attentions = self.drop(tokens, training=training), [], []
        for block in self.blocks:
            tokens, weights = block(tokens, return_weights=True, training=training)
            features.append(tokens)
            attentions.append(weights)
        return features, attentions
        ### END SOLUTION


def vit_param_count(image_size, patch_size, num_classes, dim, depth, mlp_dim, extra_tokens=1, channels=3):
    """How many numbers are trained in a VisionTransformer: an int. All biases count, and all gammas and betas.

    Args:
        image_size, patch_size, num_classes, dim, depth, mlp_dim: as in VisionTransformer.
        extra_tokens: 1 for CLS, 2 for CLS and the distillation token of DeiT. Each extra token has a vector, a row in
            the table of positions, and a head of its own (so 2 tokens have 2 heads).
        channels: C, 3 for colour.

    Source: lecture, the table on the slide "DeiT"; Touvron et al. 2021, table 1.
    """
    ### BEGIN SOLUTION
    patches = (image_size // patch_size) ** 2
    embedding = (patch_size * patch_size * channels + 1) * dim
    extra = extra_tokens * dim + (patches + extra_tokens) * dim
    attention = 4 * dim * dim + 4 * dim
    mlp = 2 * dim * mlp_dim + mlp_dim + dim
    block = attention + mlp + 4 * dim
    return embedding + extra + depth * block + 2 * dim + extra_tokens * (dim + 1) * num_classes
    ### END SOLUTION


def warmup_cosine(step, base_lr, warmup_steps, total_steps):
    """The learning rate at a step: up in a straight line, then down along half a wave of the cosine.

    For step < warmup_steps: base_lr * step / warmup_steps, which is 0 at step 0.
    Then base_lr * (1 + cos(pi * (step - warmup_steps) / (total_steps - warmup_steps))) / 2: base_lr at
    step = warmup_steps, 0 at total_steps. And 0 ever after.

    Args:
        step: a Python number, or a tensor of whole numbers of any shape. Not negative.
        base_lr: the highest learning rate. Graded with numbers near 1, where mistakes show.
        warmup_steps: from 0 to total_steps - 1. With 0 it starts at base_lr.
        total_steps: where the learning rate reaches 0.

    Returns:
        A float, or a float32 tensor of the shape of step.

    Source: Vaswani et al. 2017, section 5.3 (warm-up); Loshchilov & Hutter 2017, equation 5 (cosine).
    """
    ### BEGIN SOLUTION
    step = ops.cast(step, "float32")
    rising = base_lr * step / max(warmup_steps, 1)
    share = ops.minimum((step - warmup_steps) / (total_steps - warmup_steps), 1.0)
    falling = base_lr * (1 + ops.cos(np.pi * share)) / 2
    return ops.where(step < warmup_steps, rising, falling)
    ### END SOLUTION


def train_vit(data, seed):
    """Train a VisionTransformer: -> (model, history).

    Args:
        data: ((x_train, y_train), (x_test, y_test)): images (n, H, W, 3) float32 in [0, 1], labels (n,) ints.
        seed: an int for keras.utils.set_random_seed, so that the same seed gives the same model.

    Returns:
        model: a VisionTransformer of the size training.budget(dataset=data).model, trained by training.fit under this
            budget on (x_train, y_train).
        history: what training.fit returns.

    Source: Dosovitskiy et al. 2021, appendix B.1; Steiner et al. 2022 for small data.
    """
    ### BEGIN SOLUTION
    keras.utils.set_random_seed(seed)
    recipe = training.budget(dataset=data)
    model = VisionTransformer(**recipe.model)
    return model, training.fit(model, data, recipe, seed=seed)
    ### END SOLUTION


def deep_encoder(norm_first, depth=6, dim=32):
    """A small model of `depth` encoder blocks for grey digits: (B, 8, 8, 1), 16 patches of 2 by 2 -> logits (B, 10).

    norm_first: the order in all its blocks. With it, a last norm follows, as in the ViT.
    """
    pictures = keras.Input((8, 8, 1))
    tokens = keras.layers.Reshape((16, dim))(keras.layers.Conv2D(dim, 2, strides=2)(pictures))
    tokens = tokens + np.sin(np.arange(16)[:, None] / 1.3 ** np.arange(dim)).astype("float32")
    for _ in range(depth):
        tokens = EncoderBlock(dim, 4, 2 * dim, norm_first)(tokens)
    if norm_first:
        tokens = LayerNorm()(tokens)
    average = keras.layers.GlobalAveragePooling1D()(tokens)
    return keras.Model(pictures, keras.layers.Dense(10)(average))


def figure():
    """The numbers behind your plots, and two answers: -> dict of arrays and numbers.

    "params" (3,): the numbers in DeiT-Ti, DeiT-S and DeiT-B: images of 224 by 224 pixels, P = 16, 1000 classes, depth
        12, D = 192, 384 and 768, mlp_dim four times D, one extra token.
    "rates" (21,): warmup_cosine at the steps 0, 50, 100, ..., 1000 with base_lr 1, 200 steps of warm-up, 1000 in all.
    "reach" (3,): in x (1, 7, 12), random numbers, you change token 3 and nothing else. How many of the 7 outputs
        change: of a LayerNorm, of a FeedForward(12, 24), of an EncoderBlock(12, 3, 24, norm_first=False)?
    "answer_1": a number. "answer_2": five codes, each 0 or 1. The questions stand in the text above.
    """
    ### BEGIN SOLUTION
    x = np.random.RandomState(0).normal(size=(1, 7, 12)).astype("float32")
    changed = x.copy()
    changed[0, 3] += np.arange(12) % 5
    layers = [LayerNorm(), FeedForward(12, 24), EncoderBlock(12, 3, 24, norm_first=False)]
    moves = [ops.convert_to_numpy(layer(changed) - layer(x))[0] for layer in layers]
    return {
        "params": np.array([vit_param_count(224, 16, 1000, d, 12, 4 * d) for d in (192, 384, 768)]),
        "rates": warmup_cosine(np.arange(0, 1001, 50), 1.0, 200, 1000),
        "reach": np.array([(np.abs(move).max(axis=-1) > 0).sum() for move in moves]),
        "answer_1": 18_914_304,
        "answer_2": np.array([1, 0, 1, 0, 1]),
    }
    ### END SOLUTION
