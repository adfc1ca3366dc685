# %% [markdown]
# # Lesson 4 · The encoder block and the Vision Transformer
#
# You have attention, heads, patches and positions. In this lesson they become a model: the encoder block of the
# lecture, box by box, and around it the Vision Transformer of the paper. Then you train it, on a processor if need be,
# and look at what it has found out about pictures that nobody told it.
#
# **When you are done, you can**
#
# - read the lecture's drawing of an encoder block, and write it down in two lines;
# - say what LayerNorm does to one vector, and what it never does to another;
# - explain why the ViT puts its norms in another place than the drawing, and show it with four short trainings;
# - build a Vision Transformer, count its weights, and find DeiT's 5M, 22M and 86M again;
# - train a model with warm-up and a cosine, after a test that takes ten seconds and saves hours;
# - look inside: what CLS looks at, and what a table of positions has learned.
#
# Plan three to four hours. You need attention and heads from lesson 2, and patches and positions from lesson 3.

# %% [markdown]
# ## How this notebook works
#
# - Write your code in place of `raise NotImplementedError()`, and run the `check(...)` below it as often as you like.
#   Where it says **Predict**, write down your guess before you run the cell. "Run all" works from the first minute.
# - From now on you **use** Keras's `MultiHeadAttention`. It is the twin of the one that you wrote in lesson 2.
# - Build your layers from `ops` and Keras's layers, and not with NumPy: while a model is trained, they get tensors that
#   have no numbers yet. The checks call them with numbers and would not notice.
# - Where an exercise builds on one that is still wrong, `check` is red for both. The grader tries the later one again
#   with a right version of the earlier one, so that a mistake costs you only once.
# - You train a model and hand in its weights, as two files in the folder `artifacts`. The grader measures them on
#   digits in colours of its own. It runs your own `VisionTransformer` for that, so leave this class as it is once you
#   have trained.
# - The check overwrites every weight with random numbers before it compares, by the names in the text. A fresh norm
#   multiplies by 1 and adds 0, and that would hide most mistakes.

# %% [markdown]
# | What | Points | Minutes |
# |---|---|---|
# | `LayerNorm` | 10 | 20 |
# | `FeedForward` | 8 | 10 |
# | `EncoderBlock` | 25 | 35 |
# | `VisionTransformer` | 20 | 40 |
# | `vit_param_count` | 7 | 20 |
# | `warmup_cosine` | 5 | 15 |
# | `train_vit`, a model that you train | 15 | 20 |
# | `figure`, with two answers | 5 | 25 |
# | `question_1`, a short text | 5 | 15 |
# | **Sum** | **100** | **200** |

# %%
import contextlib
import dataclasses
import io

import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import ops
from vitlab import check, check_trained, data, demo, plots, save_trained, submit, training

# %% [markdown]
# ## Conventions
#
# | Letter | Meaning |
# |---|---|
# | $B$ | images in a batch |
# | $N$ | patches of an image; $T$ tokens, which is $1 + N$ when CLS has joined |
# | $D$ or `dim` | width of a token |
# | $h$ | heads |
# | $P$ | side of a patch, in pixels |
# | $K$ | classes |
#
# Images are $(B, H, W, 3)$, float32 in $[0, 1]$. Tokens are $(B, T, D)$. In a mask, 1 means *may attend*. We count
# from 0.

# %% [markdown]
# ## 1 · The drawing
#
# The lecture builds its encoder block up over nine slides. Here is the whole of it, drawn by code, with the words of
# all of them. Read it from the bottom to the top.

# %%
INK, STEP = "#1f2430", 0.62
BOXES = [  # height, text, colour, the lecture's words
    (0.0, "x   x   x   x", "#ffffff", "Inputs: set of vectors x"),
    (1.0, "+ positional encoding", "#f0f0f0", "Add positional encoding"),
    (2.2, "multi-head self-attention", "#cfe3f5", "Attention attends over all the vectors"),
    (3.2, "+", "#ffffff", "Residual connection"),
    (4.1, "LayerNorm", "#fbe3cf", "LayerNorm over each vector individually"),
    (5.3, "MLP   MLP   MLP   MLP", "#d5eee3", "MLP over each vector individually"),
    (6.3, "+", "#ffffff", "Residual connection"),
    (7.2, "LayerNorm", "#fbe3cf", "LayerNorm over each vector individually"),
    (8.2, "y   y   y   y", "#ffffff", "Outputs: set of vectors y"),
]

ax = plt.subplots(figsize=(8.5, 6.4), layout="constrained")[1]
for i, (height, text, colour, words) in enumerate(BOXES):
    if i > 0:
        ax.annotate("", (0, height), (0, BOXES[i - 1][0] + STEP), arrowprops={"arrowstyle": "->", "color": INK})
    half = 0.3 if text == "+" else 1.5
    ax.add_patch(plt.Rectangle((-half, height), 2 * half, STEP, facecolor=colour, edgecolor=INK, zorder=2))
    ax.text(0, height + STEP / 2, text, ha="center", va="center", color=INK, zorder=3)
    ax.text(2.9, height + STEP / 2, words, va="center", color="#0072b2")
for start, end in ((1.9, 3.2), (5.0, 6.3)):
    line = [(0, start), (-2.0, start), (-2.0, end + STEP / 2), (-0.3, end + STEP / 2)]
    ax.plot(*zip(*line, strict=True), color="#d55e00", linewidth=2, zorder=1)
ax.add_patch(plt.Rectangle((-2.4, 1.75), 4.3, 6.2, fill=False, edgecolor="#8b93a3", linestyle="--"))
ax.text(-2.5, 4.8, "N times", ha="right", va="center", color=INK)
ax.set(xlim=(-4, 8.5), ylim=(-0.2, 9.0), title="The Transformer encoder block")
ax.axis("off")
plt.show()

# %% [markdown]
# Two things in it are new: **LayerNorm** and the **MLP**. Both work on each vector individually. And there are two
# **residual connections**, the orange lines: what goes into a box is added to what comes out of it.
#
# On the slide that sums it up stands a sentence that you will test: "Self-attention is the only interaction between
# vectors. Layer norm and MLP operate independently per vector."

# %% [markdown]
# ## 2 · One vector at a time: LayerNorm
#
# Numbers that run through many layers tend to grow or to shrink, and then the next layer sees something it was not
# made for. LayerNorm brings every vector back to the same size: take away its mean, and divide by the root of its
# variance. Then a learned $\gamma$ and a learned $\beta$, one number for each feature, may stretch and shift it
# again.
#
# $$\mathrm{LayerNorm}(x) = \frac{x - \mu}{\sqrt{\sigma^2 + \varepsilon}}\, \gamma + \beta,
# \qquad \mu = \frac{1}{D} \sum_i x_i, \qquad \sigma^2 = \frac{1}{D} \sum_i (x_i - \mu)^2$$
#
# By hand, for $x = (2, 4, 6, 8)$, with $\gamma = 1$, $\beta = 0$ and $\varepsilon$ so small that it does not matter:
#
# | | |
# |---|---|
# | mean | 5 |
# | without the mean | -3, -1, 1, 3 |
# | variance | (9 + 1 + 1 + 9) / 4 = 5 |
# | divided by $\sqrt 5 = 2.236$ | -1.342, -0.447, 0.447, 1.342 |

# %% [markdown]
# **Predict.** What does the same norm make of these three?
#
# - $(102, 104, 106, 108)$
# - $(20, 40, 60, 80)$
# - $(0.002, 0.004, 0.006, 0.008)$, once with $\varepsilon = 10^{-6}$ and once with $\varepsilon = 10^{-3}$, which is
#   what Keras takes if nobody says otherwise.

# %%
for numbers in ([102, 104, 106, 108], [20, 40, 60, 80], [0.002, 0.004, 0.006, 0.008]):
    for small in (1e-6, 1e-3):
        variance = np.var(numbers)
        normed = (np.array(numbers) - np.mean(numbers)) / np.sqrt(variance + small)
        print(f"{numbers!s:31s} variance {variance:8.2g}  epsilon {small:g}: {normed.round(3)}")

# %% [markdown]
# <details><summary>Answer</summary>
#
# The first two come out as before: a shift and a stretch of the whole vector are forgotten. The third is a stretch
# too, but now $\varepsilon$ has a say. Its variance is 0.000005. Against that, $10^{-6}$ is a fifth, and $10^{-3}$ is
# two hundred times as much, so that hardly anything of the vector is left. A wrong $\varepsilon$ goes unnoticed until
# the inputs are small.
#
# </details>

# %% [markdown]
# ### Exercise: `LayerNorm`
#
# *Difficulty 2 of 5 · importance 4 of 5 · about 20 minutes · 10 points*
#
# There are **three** places to fill in. `__init__` does not know yet how wide the vectors are. `build` does: Keras
# calls it before the first call, with the shape of $x$.
#
# <details><summary>Hint</summary>
#
# `self.add_weight` was how you made a table of positions in lesson 3. It takes `initializer="ones"`, too.
#
# The mean of a table $(B, T, D)$ over its last axis has the shape $(B, T)$, and that cannot be taken away from the
# table. Which option of `ops.mean` leaves an axis of length 1 in its place? Write the formula with it, and use the
# numbers by hand from above as your first test.
#
# </details>

# %% exercise="LayerNorm" points=10
from solutions.vit.reference import LayerNorm

# %% [markdown]
# Your norm on the vector from above, and on a picture's worth of tokens whose sizes differ a lot.

# %%
with demo():
    print("by your layer:", ops.convert_to_numpy(LayerNorm()(np.array([[2.0, 4.0, 6.0, 8.0]], "float32"))).round(3))

    keras.utils.set_random_seed(1)
    tokens = keras.random.normal((1, 6, 48)) * np.array([0.1, 0.5, 1, 2, 5, 20], "float32")[:, None] + 3.0
    normed = LayerNorm()(tokens)
    for name, x in (("before", tokens), ("after", normed)):
        table = ops.convert_to_numpy(x)[0]
        print(f"{name:6s} mean {table.mean(-1).round(2)}  spread {table.std(-1).round(2)}")

# %% [markdown]
# Some programs divide by $D - 1$ instead of $D$, as in statistics, where a variance is estimated from a sample. Here
# it is no sample: these $D$ numbers are all there are.

# %% [markdown]
# ## 3 · Two matrices and a bend: the MLP
#
# Attention averages values. Once the weights are chosen, an average of vectors is linear: nothing but multiples and
# sums. The MLP is where the block can bend: each vector, for itself, goes through a matrix into a wider space, through
# an activation that is not linear, and back.
#
# $$\mathrm{MLP}(x) = \mathrm{act}(x W_1 + b_1)\, W_2 + b_2$$
#
# The paper of the transformer took ReLU. The ViT takes **GELU**, a ReLU with a soft corner: $x$ times the share of a
# bell curve that lies below $x$.

# %% [markdown]
# **Predict.** Somebody forgets the activation. Is the layer then still more than a single matrix and a bias? And how
# many weights has the MLP in the paper of the transformer, with $D = 512$ and a hidden width of 2048, all biases
# included?

# %%
first, second = np.random.RandomState(0).normal(size=(3, 8)), np.random.RandomState(1).normal(size=(8, 3))
x = np.random.RandomState(2).normal(size=(5, 3))
print("two matrices or their product:", np.allclose(x @ first @ second, x @ (first @ second)))
print(f"weights: {512 * 2048 + 2048 + 2048 * 512 + 512:,}")

# %% [markdown]
# <details><summary>Answer</summary>
#
# Without an activation the two matrices are one matrix, of the size 3 by 3 in our example, and the eight hidden numbers
# were for nothing. (Biases change nothing about that: $b_1 W_2 + b_2$ is just another bias.) With it, the MLP has
# 2,099,712 weights. That is twice as many as the block's attention has (1,050,624, you counted them in lesson 2). Most
# of a transformer is MLP.
#
# </details>

# %% [markdown]
# ### Exercise: `FeedForward`
#
# *Difficulty 1 of 5 · importance 3 of 5 · about 10 minutes · 8 points*
#
# Two places to fill in: the parts in `__init__`, and their use in `call`.
#
# <details><summary>Hint</summary>
#
# `Dense` takes an activation by name. Which of the two gets it? One of the two widths is the hidden one, and the
# result has to be as wide as $x$ again, or no residual could be added to it.
#
# </details>

# %% exercise="FeedForward" points=8
from solutions.vit.reference import FeedForward

# %% [markdown]
# **Predict.** Six tokens. We change token 3 and nothing else, and look at what comes out of your two layers. Which
# tokens of the result change?

# %%
with demo():
    before = np.random.RandomState(0).normal(size=(1, 6, 12)).astype("float32")
    after = before.copy()
    after[0, 3] += np.arange(12) % 3
    for layer in (LayerNorm(), FeedForward(dim=12, hidden_dim=24)):
        moved = np.abs(ops.convert_to_numpy(layer(after) - layer(before)))[0].max(axis=-1)
        print(f"{type(layer).__name__:12s} changed: {np.flatnonzero(moved).tolist()}")

# %% [markdown]
# <details><summary>Answer</summary>
#
# Token 3, in both. That is what the lecture's "individually" means. A norm over the tokens, or over a whole image,
# would have carried the change to others. (`BatchNormalization`, which CNNs like, even carries it from one image of a
# batch to the next.)
#
# </details>

# %% [markdown]
# ## 4 · The block
#
# Now the boxes are there, and the drawing can be written down. From the bottom to the top:
#
# $$h = \mathrm{norm}_1(x + \mathrm{attn}(x)), \qquad y = \mathrm{norm}_2(h + \mathrm{mlp}(h))$$
#
# The norm comes *after* the plus, so this is called **post-norm**. The ViT of the paper, and most of what has been
# built since, has the same boxes in another order, **pre-norm**:
#
# $$h = x + \mathrm{attn}(\mathrm{norm}_1(x)), \qquad y = h + \mathrm{mlp}(\mathrm{norm}_2(h))$$
#
# | | post-norm, as drawn | pre-norm, the ViT |
# |---|---|---|
# | attention sees | $x$ | $x$, normed |
# | what runs along the residual line | is normed after each plus | is never normed |
# | the last thing in the block | a norm | a plus |
#
# It is easy to mix them up: there are well-known texts about the transformer that describe the one order, and whose
# code does the other.

# %% [markdown]
# **Predict.** Suppose that attention and the MLP both return 0, whatever comes in. What is left of each of the two
# blocks? Which of the two passes $x$ on unharmed, through any number of blocks?

# %% [markdown]
# <details><summary>Answer</summary>
#
# Pre-norm: $h = x$ and $y = x$. Every token runs straight through, and so does the gradient on its way back: the
# residual line is a road without a toll. Post-norm: $y$ is $x$ normed, and normed again. There is a norm on the road
# in every block, twice. In section 7 you will see what that means for training.
#
# </details>

# %% [markdown]
# ### Exercise: `EncoderBlock`
#
# *Difficulty 3 of 5 · importance 5 of 5 · about 35 minutes · 25 points: 15 for the drawing, 10 for the ViT's order*
#
# One class does both, by its argument `norm_first`. Attention is `keras.layers.MultiHeadAttention`. Look it up: its
# call takes query *and* value, and there are two arguments that you need, one for the mask and one that makes it
# return its weights.
#
# Again two places. If `LayerNorm` or `FeedForward` still fails its check, write this exercise all the same. You may
# also take Keras's `LayerNormalization(epsilon=...)` from here on, and look whether its epsilon is yours.
#
# Dropout inside of attention may fall on its weights or on its result, or be left out. What it never touches is the
# orange line: $x$ and $h$ as they run past a box, and the sum behind it.
#
# (If you call your block with a `mask` in a cell of your own, Keras warns that it "does not support masking". By that
# it means masks that travel from layer to layer on their own. Yours is handed over, so go on calmly.)
#
# <details><summary>Hint</summary>
#
# Write the two lines of the drawing first, with names in place of the boxes, and get its cases right. Then the other
# two lines. What do the two orders have in common? The mask, the dropout and the weights are the same in both.
#
# In the ViT's order, who asks, and who is read? Keras's layer fills three roles from two arguments. Compare with the
# formula.
#
# `key_dim` is the width of one head.
#
# </details>

# %% exercise="EncoderBlock" points=25
from solutions.vit.reference import EncoderBlock

# %% [markdown]
# Back to the slide's sentence. Token 3 changes again, and this time we look at the whole block: as it is, and with a
# mask by which every token may only look at itself.

# %%
with demo():
    block = EncoderBlock(dim=12, num_heads=3, mlp_dim=24, norm_first=False)
    for name, mask in (("everyone looks at all", None), ("everyone looks at itself", np.eye(6, dtype="bool"))):
        moved = np.abs(ops.convert_to_numpy(block(after, mask=mask) - block(before, mask=mask)))[0].max(axis=-1)
        print(f"{name:26s} changed: {np.flatnonzero(moved).tolist()}")

# %% [markdown]
# All six change, and it is attention alone that carries the news: as soon as nobody looks at anybody else, the change
# stays where it was. "Self-attention is the only interaction between vectors", as the slide has it.

# %% [markdown]
# ## 5 · The Vision Transformer
#
# The encoder turns tokens into tokens. We want one of ten labels. So somebody has to collect what the tokens have
# found out. The ViT adds a token of its own for it, called **CLS**, for class. It is a learned vector, the same for
# every image, and it stands in front of the patches. It asks, block by block, and is asked. At the end, its row alone
# goes to the head. The other way is to average the rows of all patches. Our class can do both.
#
# | Step | Shape |
# |---|---|
# | images | $(B, H, W, 3)$ |
# | patches become tokens, row by row: a convolution with stride $P$ | $(B, H/P, W/P, D)$, then $(B, N, D)$ |
# | CLS in front | $(B, 1 + N, D)$ |
# | plus the table of positions, $(1, 1 + N, D)$ | $(B, 1 + N, D)$ |
# | dropout, then `depth` blocks with the norm first | $(B, 1 + N, D)$ |
# | a last norm: pre-norm blocks end with a plus | $(B, 1 + N, D)$ |
# | row 0, or the mean of rows 1 to $N$ | $(B, D)$ |
# | the head | $(B, K)$ |

# %% [markdown]
# **Predict.** For images of 32 by 32 pixels and $P = 8$: how many tokens enter the first block? How many rows has the
# table of positions? What would go wrong if you added the positions first and CLS afterwards?

# %%
side = 32 // 8
print(f"patches: {side * side}, tokens: {1 + side * side}, rows of the table: {1 + side * side}")

# %% [markdown]
# <details><summary>Answer</summary>
#
# 16 patches, and 17 tokens and rows. Row 0 is the position of CLS. If the positions came first, the table would need
# 16 rows, and CLS would have none. The model would train all the same. It is one of the mistakes that accuracy never
# shows.
#
# </details>

# %% [markdown]
# ### Exercise: `VisionTransformer`
#
# *Difficulty 4 of 5 · importance 5 of 5 · about 40 minutes · 20 points*
#
# There are **three** places: the parts, the way from images to logits, and a look inside, `forward_features`, which
# returns what every block has seen and said. Do not write the way twice: which of the two methods can use the other?
#
# For CLS and the positions, the first numbers are yours to choose: small random ones, with a spread of 0.02 as in the
# ViT's own code for the positions, do well. The last norm may be Keras's with the same epsilon.
#
# <details><summary>Hint</summary>
#
# `cls_token` is one vector, and there are $B$ images. Which function of `ops` stretches an array along an axis of
# length 1? The number of images is `ops.shape(images)[0]`; while a model is being trained, or built from `keras.Input`,
# `images.shape[0]` is None.
#
# A list of layers is fine as an attribute. `depth` blocks are `depth` different
# layers: what does `[EncoderBlock(...)] * depth` make?
#
# Follow the table from the top to the bottom, one line of code for each of its lines.
#
# </details>

# %% exercise="VisionTransformer" points=20
from solutions.vit.reference import VisionTransformer

# %% [markdown]
# The pictures of this lesson: handwritten digits that come with `vitlab`, enlarged and in random colours. With
# `"cifar10"` you get photographs, after a download of 170 MB, and the recipe that goes with them: a larger model, and
# some minutes more. What you hand in is a model for the digits, so nothing is saved with photographs, and the numbers
# in the texts below are those of the digits. Set it back before you hand in.

# %%
PICTURES = "colour_digits"  # or "cifar10"

(x_train, y_train), (x_test, y_test) = ((data.as_floats(x), y) for x, y in data.load(PICTURES))
budget, words = training.budget(dataset=PICTURES), data.class_names(PICTURES)
print("to train on:", x_train.shape, " to test:", x_test.shape)
plots.pictures(x_train[:10], [words[label] for label in y_train[:10]], title="The first ten")
plt.show()


def is_right(model, images, labels):
    """For each image, whether the model's largest logit is the right one: (n,) of True and False."""
    batches = [ops.convert_to_numpy(model(images[i : i + 256])) for i in range(0, len(images), 256)]
    return np.concatenate(batches).argmax(axis=-1) == labels


# %% [markdown]
# Your model, fresh and untrained, and what it makes of them. (A fresh model knows nothing, so it is right in one of
# ten cases.)

# %%
with demo():
    keras.utils.set_random_seed(4)
    fresh = VisionTransformer(**budget.model)
    logits = ops.convert_to_numpy(fresh(x_test[:2]))
    features, attentions = fresh.forward_features(x_test[:2])
    print("logits", logits.shape, " those of the first image sum to", logits[0].sum().round(3))
    print(f"right: {is_right(fresh, x_test, y_test).mean():.1%}")
    print("blocks", len(features), " features", features[0].shape, " attention", attentions[0].shape)
    print(f"weights {fresh.count_params():,}")

# %% [markdown]
# ### Logits, not probabilities
#
# The head returns **logits**: any numbers, positive and negative, and the largest wins. The loss turns them into
# probabilities by a softmax of its own, if you tell it so: `from_logits=True`.
#
# **Predict.** A friend ends her model with a softmax, and leaves `from_logits=True` in the loss. Then the softmax is
# done twice. Suppose that her model is perfect and fully sure: it says 1 for the right class and 0 for the nine
# others. What should the loss be, and what does it come to? How would you notice, without looking at the code?

# %%
sure = np.eye(10, dtype="float32")[[3]]
loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
print("loss of a perfect and sure model:", round(float(loss(np.array([3]), sure)), 3))

# %% [markdown]
# <details><summary>Answer</summary>
#
# It should be 0, and it is 1.461: $-\log\left(e / (e + 9)\right)$. Her loss can never fall below that, and her
# accuracy is fine, only slower to come. You would notice because "logits" that sum to 1 are none, and because the loss
# stops at 1.46. Look at your own above: what do they sum to?
#
# </details>

# %% [markdown]
# ## 6 · Where are all the weights?
#
# The lecture's table of DeiT gives three sizes of the same model. All read images of 224 by 224 pixels with $P = 16$,
# know 1000 classes, and have 12 blocks; the MLP is four times as wide inside as a token.
#
# | | $D$ | weights | images a second | top-1 on ImageNet |
# |---|---|---|---|---|
# | DeiT-Ti | 192 | 5M | 2536.5 | 72.2 % |
# | DeiT-S | 384 | 22M | 940.4 | 79.8 % |
# | DeiT-B | 768 | 86M | 292.3 | 81.8 % |

# %% [markdown]
# **Predict.** $D$ doubles from line to line. By which factor do the weights grow, and why is it that one? Where are
# most of them: in the patches, the positions, attention, the MLPs or the head?

# %% [markdown]
# ### Exercise: `vit_param_count`
#
# *Difficulty 3 of 5 · importance 3 of 5 · about 20 minutes · 7 points*
#
# Count on paper first, part by part: the list in the text of `VisionTransformer` is complete. The numbers are exact,
# so a single forgotten bias shows.
#
# <details><summary>Hint</summary>
#
# Make a table: one line for each weight, with its shape. A kernel $(a, b)$ has $a \cdot b$ numbers and comes with $b$
# biases. How many lines does one block take? Your own model can count, too: `count_params()` of a small one is a good
# test. So is `layer.weights`, which lists them one by one. (A function that builds layers and lets them count passes as
# well. But arithmetic is quicker than a model of 86 million weights, and only the arithmetic explains the next answer.)
#
# </details>

# %% exercise="vit_param_count" points=7
from solutions.vit.reference import vit_param_count

# %% [markdown]
# The lecture's table, and your own model, counted twice.

# %%
with demo():
    for name, width in (("DeiT-Ti", 192), ("DeiT-S", 384), ("DeiT-B", 768)):
        plain, distilled = (vit_param_count(224, 16, 1000, width, 12, 4 * width, extra_tokens=n) for n in (1, 2))
        print(f"{name:8s} {plain:11,d}   with a distillation token {distilled:11,d}")

    kept = ("image_size", "patch_size", "num_classes", "dim", "depth", "mlp_dim")
    counted = vit_param_count(**{name: budget.model[name] for name in kept})
    print(f"your model: {counted:,} counted, {fresh.count_params():,} there")

# %% [markdown]
# <details><summary>Answer to the prediction</summary>
#
# Nearly by four: the matrices in the blocks are $D$ by $D$ or $D$ by $4D$, and those are most of it. A block has
# $4D^2$ numbers in attention and $8D^2$ in the MLP, apart from biases and norms. For DeiT-B, the 12 MLPs hold 57 of 87
# million, attention 28, and all the rest 1.5. (The table says 86M where exact counting gives 86.6, and 6M where it
# gives 5.9: it is rounded, and not always by the same rule.)
#
# </details>

# %% [markdown]
# ## 7 · Slowly at first: warm-up
#
# How large a step should training take? At the beginning the weights are noise, and so are the first gradients. Adam
# divides them by a running estimate of their size, which is based on a handful of steps and is noise as well. So one
# starts with tiny steps, lets the learning rate grow in a straight line for a while, and then takes it down, because
# near the goal small steps are better again. The usual way down is half a wave of a cosine:
#
# $$\mathrm{rate}(s) = \mathrm{base} \cdot \begin{cases} s / w & s < w \\[2pt]
# \left(1 + \cos\left(\pi\, \frac{s - w}{S - w}\right)\right) / 2 & w \le s \le S \end{cases}$$
#
# with $w$ steps of warm-up and $S$ steps in all. After $S$ it stays 0.

# %% [markdown]
# **Predict.** With base 1, $w = 200$ and $S = 1000$: what is the rate at the steps 0, 100, 200, 600 and 1000? Where is
# the rate halfway down: earlier than on a straight line, later, or in the same place?

# %% [markdown]
# ### Exercise: `warmup_cosine`
#
# *Difficulty 2 of 5 · importance 3 of 5 · about 15 minutes · 5 points*
#
# The step may be a plain number, or a whole tensor of steps. A Python `if` cannot choose for each entry of a tensor.
# Compute with `ops`: a schedule works inside of training, where steps have no numbers yet that NumPy could use. (For a
# plain number, a tensor of shape () is as good as a float. An array of NumPy counts as a tensor here.)
#
# <details><summary>Hint</summary>
#
# Compute both formulas for all steps, and let one function of `ops` choose between them, entry by entry. Then go
# through the corners: what happens in the first formula when `warmup_steps` is 0, even where it is not chosen? And
# what does a cosine do beyond half a wave, if nothing stops it? Whole numbers may have to become floats first.
#
# </details>

# %% exercise="warmup_cosine" points=5
from solutions.vit.reference import warmup_cosine

# %%
with demo():
    for step in (0, 100, 200, 600, 1000, 1200):
        print(f"step {step:5d}: {float(warmup_cosine(step, 1.0, 200, 1000)):.4f}")

# %% [markdown]
# <details><summary>Answer to the prediction</summary>
#
# 0, then 0.5, 1, 0.5 and 0. Halfway down is at step 600, exactly in the middle, as on a straight line. The cosine
# stays up longer at first and lingers longer near 0; the middle is the same.
#
# </details>

# %% [markdown]
# ### Post-norm, pre-norm, with warm-up and without
#
# Four short trainings of one small model with six of your blocks, on grey digits of 8 by 8 pixels. The learning rate is
# high for a model that is so deep and so narrow. All four start from the same seed and see the same images in the same
# order. Only two things differ: where the norm stands, and whether there is a warm-up.
#
# **Predict.** Guessing gives a loss of $\log 10 = 2.30$. Which of the four will get stuck there, and which does not
# care about warm-up? Think of what runs along the residual line in each of the two.

# %% given="deep_encoder"
from solutions.vit.reference import deep_encoder

# %%
with demo():
    (digits, digit_labels), _ = data.load("digits")
    chosen = np.random.RandomState(0).randint(0, len(digits), 120 * 64)
    digits, digit_labels = data.as_floats(digits[chosen]), digit_labels[chosen]

    losses = {}
    for order, norm_first in (("post-norm", False), ("pre-norm", True)):
        keras.utils.set_random_seed(0)
        deep = deep_encoder(norm_first)
        deep.compile(keras.optimizers.Adam(), loss, jit_compile=False)
        deep.optimizer.build(deep.trainable_variables)
        state = deep.variables + deep.optimizer.variables
        fresh = [ops.convert_to_numpy(variable) for variable in state]
        for name, warmup_steps in (("warm-up", 30), ("no warm-up", 0)):
            for variable, value in zip(state, fresh, strict=True):
                variable.assign(value)  # both begin with the same weights
            rates = ops.convert_to_numpy(warmup_cosine(ops.arange(120), 0.001, warmup_steps, 120))
            sums = [0.0]
            note = keras.callbacks.LambdaCallback(
                on_train_batch_begin=lambda step, logs, rates=rates, adam=deep.optimizer: adam.learning_rate.assign(
                    rates[step]
                ),
                on_train_batch_end=lambda step, logs, sums=sums: sums.append(logs["loss"] * (step + 1)),
            )
            deep.fit(digits, digit_labels, batch_size=64, shuffle=False, verbose=0, callbacks=[note])
            losses[f"{order}, {name}"] = np.diff(sums).reshape(12, 10).mean(axis=1)
            print(f"{order}, {name:10s}: loss {losses[f'{order}, {name}'][-1]:.2f}")

    plots.curves(range(10, 121, 10), losses, "step", "loss, mean of ten steps", title="Where is the norm?")
    plt.show()

# %% [markdown]
# <details><summary>Answer</summary>
#
# Post-norm without warm-up hardly leaves 2.3. With warm-up it learns, sometimes better than the others in the end.
# Pre-norm learns either way. That is why the transformer of 2017, which is post-norm, came with a warm-up as part of
# the recipe, and why later ones moved the norm. (Xiong et al. 2020 show where it comes from: in a fresh post-norm
# model, the gradients near the output are large.) One run for each is a demonstration, not a proof. Change the seed
# and see what stays.
#
# </details>

# %% [markdown]
# ## 8 · Train it
#
# ### First: can it learn 64 images by heart?
#
# Before you train for minutes, or for days, give the model a handful of images, and train until it knows them all. If
# it cannot even do that, something is broken, and no amount of data will mend it. It takes a few seconds. If it
# works, that does not show that the model is right: wrong ones can learn by heart, too.
#
# **Predict.** How many steps will it take until all 64 labels are right: 10, 100, or 1000?

# %%
with demo():
    few, few_labels = x_train[:64], y_train[:64]
    keras.utils.set_random_seed(5)
    by_heart = VisionTransformer(**budget.model)
    by_heart.compile(keras.optimizers.Adam(0.002), loss, metrics=["accuracy"])
    accuracies = by_heart.fit(few, few_labels, batch_size=64, epochs=200, verbose=0).history["accuracy"]
    known = is_right(by_heart, few, few_labels).sum()
    print(f"{known} of 64 right after {len(accuracies)} steps")
    if 1.0 in accuracies:
        print(f"all of them for the first time in step {accuracies.index(1.0) + 1}")
    print(f"on images that it has not seen: {is_right(by_heart, x_test, y_test).mean():.1%} right")

# %% [markdown]
# <details><summary>Answer</summary>
#
# A good hundred: 64 labels are little to remember for 48,634 weights. On other images the same model is not much better
# than a guess. Learning by heart is not learning; it is a test of the machinery.
#
# </details>

# %% [markdown]
# ### Then: the whole set
#
# How long and how large is laid down in a **budget**: the size of the model, the number of epochs, the learning rate
# and so on. There is one for a processor with two cores and one for a GPU, and `training.budget` picks the one that
# suits your machine and your pictures. `training.fit` does the rest: AdamW, the schedule that you have just written (in
# Keras's own version), and no weight's gradient longer than 1. It prints one line for each epoch. What it takes:
#
# `training.fit(model, data, budget, seed=0, resume=None)` returns Keras's history; `help(training.fit)` says more.

# %%
for name, value in dataclasses.asdict(budget).items():
    print(f"{name:13s} {value}")

# %% [markdown]
# ### Exercise: `train_vit`
#
# *Difficulty 1 of 5 · importance 4 of 5 · about 20 minutes, with the training · 15 points*
#
# Four lines are enough: the seed, the budget, the model, the fit. Hand your seed to `fit`, too, for the order of the
# images. (Inside this function `data` is the argument, and not the module of that name.) The lines are easy; the points
# are for what the model has learned.
#
# The grader looks at your class and at the two files that the cell below saves, not at this function: it measures your
# weights on the test digits, in colours of its own. Five trainings of our own model with the budget for a processor
# gave 95 % on average; full marks begin at 79 %, and from 31 %, which a model without positions reaches, up to there
# they grow evenly.
#
# Another recipe is fine, then: more epochs, another rate. So is another model, within limits (`dim` up to 256, `depth`
# up to 8, `num_heads` up to 16, `mlp_dim` up to 1024, `patch_size` from 4, `dropout` up to 0.9, either `pool`): then
# change the arguments that are saved with it in the cell below, too. `training.fit(..., resume="checkpoints")` goes on
# where it was cut off, which is worth having on Colab.
#
# <details><summary>Hint</summary>
#
# `training.budget(dataset=data)` looks at the data themselves and finds their budget. `VisionTransformer(**sizes)`
# passes a dict of arguments on by their names. Which part of the budget is that dict? The seed comes before the model,
# since a model draws its first weights when it is made.
#
# </details>

# %% trained="train_vit"
from solutions.vit.reference import train_vit

# %% [markdown]
# Train, look, and save. The last saved files count.

# %%
with demo():
    model, history = train_vit(((x_train, y_train), (x_test, y_test)), seed=1)
    print(f"right on test pictures: {is_right(model, x_test, y_test).mean():.1%}")
    if PICTURES == "colour_digits":  # what is handed in
        save_trained("train_vit", model, budget.model)

# %% [markdown]
# The grader sees only the two files and your class. Do what it does, and you know what it will find:

# %%
with demo():
    if PICTURES == "colour_digits":
        rebuilt = VisionTransformer(**budget.model)
        rebuilt(x_test[:1])
        rebuilt.load_weights("artifacts/train_vit.weights.h5")
        print(f"rebuilt from the files: {is_right(rebuilt, x_test, y_test).mean():.1%} right")

# %% check_trained="train_vit" points=15
check_trained("train_vit")

# %% [markdown]
# ## 9 · Look at it
#
# ### The curves
#
# **Predict.** Two curves of your training: one on the pictures that it trains on (each shifted a little at random, by
# `crop`), one on test pictures. Will there be a gap between them in the end? And when does the model learn most: in the
# first epochs, or later?

# %%
with demo():
    found = history.history
    epochs = range(1, len(found["loss"]) + 1)
    _, (left, right) = plt.subplots(1, 2, figsize=(12, 4), layout="constrained")
    plots.curves(epochs, {"train": found["loss"], "test": found["val_loss"]}, "epoch", "loss", ax=left, title="Loss")
    both = {"train": found["accuracy"], "test": found["val_accuracy"]}
    plots.curves(epochs, both, "epoch", "accuracy", ax=right, title="Accuracy")
    plt.show()
    last, unseen = found["accuracy"][-1], found["val_accuracy"][-1]
    print(f"in the end: {last:.1%} on training pictures, {unseen:.1%} on test pictures")

# %% [markdown]
# <details><summary>Answer</summary>
#
# Hardly any gap: thousands of pictures that never look the same twice cannot be learnt by heart by so small a model.
# And for some epochs nothing seems to happen. The colours say nothing about the class, and until the model has found
# out that ink against paper is what counts, it can only guess. Then it goes fast. Whoever stops a training after three
# epochs because "it does not learn" never sees that.
#
# </details>
#
# ### Few pictures
#
# "Need more data", says the lecture of the ViT. What if there is less? The same model and the same recipe, but 400
# pictures in place of 5,748, not shifted, and for about half as many steps.
#
# **Predict.** What becomes of the two curves?

# %%
with demo():
    starved_budget = dataclasses.replace(budget, images=400, epochs=7 * budget.epochs, crop=0)
    keras.utils.set_random_seed(1)
    starved = VisionTransformer(**budget.model)
    with contextlib.redirect_stdout(io.StringIO()):  # there would be 200 lines
        short = training.fit(starved, ((x_train, y_train), (x_test, y_test)), starved_budget, seed=1).history
    both = {"train": short["accuracy"][9::10], "test": short["val_accuracy"][9::10]}
    plots.curves(range(10, starved_budget.epochs + 1, 10), both, "epoch", "accuracy", title="400 pictures")
    plt.show()
    last, unseen = short["accuracy"][-1], short["val_accuracy"][-1]
    print(f"in the end: {last:.1%} on training pictures, {unseen:.1%} on test pictures")

# %% [markdown]
# ### What does CLS look at?
#
# The attention of the last block has a row for CLS: how much of each patch goes into it. Below are four test pictures;
# in the second line each patch is as bright as CLS's attention to it, averaged over the heads.
#
# **Predict.** Will it look at the digit or at the paper? At all of the digit, or at certain places?

# %%
with demo():
    shown = x_test[[int(np.argmax(y_test == label)) for label in (0, 3, 4, 7)]]
    _, attentions = model.forward_features(shown)
    looks = ops.convert_to_numpy(attentions[-1])[:, :, 0, 1:].mean(axis=1)
    side = int(np.sqrt(looks.shape[1]))
    maps = (looks / looks.max(axis=1, keepdims=True)).reshape(-1, side, side)
    bright = np.kron(maps, np.ones((32 // side, 32 // side)))[..., None]
    names = [f"CLS on itself {own:.0%}" for own in ops.convert_to_numpy(attentions[-1])[:, :, 0, 0].mean(axis=1)]
    plots.pictures(np.concatenate([shown, shown * bright]), [""] * 4 + names, columns=4, title="Where CLS looks")
    plt.show()

# %% [markdown]
# <details><summary>What to look for</summary>
#
# In our runs: at a few patches, and others for each digit. Some hold ink where a stroke begins or bends; some hold
# nothing but paper, and that is news too (a 3 has no ink where an 8 has some). Where CLS mostly looks at itself, it may
# have seen enough in the block before. Take such pictures as a question, not as a proof: this is one block out of two,
# an average over heads that differ, and one run.
#
# </details>
#
# ### What has the table of positions learned?
#
# Each row of the table stands for one patch. Nobody has told the model where the patches lie. For each patch, the plot
# shows how similar its row is to all others (the cosine of the angle between them): a grid of grids, laid out as the
# patches lie in the picture.
#
# **Predict.** In a fresh table that is filled at random, similarities lie around 0. Which rows will have become alike:
# those of patches that lie side by side, or others?

# %%
with demo():
    table = ops.convert_to_numpy(model.pos_embed)[0, 1:]
    table = table / np.linalg.norm(table, axis=-1, keepdims=True)
    side, similar = int(np.sqrt(len(table))), table @ table.T
    maps = np.pad(similar.reshape([side] * 4), [(0, 0), (0, 0), (0, 1), (0, 1)], constant_values=np.nan)
    grid = maps.transpose(0, 2, 1, 3).reshape(side * (side + 1), -1)[:-1, :-1]
    ax = plt.subplots(figsize=(6, 5), layout="constrained")[1]
    plots.heat_map(grid, numbers=False, limits=(-1, 1), signed=True, title="Each patch's row against all rows", ax=ax)
    ax.set(xticks=[], yticks=[])
    plt.show()

    corners = [0, side - 1, side * (side - 1), side * side - 1]
    pairs = {
        "side by side": [similar[n, n + 1] for n in range(side * side - 1) if (n + 1) % side],
        "two corners": [similar[a, b] for a in corners for b in corners if a < b],
        "any two": similar[np.triu_indices(side * side, 1)],
    }
    print("similarity on average:", ", ".join(f"{name} {np.mean(found):.2f}" for name, found in pairs.items()))

# %% [markdown]
# <details><summary>What to look for</summary>
#
# Look at the corners. They lie as far apart as can be, and in our runs they became alike: there is hardly ever any ink,
# so the model has no reason to tell these places apart. Patches in the middle kept rows of their own, and neighbours
# are no more alike than any other two. The table learns what is *useful* for the task, not geometry. In figure 7 of the
# ViT paper, neighbours do come out alike: there are 14 by 14 patches of photographs, what lies side by side mostly
# shows the same thing, and there were many millions of pictures to find that out. (And a CNN? Which of this would it
# have to find out?)
#
# </details>

# %% [markdown]
# ## 10 · Two questions on paper
#
# You enter the answers in `figure()` below. The check says only that they have arrived; the grader judges them.
#
# **`answer_1`.** "Made up of N encoder blocks", says the lecture. "In Vaswani et al. N = 6, D_q = 512." So six of
# your blocks with $D = 512$, and 2048 as the hidden width of the MLP. How many numbers are trained in them? All kernels
# and biases, all gammas and betas of the blocks; nothing before them and nothing behind. Give the exact number.
#
# **`answer_2`.** Five statements about single blocks whose gammas are all 1 and whose betas are all 0; the other
# weights are arbitrary. There is no mask and no dropout, and rounding does not count. For each, write 1 if it holds for
# every input, and 0 if not: a list of five numbers.
#
# 1. Every output vector of a post-norm block has the mean 0.
# 2. Every output vector of a pre-norm block has the mean 0.
# 3. If attention and MLP return 0, a pre-norm block returns its input.
# 4. If attention and MLP return 0, a post-norm block returns its input.
# 5. If the tokens of the input are shuffled, the outputs of both blocks are shuffled along.

# %% [markdown]
# ## 11 · The figure
#
# ### Exercise: `figure`
#
# *Difficulty 2 of 5 · importance 3 of 5 · about 25 minutes, with the questions · 5 points*
#
# `reach` is the experiment of sections 3 and 4 once more, in numbers: with 7 tokens, and all three layers. Change the
# twelve numbers of token 3 by different amounts: section 2 has shown what a norm makes of a plain shift.
#
# <details><summary>Hint</summary>
#
# `params` are three calls, and `rates` is one, if you hand over all 21 steps at once. For `reach`: compare the outputs
# before and after the change, token by token. How do you count those whose largest difference is not 0?
#
# </details>

# %% exercise="figure" points=5
from solutions.vit.reference import figure

# %% [markdown]
# Your figure: what the lecture's three models cost and what they bring, the learning rate, and how far a change
# reaches.

# %%
with demo():
    numbers = figure()
    _, (left, middle, right) = plt.subplots(1, 3, figsize=(14, 4), layout="constrained")
    millions = ops.convert_to_numpy(numbers["params"]) / 1e6
    plots.curves(
        millions.round(1), {"DeiT-Ti, S and B": [72.2, 79.8, 81.8]}, "millions of weights", "top-1 on ImageNet (%)",
        log_x=True, title="What do weights buy?", ax=left,
    )  # fmt: skip
    rates = {"warm-up and cosine": numbers["rates"]}
    plots.curves(range(0, 1001, 50), rates, "step", "learning rate", title="Up, and down again", ax=middle)
    reach = ops.convert_to_numpy(numbers["reach"])
    right.bar(["LayerNorm", "FeedForward", "EncoderBlock"], reach, color=plots.COLOURS[:3])
    right.bar_label(right.containers[0])
    right.set(ylabel="tokens that change", ylim=(0, 8))
    plots.dress(right, "One of 7 tokens is changed", frame=plots.INK)
    plt.show()

# %% [markdown]
# **What to look for**
#
# - From Ti to S the weights grow by a factor of 4, and from S to B again. What do they buy each time?
# - The tokens here stand in a row. A convolution over a row with a kernel of 3 in place of the block: how high would
#   its bar be? (Its neighbours and itself, so 3. How many layers until token 3 has reached all 7?)

# %% [markdown]
# ## 12 · In your own words
#
# **Question 1** (5 points, about 150 words, read by a person)
#
# "ViT: need more data", says the lecture's table, where it stands next to "CNN: need less data". You have trained one
# small ViT twice, on 5,748 pictures and on 400. What do your curves say about that sentence, and why is it so?
#
# The grader looks for three things:
#
# - You read the last accuracies on training and on test pictures from both plots, and say what the two gaps mean.
# - You name one thing that a CNN has built in and your model had to learn, and say what the plot of the positions, or
#   the pictures of CLS, show of it.
# - There are still only 400 pictures. You propose one change to the training that should make the gap smaller, and say
#   why. (The budget has knobs for it; so has the lecture.)
#
# Full sentences, please. Write your text into the next cell, in place of the words that stand there.

# %% [markdown] question="question_1" points=5
# YOUR ANSWER HERE

# %% [markdown]
# ## What you have built
#
# A Vision Transformer, whole: the model of the paper, small enough for your machine.
#
# 1. LayerNorm and the MLP work on each vector by itself. Attention is the only place where tokens meet.
# 2. The drawing has its norms behind the plus, the ViT in front of the boxes. The second needs no warm-up to get
#    going.
# 3. CLS is one more token. It asks the patches, block by block, and its row becomes the answer.
# 4. With an MLP of $4D$, a block has about $12 D^2$ weights, two thirds of them in the MLP. Twice as wide is four times
#    as many.
# 5. First learn 64 images by heart, then train. And accuracy alone never shows that a model is right.
#
# **What comes next.** In lesson 5 the encoder gets a partner: a decoder that looks at pictures and writes captions.
#
# **Further reading**
#
# - Dosovitskiy et al. 2021, "An Image is Worth 16x16 Words", section 3.1, and figure 7 for attention and positions.
# - Xiong et al. 2020, "On Layer Normalization in the Transformer Architecture", on where the norm belongs.
# - Touvron et al. 2021, "Training data-efficient image transformers", for the table that you counted.
# - Ba et al. 2016, "Layer Normalization". Hendrycks and Gimpel 2016, "Gaussian Error Linear Units".

# %% [markdown]
# ## Handing in
#
# 1. Choose "Restart and run all" once, and look through the checks. It trains again and saves again, and the last saved
#    files count.
# 2. Save the notebook.
# 3. Run the cell below. `submit()` puts three files into one zip: the notebook, the weights of your model, and the
#    arguments that rebuild it. It says what it has found and what is missing. In Colab your browser downloads the zip;
#    elsewhere it lies beside the notebook.
# 4. Hand in this one zip, in the way your course tells you.
#
# (By hand it is the same: `04_vit.ipynb`, and the folder `artifacts` with its two files.)

# %%
submit()
