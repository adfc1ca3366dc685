"""Knowledge distillation, and DeiT's distillation token: the reference answers of lesson 07.

B images in a batch, H and W pixels, P patch side, N patches, T tokens, D width of a token, K classes.
The lines between the solution marks never leave this folder; the docstrings are what students are told.
"""

import keras
import numpy as np
from keras import ops
from vitlab import training


def soft_targets(logits, temperature):
    """What a classifier thinks of every class, softened: (..., K) -> (..., K), softmax(logits / temperature).

    Args:
        logits: any number of axes, the classes along the LAST one; up to 1000 in size, and the result is finite.
        temperature: a number above 0. 1 is the plain softmax; larger is softer, smaller is sharper.

    It is used inside training, so build it from keras.ops: gradients run through these, and not through NumPy.

    Source: Hinton, Vinyals and Dean 2015, equation 1.
    """
    ### BEGIN SOLUTION
    return ops.softmax(logits / temperature, axis=-1)
    ### END SOLUTION


def distillation_loss(student_logits, teacher_logits, labels, temperature, alpha):
    """What a student pays that learns from labels and from a teacher: one number, the mean over the batch of

    (1 - alpha) * CE + alpha * T^2 * KL,

    CE = -log of the probability that the student gives to the label, at temperature 1;
    KL = sum over classes of p (log p - log q), with p = softmax(teacher / T) and q = softmax(student / T).
    Natural logarithms. Where student and teacher agree, KL is 0.

    Args:
        student_logits: (B, K). Gradients run to them through both terms.
        teacher_logits: (B, K). No gradient runs to them.
        labels: ints (B,).
        temperature: T, a number of at least 1; graded from 1 to 8, on logits with softened probabilities above 1e-6.
        alpha: the teacher's share, a number from 0 to 1.

    Returns:
        A scalar, shape (). It is used inside training, so build it from keras.ops and keras.losses.
        keras.distillation is what you build here, so it is switched off.

    Source: Hinton, Vinyals and Dean 2015, section 2; lecture, "Knowledge distillation (KD)".
    """
    ### BEGIN SOLUTION
    teacher_logits = ops.stop_gradient(teacher_logits)
    hard = keras.losses.sparse_categorical_crossentropy(labels, student_logits, from_logits=True)
    p = soft_targets(teacher_logits, temperature)
    log_p = ops.log_softmax(teacher_logits / temperature, axis=-1)
    log_q = ops.log_softmax(student_logits / temperature, axis=-1)
    soft = ops.sum(p * (log_p - log_q), axis=-1)
    return ops.mean((1 - alpha) * hard + alpha * temperature**2 * soft)
    ### END SOLUTION


class Distiller(keras.Model):
    """A student in training: to fit, evaluate and predict it is the student, but its loss asks the teacher, too.

    Args:
        student: a keras.Model, images -> logits (B, K). It is trained.
        teacher: another one, built, with its weights. It is used as after training (training=False), gets no gradient,
            and none of its weights moves in fit, the statistics of its norms included.
        temperature, alpha: of distillation_loss.

    Attributes: student and teacher, under these names. No weights of its own.

    It works after compile(optimizer), without any loss: Keras asks compute_loss for it.

    Source: Hinton, Vinyals and Dean 2015; Keras's guide "Customizing what happens in fit".
    """

    def __init__(self, student, teacher, temperature=3.0, alpha=0.5, **kwargs):
        super().__init__(**kwargs)
        ### BEGIN SOLUTION
        self.student, self.teacher = student, teacher
        self.temperature, self.alpha = temperature, alpha
        self.teacher.trainable = False
        ### END SOLUTION

    def call(self, images, training=None):
        """The student's logits (B, K), called with this training flag."""
        ### BEGIN SOLUTION
        return self.student(images, training=training)
        ### END SOLUTION

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        """Keras calls this in every step: -> a scalar, distillation_loss of the student's and the teacher's logits.

        Args:
            x: the images of the batch.
            y: their labels, ints (B,).
            y_pred: what call returned for them, the student's logits.
            sample_weight: None here.
            training: True in fit, False in evaluate.
        """
        ### BEGIN SOLUTION
        teacher_logits = self.teacher(x, training=False)
        return distillation_loss(y_pred, teacher_logits, y, self.temperature, self.alpha)
        ### END SOLUTION


class Block(keras.layers.Layer):
    """The encoder block of lesson 4 in the order of the ViT, of Keras's own layers: (B, T, D) -> (B, T, D)."""

    def __init__(self, dim, num_heads, mlp_dim, dropout=0.0, **kwargs):
        super().__init__(**kwargs)
        self.norm1, self.norm2 = (keras.layers.LayerNormalization(epsilon=1e-6) for _ in range(2))
        self.attn = keras.layers.MultiHeadAttention(num_heads, key_dim=dim // num_heads, dropout=dropout)
        hidden, drop = keras.layers.Dense(mlp_dim, activation="gelu"), keras.layers.Dropout(dropout)
        self.mlp = keras.Sequential([hidden, drop, keras.layers.Dense(dim)])

    def call(self, x, training=None):
        normed = self.norm1(x)
        x = x + self.attn(normed, normed, training=training)
        return x + self.mlp(self.norm2(x), training=training)


class VisionTransformer(keras.Model):
    """The ViT of lesson 4: images (B, H, W, 3) in [0, 1] -> logits (B, K).

    patch_embed: a layer, (B, H, W, 3) -> (B, N, D), patches row by row. cls_token (1, 1, D). pos_embed
    (1, N + extra_tokens, D). blocks: a list of Block. norm: after the last block. head: Dense(K).

    pool: "cls", head reads CLS; "mean", the mean of the patches.
    extra_tokens: rows of pos_embed that do not belong to patches: 1 for CLS alone, as it is used here.
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
        extra_tokens=1,
        **kwargs,
    ):
        super().__init__(**kwargs)
        patches, start = (image_size // patch_size) ** 2, keras.initializers.RandomNormal(stddev=0.02)
        convolution = keras.layers.Conv2D(dim, patch_size, strides=patch_size)
        self.patch_embed = keras.Sequential([convolution, keras.layers.Reshape((patches, dim))])
        self.cls_token = self.add_weight(shape=(1, 1, dim), initializer=start, name="cls_token")
        self.pos_embed = self.add_weight(shape=(1, patches + extra_tokens, dim), initializer=start, name="pos_embed")
        self.blocks = [Block(dim, num_heads, mlp_dim, dropout) for _ in range(depth)]
        self.norm = keras.layers.LayerNormalization(epsilon=1e-6)
        self.head = keras.layers.Dense(num_classes)
        self.pool = pool

    def call(self, images, training=None):
        patches = self.patch_embed(images)
        cls = ops.broadcast_to(self.cls_token, (ops.shape(patches)[0], 1, patches.shape[-1]))
        tokens = ops.concatenate([cls, patches], axis=1) + self.pos_embed
        for layer in self.blocks:
            tokens = layer(tokens, training=training)
        tokens = self.norm(tokens)
        return self.head(tokens[:, 0] if self.pool == "cls" else ops.mean(tokens[:, 1:], axis=1))


class DistilledViT(VisionTransformer):
    """DeiT: a VisionTransformer with a second extra token, which learns from the teacher, and a head for it.

    Everything of VisionTransformer is there under its names: patch_embed, cls_token, pos_embed, blocks, norm, head.
    pos_embed has a row for the new token, too, so it is (1, N + 2, D): ask VisionTransformer for it by extra_tokens.
    New are
    dist_token: a weight (1, 1, D), the token in row 1, behind CLS and in front of the patches. It may start as
        cls_token does;
    head_dist: keras.layers.Dense(num_classes), which reads it.

    Args: as in VisionTransformer. There is no pool: it is always read from the two tokens.

    It has 2 D + D K + K weights more than a VisionTransformer of the same size.

    Source: lecture, "DeiT"; Touvron et al. 2021, section 4 and figure 2.
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
        **kwargs,
    ):
        ### BEGIN SOLUTION
        sizes = {"image_size": image_size, "patch_size": patch_size, "num_classes": num_classes, "dim": dim}
        sizes |= {"depth": depth, "num_heads": num_heads, "mlp_dim": mlp_dim, "dropout": dropout}
        super().__init__(**sizes, extra_tokens=2, **kwargs)
        start = keras.initializers.RandomNormal(stddev=0.02)
        self.dist_token = self.add_weight(shape=(1, 1, dim), initializer=start, name="dist_token")
        self.head_dist = keras.layers.Dense(num_classes)
        ### END SOLUTION

    def call(self, images, training=None):
        """Images (B, H, W, 3) -> two results in training, one after it.

        The tokens are [CLS, dist, patches row by row], plus pos_embed; then the blocks, then norm. head reads row 0,
        head_dist reads row 1.

        Returns:
            training=True: the tuple (cls_logits, dist_logits), each (B, K).
            training=False, or left out: the mean of these two LOGITS, not of probabilities, (B, K).
        """
        ### BEGIN SOLUTION
        patches = self.patch_embed(images)
        shape = (ops.shape(patches)[0], 1, patches.shape[-1])
        front = [ops.broadcast_to(token, shape) for token in (self.cls_token, self.dist_token)]
        tokens = ops.concatenate([*front, patches], axis=1) + self.pos_embed
        for block in self.blocks:
            tokens = block(tokens, training=training)
        tokens = self.norm(tokens)
        cls_logits, dist_logits = self.head(tokens[:, 0]), self.head_dist(tokens[:, 1])
        return (cls_logits, dist_logits) if training else (cls_logits + dist_logits) / 2
        ### END SOLUTION


def hard_distillation_loss(cls_logits, dist_logits, teacher_logits, labels):
    """DeiT's loss: half for the label, half for the class that the teacher would choose: a scalar, shape ().

    1/2 CE(cls_logits, label) + 1/2 CE(dist_logits, the teacher's likeliest class), each a mean over the batch. No
    temperature, no smoothing.

    Args:
        cls_logits, dist_logits: (B, K) each, what DistilledViT returns in training. Gradients run to both.
        teacher_logits: (B, K), no two of a row equal. No gradient runs to them.
        labels: ints (B,).

    Source: Touvron et al. 2021, equation 3, with a head for each of the two terms (section 4).
    """
    ### BEGIN SOLUTION
    chosen = ops.argmax(teacher_logits, axis=-1)
    by_label = keras.losses.sparse_categorical_crossentropy(labels, cls_logits, from_logits=True)
    by_teacher = keras.losses.sparse_categorical_crossentropy(chosen, dist_logits, from_logits=True)
    return ops.mean(by_label + by_teacher) / 2
    ### END SOLUTION


def train_distilled(data, teacher, seed):
    """Train a small VisionTransformer with a teacher beside it: -> (student, history).

    Args:
        data: ((x_train, y_train), (x_test, y_test)): images (n, H, W, 3), labels (n,) ints. Of the training labels only
            the first 200 are known. All others are 0, whatever is in the picture.
        teacher: a keras.Model, images -> logits.
        seed: an int for keras.utils.set_random_seed, so that the same seed gives the same student.

    Returns:
        student: a VisionTransformer of the size training.budget(dataset="few_digits").model, trained by training.fit
            through your Distiller, under this budget. You choose temperature and alpha.
        history: what training.fit returns.

    Source: Hinton, Vinyals and Dean 2015, section 3.
    """
    ### BEGIN SOLUTION
    keras.utils.set_random_seed(seed)
    recipe = training.budget(dataset="few_digits")
    student = VisionTransformer(**recipe.model)
    distiller = Distiller(student, teacher, temperature=4.0, alpha=1.0)
    return student, training.fit(distiller, data, recipe, seed=seed)
    ### END SOLUTION


def figure():
    """The numbers behind your plots, and two answers: -> dict of arrays and numbers.

    A teacher says (14, 12, 6) of a picture: dog, cat, car. A student says (0, 0, 0). Temperatures T: 1, 2, 4, 8.

    "soft" (4, 3): the teacher's soft targets p, a row for each T.
    "pull" (2, 4): how hard the soft term pulls at the student's first logit, for each T. The derivative of the KL is
        (q - p) / T, so it pulls by (p - q) / T without the factor T^2 (row 0), and with the factor by T^2 times that
        (row 1). q are the student's soft targets.
    "params" (3,): the numbers in DeiT-Ti, DeiT-S and DeiT-B with a distillation token: D = 192, 384, 768, K = 1000.
        Without it they have 5,717,416, 22,050,664 and 86,567,656.
    "answer_1": a number. "answer_2": five numbers, each 0 or 1. The questions stand in the text above.
    """
    ### BEGIN SOLUTION
    temperatures = np.array([1.0, 2.0, 4.0, 8.0], "float32")
    dog, blank = np.array([14, 12, 6], "float32"), np.zeros(3, "float32")
    p, q = (np.stack([ops.convert_to_numpy(soft_targets(z, t)) for t in temperatures]) for z in (dog, blank))
    without = (p - q)[:, 0] / temperatures
    widths, plain = np.array([192, 384, 768]), np.array([5_717_416, 22_050_664, 86_567_656])
    return {
        "soft": p,
        "pull": np.stack([without, temperatures**2 * without]),
        "params": plain + 2 * widths + 1000 * widths + 1000,
        "answer_1": 0.1 * np.log(10),
        "answer_2": np.array([1, 0, 1, 1, 0]),
    }
    ### END SOLUTION
